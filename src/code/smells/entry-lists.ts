import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { placesOfMember, referencesTo, withOwner } from '../program/references';
import { isTestFile } from '../program/test-files';
import { type CollectionType, creationOf } from './collection-creation';
import { type CollectionDeclaration, isLateCreation } from './collection-declarations';
import { type CollectionUse, useOf } from './collection-uses';
import type { FollowedUses } from './follow-uses';
import { answerOf } from './handlers';
import { isBeside } from './inner-collections';
import { bare, isDefault, withParentheses } from './member-chains';
import { typedMember } from './object-members';
import { isReturned } from './places-of-names';

/** A list that each entry of a table has: `visits` of `table.set(id, { name, visits: [] })`. */
export interface EntryList {
  readonly property: ts.PropertyAssignment;
  readonly name: ts.Identifier;
  /** What the entries are put into, as it is written there: `table`, `this.table`. */
  readonly table: ts.Expression;
  /** `table.get(key) ?? { visits: [] }`: the function that makes an entry also goes on with those that were there. */
  readonly isLate: boolean;
}

/** All lists that the entries of tables begin with, empty. */
export function entryLists(file: ParsedFile): EntryList[] {
  const found: EntryList[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && isEmpty(file, node.initializer)) {
      const table = tableOf(file, node.parent);
      if (table)
        found.push({ property: node, name: node.name, table, isLate: isMadeWhereMissing(node.parent) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file.source);
  return found;
}

function isEmpty(file: ParsedFile, initializer: ts.Expression): boolean {
  const created = creationOf(file, initializer);
  // A list may begin with something.
  return created !== null && (!created.isSeeded || created.type === 'array');
}

/**
 * `table` of `table.set(key, entry)`, `table[key] = entry`, `table[key] ??= entry`, also where the entry has a name first, or a
 * function of the file makes it.
 */
function tableOf(file: ParsedFile, entry: ts.Expression, isMade = false): ts.Expression | null {
  let value = withParentheses(entry);
  // `table.get(key) || { visits: [] }`
  while (isDefault(value.parent) && value.parent.right === value) value = withParentheses(value.parent);
  const { parent } = value;
  if (ts.isCallExpression(parent)) return setOn(parent, value);
  if (ts.isBinaryExpression(parent) && parent.right === value) return tableOfAssigned(parent);
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name))
    return storedUnder(parent, parent.name.text);
  if (isMade || !isReturned(value)) return null;
  const maker = enclosingFunction(value);
  const { name } = (maker ?? {}) as Partial<ts.FunctionDeclaration>;
  const named = name ?? (maker?.parent as Partial<ts.VariableDeclaration> | undefined)?.name;
  if (!named || !ts.isIdentifier(named)) return null;
  for (const mention of referencesTo(file, named)) {
    const callee = withOwner(mention);
    const table =
      ts.isCallExpression(callee.parent) && callee.parent.expression === callee
        ? tableOf(file, callee.parent, true)
        : null;
    if (table) return table;
  }
  return null;
}

function tableOfAssigned(assignment: ts.BinaryExpression): ts.Expression | null {
  const { left } = assignment;
  if (ts.isElementAccessExpression(left)) return bare(left.expression);
  if (!ts.isIdentifier(left)) return null;
  // `table.set(key, (entry = { … }))`
  const value = withParentheses(assignment);
  return ts.isCallExpression(value.parent) ? setOn(value.parent, value) : storedUnder(assignment, left.text);
}

/** `table.get(key) ?? { … }`, `table[key] ??= { … }`, `if (!entry) { entry = { … }; … }` */
function isMadeWhereMissing(entry: ts.ObjectLiteralExpression): boolean {
  const { parent } = withParentheses(entry);
  if (isReturned(withParentheses(entry))) return true;
  if (isDefault(parent) || (ts.isBinaryExpression(parent) && isLateCreation(parent))) return true;
  const condition = ts.findAncestor(entry, (one) => ts.isIfStatement(one) || ts.isFunctionLike(one));
  return condition !== undefined && ts.isIfStatement(condition);
}

function setOn(call: ts.CallExpression, value: ts.Node): ts.Expression | null {
  const { expression: callee } = call;
  const isSet = ts.isPropertyAccessExpression(callee) && callee.name.text === 'set';
  return isSet && call.arguments[1] === value ? bare(callee.expression) : null;
}

/** `const entry = { … }; table.set(key, entry)` */
function storedUnder(declared: ts.Node, name: string): ts.Expression | null {
  const block = enclosingFunction(declared);
  let table: ts.Expression | null = null;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.arguments[1]?.getText() === name)
      table ??= setOn(node, node.arguments[1]);
    const isPut =
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      node.right.getText() === name &&
      ts.isElementAccessExpression(node.left);
    if (isPut) table ??= bare((node.left as ts.ElementAccessExpression).expression);
    ts.forEachChild(node, visit);
  };
  if (block) visit(block);
  return table;
}

/**
 * What the program does with such a list, wherever it is a member of something: where the checker knows no type, what has the name
 * is taken for it, unless other objects have such a member, too. Null where that cannot be told.
 */
export function usesOfEntryList(
  file: ParsedFile,
  { property, name, isLate }: EntryList,
  type: CollectionType,
): FollowedUses | null {
  const { checker } = file;
  const symbols = [checker.getSymbolAtLocation(name), typedMember(file, property)].filter(Boolean);
  const maker = enclosingFunction(property);
  const uses: CollectionUse[] = [];
  let isUsedElsewhere = false;
  let isUsedByTests = false;
  for (const place of placesOfMember(file, name.text)) {
    const symbol = checker.getSymbolAtLocation(place);
    if (symbol && !symbols.includes(symbol)) continue;
    const there = place.getSourceFile();
    if (isTestFile(there.fileName)) {
      isUsedByTests = true;
      continue;
    }
    const { parent: access } = place;
    // `table[key]?.visits ?? []`
    const isOrNone = isDefault(access.parent) && access.parent.left === access;
    const use = useOf(isOrNone ? access.parent : access, type);
    // What the function that makes an entry puts in is one piece of work, also in its callbacks.
    if (use.kind === 'add' && !isLate && isWithin(place, maker)) continue;
    // Another object's member that has the name.
    if (!symbol && use.kind === 'add' && hasNamesakes(file, name)) return null;
    // Who asks for the list of an entry reads it.
    const isRead = use.kind === 'escape' && isReturned(withParentheses(answerOf(use.node)));
    uses.push(isRead ? { ...use, isHandedOut: true } : use);
    isUsedElsewhere ||= there !== file.source;
  }
  // `if (!entry.voters.includes(id)) entry.voters.push(id)`: no more than there are of these.
  const additions = uses.filter(({ kind }) => kind === 'add');
  const isAsked = uses.some(
    (use) => use.kind === 'read' && /^(includes|indexOf)$/.test(use.method) && isBeside(use, additions),
  );
  return isAsked ? null : { uses, isUsedElsewhere, isUsedByTests, aliases: [] };
}

function isWithin(node: ts.Node, around: ts.Node | null): boolean {
  return around !== null && ts.findAncestor(node, (one) => one === around) !== undefined;
}

/** Other objects begin with a member of that name. */
function hasNamesakes({ source, others }: ParsedFile, name: ts.Identifier): boolean {
  const begins = new RegExp(`(?<![\\w$])${name.text.replaceAll('$', '\\$')}\\s*(:|=)\\s*(\\[|new |\\{)`, 'g');
  const count = [source, ...(others ?? [])].reduce(
    (all, { text }) => all + [...text.matchAll(begins)].length,
    0,
  );
  return count > 1;
}

/** As a declaration: it lives as long as the table that has its entry. */
export function listDeclaration(
  file: ParsedFile,
  { property, name, isLate }: EntryList,
  table: CollectionDeclaration,
): CollectionDeclaration | null {
  const created = creationOf(file, property.initializer);
  if (!created) return null;
  const { place, owner } = table;
  return {
    ...created,
    name,
    place,
    owner,
    annotation: null,
    exported: false,
    isLate,
    isOfTypedObject: true,
    table,
  };
}

import ts from 'typescript';
import type { RewriteResult, TextChange } from '../../protocol/code';
import { type Hand, indentAt } from '../hand';
import type { Rewritten } from '../program/edited-program';
import type { ParsedFile } from '../program/parsed-file';
import { type CollectionUse, unwrap } from '../smells/collection-uses';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { type DictionaryKeys, dictionaryKeys } from './dictionary-keys';

/** Either the changes that turn every access to an object into a call of a Map's method, or why that cannot be. */
export type MapAccesses =
  | { readonly kind: 'changes'; readonly changes: readonly TextChange[] }
  | { readonly kind: 'refused'; readonly reason: string };

export interface AccessOptions {
  /** Write `get(key)!`: what an index signature promised to be there, `get` does not. */
  readonly assertReads: boolean;
}

/**
 * Rewrites the uses of a dictionary object as uses of a Map: reads, writes (also where their value is returned or kept),
 * `in`, `hasOwnProperty`, counting. Keys are written as an object takes them.
 */
export function accessesAsMap(
  file: ParsedFile,
  { uses, aliases, isUsedElsewhere, name }: UnboundedCollection,
  hand: Hand,
  options: AccessOptions,
): MapAccesses {
  if (isUsedElsewhere || aliases.length > 0) {
    return refused('It is a plain object that is also used under another name or in another file.');
  }
  const changes: TextChange[] = [];
  const keys = dictionaryKeys(file, uses);
  const memoReads = new Set(uses.flatMap((use) => memoRead(use) ?? []));
  for (const use of uses) {
    if (use.kind === 'read' && memoReads.has(unwrap(use.node))) continue;
    const made = accessOf(file, use, keys, hand, options);
    if (typeof made === 'string') return refused(made.replaceAll('NAME', name.text));
    changes.push(...made);
  }
  changes.sort((a, b) => a.start - b.start);
  const overlap = changes.find((change, index) => index > 0 && change.start < changes[index - 1]!.end);
  if (overlap) return refused('One access to it stands inside another.');
  return { kind: 'changes', changes };
}

/** In TypeScript, a second form that asserts what `get` does not promise, for where the first would not compile. */
export function withFallback(
  { file }: ParsedFile,
  { type }: UnboundedCollection,
  edited: (options: AccessOptions) => RewriteResult,
): Rewritten {
  const result = edited({ assertReads: false });
  if (type !== 'object' || result.kind === 'refused' || !/\.[cm]?tsx?$/.test(file)) return result;
  return { ...result, otherwise: () => edited({ assertReads: true }) };
}

function refused(reason: string): MapAccesses & { readonly kind: 'refused' } {
  return { kind: 'refused', reason };
}

function accessOf(
  file: ParsedFile,
  use: CollectionUse,
  keys: DictionaryKeys,
  hand: Hand,
  options: AccessOptions,
): TextChange[] | string {
  if (use.kind === 'iterate') return 'It is iterated as an object, and a Map is iterated in another way.';
  if (use.kind === 'add' && use.method === 'assign')
    return 'Object.assign() adds to it, which a Map does not take.';
  if (use.kind === 'add') return written(file, use.node as ts.ElementAccessExpression, keys, hand);
  if (use.kind !== 'read') return 'It is used in a way that a Map has no counterpart for.';
  if (use.method === '[]') return read(use.node as ts.ElementAccessExpression, keys, options);
  if (use.method === 'in') return tested(file, use.node, keys);
  if (use.method === 'hasOwnProperty') return renamed(file, use.node as ts.CallExpression, keys);
  if (use.method === 'hasOwn') return ownership(file, use.node as ts.CallExpression, keys);
  if (use.method.startsWith('.')) return `It also has a property of its own, NAME${use.method}.`;
  return 'It is asked whether it is there at all.';
}

/** `table[key]` → `table.get(key)` */
function read(
  access: ts.ElementAccessExpression,
  keys: DictionaryKeys,
  { assertReads }: AccessOptions,
): TextChange[] | string {
  const node = unwrap(access);
  if (ts.isCallExpression(node.parent) && node.parent.expression === node) {
    return 'What it holds is called as its method, with it as `this`.';
  }
  const isAlreadyAsserted = ts.isNonNullExpression(access.parent);
  const mark = assertReads && !isAlreadyAsserted && !isQuestion(node) ? '!' : '';
  const dot = access.questionDotToken ? '?.' : '.';
  return [
    change(access.expression.end, access.end, `${dot}get(${keys.text(access.argumentExpression)})${mark}`),
  ];
}

/** Where a missing entry is asked for, and so expected. */
function isQuestion({ parent }: ts.Node): boolean {
  return (
    ts.isIfStatement(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isConditionalExpression(parent) ||
    (ts.isBinaryExpression(parent) && parent.operatorToken.kind !== ts.SyntaxKind.PlusToken) ||
    (ts.isPropertyAccessExpression(parent) && parent.questionDotToken !== undefined)
  );
}

function written(
  file: ParsedFile,
  access: ts.ElementAccessExpression,
  keys: DictionaryKeys,
  hand: Hand,
): TextChange[] | string {
  const node = unwrap(access);
  const { parent } = node;
  const target = access.expression.getText(file.source);
  const key = keys.text(access.argumentExpression);
  if (ts.isPostfixUnaryExpression(parent) || ts.isPrefixUnaryExpression(parent)) {
    if (!ts.isExpressionStatement(parent.parent))
      return 'A count in it is changed and used in one expression.';
    if (!isSimple(access.argumentExpression))
      return 'The key of a count in it is computed, and would be twice.';
    const sign = parent.operator === ts.SyntaxKind.PlusPlusToken ? '+' : '-';
    return [replaced(file, parent, `${target}.set(${key}, ${target}.get(${key}) ${sign} 1)`)];
  }
  if (!ts.isBinaryExpression(parent)) return 'It is written to in a way that a Map has no counterpart for.';
  const { right, operatorToken } = parent;
  const operator = operatorToken.getText(file.source).slice(0, -1);
  const before = operator === '' ? '' : `${target}.get(${key}) ${operator} `;
  if (before !== '' && !isSimple(access.argumentExpression)) {
    return 'A key in it is computed for a reading assignment, and would be twice.';
  }
  if (ts.isExpressionStatement(parent.parent)) {
    const [open, close] = before !== '' && bindsLoosely(right) ? ['(', ')'] : ['', ''];
    return [
      change(access.expression.end, right.getStart(file.source), `.set(${key}, ${before}${open}`),
      change(right.end, right.end, `${close})`),
    ];
  }
  if (before !== '' || !isSimple(access.argumentExpression)) return USED_AS_VALUE;
  const memo = memoized(
    file,
    parent,
    `${target}.get(${key})`,
    `${target}.set(${key}, VALUE)${hand.semicolon}`,
    hand,
  );
  if (memo) return memo;
  return keptValue(file, parent, `${target}.set(${key}, VALUE)${hand.semicolon}`, hand);
}

const USED_AS_VALUE = 'The value of an assignment to NAME[…] is used, and what set() returns is the Map.';

/** The left half of `return table[key] || (table[key] = value)`; null for any other addition. */
function memoRead(use: CollectionUse): ts.Node | null {
  if (use.kind !== 'add' || !ts.isElementAccessExpression(use.node)) return null;
  const { parent: assignment } = unwrap(use.node);
  if (!ts.isBinaryExpression(assignment)) return null;
  const { parent } = unwrap(assignment);
  const isEither = ts.isBinaryExpression(parent) && OR.has(parent.operatorToken.kind);
  if (!isEither || !ts.isReturnStatement(parent.parent) || !ts.isBlock(parent.parent.parent)) return null;
  return parent.left.getText() === use.node.getText() ? parent.left : null;
}

const OR: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);

/** `return table[key] || (table[key] = value)`: looked up, made where it is missing, and returned, in four lines. */
function memoized(
  file: ParsedFile,
  assignment: ts.BinaryExpression,
  get: string,
  set: string,
  hand: Hand,
): TextChange[] | null {
  const { parent: either } = unwrap(assignment);
  if (!ts.isBinaryExpression(either) || !OR.has(either.operatorToken.kind)) return null;
  if (either.left.getText(file.source) !== assignment.left.getText(file.source)) return null;
  const { parent: statement } = either;
  if (!ts.isReturnStatement(statement) || !ts.isBlock(statement.parent)) return null;
  const name = freeName(file, statement.parent);
  const line = hand.lineEnd + indentAt(file.text, statement.getStart(file.source));
  const isMissing =
    either.operatorToken.kind === ts.SyntaxKind.BarBarToken
      ? `!${name}`
      : `${name} === undefined || ${name} === null`;
  const end = hand.semicolon;
  return [
    change(
      statement.getStart(file.source),
      assignment.right.getStart(file.source),
      `let ${name} = ${get}${end}${line}if (${isMissing}) {${line}${hand.indent}${name} = `,
    ),
    change(
      assignment.right.end,
      statement.end,
      `${end}${line}${hand.indent}${set.replace('VALUE', name)}${line}}${line}return ${name}${end}`,
    ),
  ];
}

/** `return (table[key] = value)` and `const x = (table[key] = value)`: the value gets a line and a name. */
function keptValue(
  file: ParsedFile,
  assignment: ts.BinaryExpression,
  set: string,
  hand: Hand,
): TextChange[] | string {
  const outer = unwrap(assignment);
  const { parent } = outer;
  const start = assignment.right.getStart(file.source);
  const { end } = assignment.right;
  if (ts.isReturnStatement(parent) && ts.isBlock(parent.parent)) {
    const name = freeName(file, parent.parent);
    const line = hand.lineEnd + indentAt(file.text, parent.getStart(file.source));
    const last = `${hand.semicolon}${line}${set.replace('VALUE', name)}${line}return ${name}${hand.semicolon}`;
    return [change(parent.getStart(file.source), start, `const ${name} = `), change(end, parent.end, last)];
  }
  const list =
    ts.isVariableDeclaration(parent) && ts.isVariableDeclarationList(parent.parent) ? parent.parent : null;
  const isDeclared = list !== null && ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name);
  const statement = list ? list.parent : parent.parent;
  const isAssigned =
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isIdentifier(parent.left);
  const isAlone = isDeclared
    ? ts.isVariableStatement(statement) && list.declarations.length === 1
    : isAssigned && ts.isExpressionStatement(statement);
  if (!isAlone || !(ts.isBlock(statement.parent) || ts.isSourceFile(statement.parent))) return USED_AS_VALUE;
  const name = isDeclared ? parent.name.getText() : isAssigned ? parent.left.getText() : '';
  const line = hand.lineEnd + indentAt(file.text, statement.getStart(file.source));
  return [
    change(outer.getStart(file.source), start, ''),
    ...(outer.end > end ? [change(end, outer.end, '')] : []),
    change(statement.end, statement.end, line + set.replace('VALUE', name)),
  ];
}

/** `key in table` → `table.has(key)` */
function tested(file: ParsedFile, node: ts.Node, keys: DictionaryKeys): TextChange[] | string {
  const { parent } = unwrap(node);
  if (!ts.isBinaryExpression(parent)) return 'It is tested in a way that a Map has no counterpart for.';
  const key = keys.text(parent.left);
  // The brackets of `!(key in table)` have done their work.
  const around = parent.parent;
  const isBracketed = ts.isParenthesizedExpression(around) && ts.isPrefixUnaryExpression(around.parent);
  const whole = isBracketed ? around : parent;
  const end = isBracketed ? around.end : node.end;
  return [
    change(whole.getStart(file.source), node.getStart(file.source), ''),
    change(node.end, end, `.has(${key})`),
  ];
}

/** `table.hasOwnProperty(key)` → `table.has(key)` */
function renamed(file: ParsedFile, call: ts.CallExpression, keys: DictionaryKeys): TextChange[] | string {
  const { name } = call.expression as ts.PropertyAccessExpression;
  const [key] = call.arguments;
  if (!key) return 'It is tested in a way that a Map has no counterpart for.';
  return [change(name.getStart(file.source), call.end, `has(${keys.text(key)})`)];
}

/** `Object.hasOwn(table, key)` and `hasOwnProperty.call(table, key)` → `table.has(key)` */
function ownership(file: ParsedFile, call: ts.CallExpression, keys: DictionaryKeys): TextChange[] | string {
  const [table, key] = call.arguments;
  if (!table || !key) return 'It is tested in a way that a Map has no counterpart for.';
  return [
    change(call.getStart(file.source), table.getStart(file.source), ''),
    change(table.end, call.end, `.has(${keys.text(key)})`),
  ];
}

/** Behind an operator it needs brackets. */
function bindsLoosely(node: ts.Expression): boolean {
  return (
    ts.isBinaryExpression(node) ||
    ts.isConditionalExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isYieldExpression(node)
  );
}

/** Evaluated twice, or later, it gives the same and does nothing else. */
function isSimple(node: ts.Expression): boolean {
  if (ts.isIdentifier(node) || ts.isLiteralExpression(node)) return true;
  return (
    ts.isPropertyAccessExpression(node) &&
    (node.expression.kind === ts.SyntaxKind.ThisKeyword || isSimple(node.expression))
  );
}

/** A name for a value that nothing around uses. */
function freeName(file: ParsedFile, block: ts.Node): string {
  const text = block.getText(file.source);
  const free = ['value', 'result', 'entry', 'made'].find((name) => !new RegExp(`\\b${name}\\b`).test(text));
  return free ?? 'newValue';
}

function replaced(file: ParsedFile, node: ts.Node, text: string): TextChange {
  return change(node.getStart(file.source), node.end, text);
}

function change(start: number, end: number, text: string): TextChange {
  return { start, end, text };
}

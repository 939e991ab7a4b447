import ts from 'typescript';
import type { GrowthEvidence, Smell } from '../../protocol/code';
import { enclosingFunction, hasModifier, type ParsedFile, referencesTo } from '../parsed-file';
import { positionOf } from '../positions';
import { type CollectionUse, useOf } from './collection-uses';

/** A Map or Set that lives as long as its module or class. */
export interface CollectionDeclaration {
  readonly name: ts.Identifier | ts.PrivateIdentifier;
  readonly declaration: ts.VariableDeclaration | ts.PropertyDeclaration;
  /** `new Map<K, V>()` */
  readonly creation: ts.NewExpression;
  readonly type: 'Map' | 'Set';
  readonly place: 'module' | 'static' | 'instance';
  readonly exported: boolean;
}

/** A declaration with everything the file does with it. */
export interface UnboundedCollection extends CollectionDeclaration {
  readonly uses: readonly CollectionUse[];
}

/**
 * Finds Maps and Sets in module scope and in class fields that something is added to while the program runs, and from
 * which nothing is ever removed. What silences it: `delete`, `clear`, a new value assigned, a comparison of `size`,
 * additions that all run while the module loads, keys that are few by their type, and any use that hands the
 * collection to other code, since that code may bound it.
 */
export function findUnboundedCollections(file: ParsedFile): UnboundedCollection[] {
  return declarations(file)
    .map((declaration) => ({ ...declaration, uses: usesOf(file, declaration) }))
    .filter((collection) => isUnbounded(collection));
}

/** The smell of a finding, with how sure it is by itself and when it was measured to grow. */
export function toSmell(
  file: ParsedFile,
  { name, type, place, uses, declaration }: UnboundedCollection,
  evidence: readonly GrowthEvidence[],
): Omit<Smell, 'rewrites'> {
  const position = positionOf(file, name.getStart(file.source));
  const adding = uses.find((use) => use.kind === 'add');
  const where = adding ? positionOf(file, adding.node.getStart(file.source)).line : position.line;
  const key = adding?.kind === 'add' && adding.key ? ` from ${shorten(adding.key)}` : '';
  const owner = place === 'module' ? 'module' : `${place} field`;
  const measured = evidence.find((growth) => growth.line === position.line);
  return {
    id: `unbounded-collection:${ownerName(declaration)}${name.text}`,
    rule: 'unbounded-collection',
    file: file.file,
    identifier: name.text,
    role: type === 'Map' ? 'cache' : 'registry',
    range: { start: name.getStart(file.source), end: name.getEnd() },
    position,
    severity: measured ? 'warning' : place === 'instance' ? 'hint' : 'information',
    message: `Nothing ever removes entries from this ${owner} ${type}: they are added in line ${where}${key}, and it lives as long as the program.`,
  };
}

function declarations(file: ParsedFile): CollectionDeclaration[] {
  const found: CollectionDeclaration[] = [];
  for (const statement of file.source.statements) {
    if (ts.isVariableStatement(statement)) {
      const exported = hasModifier(statement, ts.SyntaxKind.ExportKeyword);
      for (const declaration of statement.declarationList.declarations) {
        const creation = creationOf(declaration.initializer);
        if (!creation || !ts.isIdentifier(declaration.name)) continue;
        found.push({ name: declaration.name, declaration, ...creation, place: 'module', exported });
      }
    }
  }
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyDeclaration(node) && (ts.isIdentifier(node.name) || ts.isPrivateIdentifier(node.name))) {
      const creation = creationOf(node.initializer);
      if (creation) {
        const place = hasModifier(node, ts.SyntaxKind.StaticKeyword) ? 'static' : 'instance';
        found.push({ name: node.name, declaration: node, ...creation, place, exported: !isPrivate(node) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file.source);
  return found;
}

/** A seeded collection is a table that was filled on purpose. */
function creationOf(
  initializer: ts.Expression | undefined,
): { creation: ts.NewExpression; type: 'Map' | 'Set' } | null {
  if (!initializer || !ts.isNewExpression(initializer) || !ts.isIdentifier(initializer.expression))
    return null;
  const type = initializer.expression.text;
  if ((type !== 'Map' && type !== 'Set') || (initializer.arguments?.length ?? 0) > 0) return null;
  return { creation: initializer, type };
}

function isPrivate(node: ts.PropertyDeclaration): boolean {
  return ts.isPrivateIdentifier(node.name) || hasModifier(node, ts.SyntaxKind.PrivateKeyword);
}

function usesOf(file: ParsedFile, { name, place }: CollectionDeclaration): CollectionUse[] {
  return referencesTo(file, name).map((reference) => {
    const { parent } = reference;
    // A field is used as `this.name` or `Class.name`: the whole access is what is used.
    if (place !== 'module' && ts.isPropertyAccessExpression(parent) && parent.name === reference)
      return useOf(parent);
    return useOf(reference);
  });
}

function isUnbounded({ uses, exported, place }: UnboundedCollection): boolean {
  if (uses.some((use) => use.kind === 'remove' || use.kind === 'reassign')) return false;
  if (uses.some((use) => use.kind === 'size' && use.compared)) return false;
  if (uses.some((use) => use.kind === 'escape')) return false;
  const additions = uses.filter((use) => use.kind === 'add');
  const atRunTime = additions.filter((use) => enclosingFunction(use.node) !== null);
  if (atRunTime.length === 0) return false;
  if (additions.every((use) => use.kind === 'add' && isLiteral(use))) return false;
  // Other files may remove what this one adds.
  return !(exported && place === 'module');
}

/** A key that is written out stands for one entry. */
function isLiteral(use: CollectionUse & { kind: 'add' }): boolean {
  if (!ts.isCallExpression(use.node)) return false;
  const [key] = use.node.arguments;
  return key !== undefined && (ts.isStringLiteralLike(key) || ts.isNumericLiteral(key));
}

function ownerName(declaration: ts.Node): string {
  const { parent } = declaration;
  return ts.isClassLike(parent) && parent.name ? `${parent.name.text}.` : '';
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

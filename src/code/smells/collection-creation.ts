import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { largerCollection } from './larger-collections';
import { type LibraryCache, libraryCacheOf } from './library-caches';
import { bare } from './member-chains';

/** `memoized` and `store` are caches that a library keeps. */
export type CollectionType = 'Map' | 'Set' | 'object' | 'array' | LibraryCache['type'];

export interface Creation {
  /** `new Map<K, V>()`, `{}`, `[]` */
  readonly creation: ts.Expression;
  readonly type: CollectionType;
  /** It starts with entries: a table that was filled on purpose, which may still grow. */
  readonly isSeeded: boolean;
  /** Its class is a Map or a Set that does more. */
  readonly isLarger?: boolean;
  /** It is a library's, and has no methods but that one's. */
  readonly library?: LibraryCache;
}

/** The collection that an expression creates, casts aside; null for anything else. */
export function creationOf(file: ParsedFile, initializer: ts.Expression | undefined): Creation | null {
  if (!initializer) return null;
  const creation = bare(initializer);
  // `const cache = (module.exports.cache = new Map())`
  if (ts.isBinaryExpression(creation) && (isGivenOut(creation) || isKeptGlobally(creation)))
    return creationOf(file, creation.right);
  if (ts.isObjectLiteralExpression(creation)) {
    return { creation, type: 'object', isSeeded: !creation.properties.every(isNullPrototype) };
  }
  if (ts.isArrayLiteralExpression(creation)) {
    return { creation, type: 'array', isSeeded: creation.elements.length > 0 };
  }
  const library = libraryCacheOf(file, creation);
  if (library) return { creation, type: library.type, isSeeded: false, library };
  if (ts.isCallExpression(creation)) {
    const callee = creation.expression.getText(file.source);
    const [first] = creation.arguments;
    if (callee === 'Object.create' && first?.kind === ts.SyntaxKind.NullKeyword) {
      return { creation, type: 'object', isSeeded: false };
    }
    return null;
  }
  if (!ts.isNewExpression(creation)) return null;
  const isSeeded = (creation.arguments?.length ?? 0) > 0;
  const type = TYPES.get(creation.expression.getText());
  // A class of the project's own that is called Map is not the one that is meant here.
  if (type && !file.checker.getSymbolAtLocation(creation.expression)) return { creation, type, isSeeded };
  const larger = largerCollection(file, creation);
  return larger && { creation, type: larger, isSeeded, isLarger: true };
}

const TYPES: ReadonlyMap<string, CollectionType> = new Map([
  ['Map', 'Map'],
  ['Set', 'Set'],
  ['Object', 'object'],
  ['Array', 'array'],
]);

/** `exports.cache = …`, which is worth what is assigned. */
export function isGivenOut({ left, operatorToken }: ts.BinaryExpression): boolean {
  return operatorToken.kind === ts.SyntaxKind.EqualsToken && /^(module\.)?exports\.\w+$/.test(left.getText());
}

/** `globalThis.cache ??= new Map()`, `global.cache || new Map()`, `global.cache = new Map()`: there is one, and who has the name has it. */
function isKeptGlobally({ left, operatorToken }: ts.BinaryExpression): boolean {
  return /^(globalThis|global)\.\w+$/.test(bare(left).getText()) && KEEPS.has(operatorToken.kind);
}

const KEEPS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.EqualsToken,
]);

/** `{ __proto__: null }`, a dictionary without inherited names. */
function isNullPrototype(property: ts.ObjectLiteralElementLike): boolean {
  return (
    ts.isPropertyAssignment(property) &&
    property.name.getText() === '__proto__' &&
    property.initializer.kind === ts.SyntaxKind.NullKeyword
  );
}

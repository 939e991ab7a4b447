import ts from 'typescript';
import { asSeenFrom, type ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';
import { type CollectionUse, unwrap } from '../smells/collection-uses';
import { isAssignment } from '../smells/member-chains';

/**
 * How the keys of an object are written as those of a Map. An object makes a string of each, so that a number and its digits
 * are one key, which in a Map they are not.
 */
export interface DictionaryKeys {
  /** A key as the Map is to get it: `key`, or `String(key)`; a template where the code calls something of its own `String`. */
  text(key: ts.Expression): string;
  /** The type of the Map's keys, where `declared` is that of the object's. */
  typeText(declared: ts.TypeNode): string;
}

/** Where all keys are numbers by their types they stay so: none is ever taken for its digits, and nobody lists them. */
export function dictionaryKeys(file: ParsedFile, uses: readonly CollectionUse[]): DictionaryKeys {
  const keys = uses.flatMap((use) => keyIn(use) ?? []);
  const areNumbers = keys.length > 0 && keys.every((key) => isOf(file, key, ts.TypeFlags.NumberLike));
  const isAsItIs = (key: ts.Expression) => areNumbers || isText(file, key);
  return {
    text(key) {
      // With a comment that stands before it.
      const text = file.source.text.slice(key.pos, key.end).trim();
      const isList = ts.isBinaryExpression(key) && key.operatorToken.kind === ts.SyntaxKind.CommaToken;
      const whole = isList ? `(${text})` : text;
      if (isAsItIs(key)) return whole;
      return isOwnName(file, key, 'String') ? `\`\${${whole}}\`` : `String(${whole})`;
    },
    typeText(declared) {
      return keys.every(isAsItIs) ? declared.getText() : 'string';
    },
  };
}

/** The key of `table[key]`, `key in table`, `table.hasOwnProperty(key)` and `Object.hasOwn(table, key)`. */
function keyIn(use: CollectionUse): ts.Expression | undefined {
  if (use.kind !== 'add' && use.kind !== 'read') return undefined;
  const { node, method } = use;
  if (ts.isElementAccessExpression(node)) return node.argumentExpression;
  if (ts.isCallExpression(node)) return node.arguments[method === 'hasOwn' ? 1 : 0];
  const { parent } = unwrap(node);
  return method === 'in' && ts.isBinaryExpression(parent) ? parent.left : undefined;
}

function isText(file: ParsedFile, key: ts.Expression): boolean {
  return (
    isOf(file, key, ts.TypeFlags.StringLike | ts.TypeFlags.ESSymbolLike) ||
    isTextByForm(file, key) ||
    isPartOfText(file, key) ||
    isJoinedText(file, key) ||
    isConstantText(file, key)
  );
}

function isOf({ checker }: ParsedFile, key: ts.Expression, flags: ts.TypeFlags): boolean {
  const type = checker.getTypeAtLocation(key);
  const parts = type.isUnion() ? type.types : [type];
  return parts.every((part) => (part.flags & flags) !== 0);
}

/** `kind + id`, where one of them is a text. */
function isJoinedText(file: ParsedFile, key: ts.Expression): boolean {
  return (
    ts.isBinaryExpression(key) &&
    key.operatorToken.kind === ts.SyntaxKind.PlusToken &&
    (isText(file, key.left) || isText(file, key.right))
  );
}

/** `const key = name.trim()` above; what stands below is no text yet, and may ask for this one in turn. */
function isConstantText(file: ParsedFile, key: ts.Expression): boolean {
  const declared = ts.isIdentifier(key) && file.checker.getSymbolAtLocation(key)?.valueDeclaration;
  if (!declared || !ts.isVariableDeclaration(declared) || !declared.initializer) return false;
  const isAbove = declared.getSourceFile() === key.getSourceFile() && declared.end <= key.pos;
  if (!isAbove) return false;
  const isConstant = (declared.parent.flags & ts.NodeFlags.Const) !== 0;
  return (isConstant || isNeverAssigned(file, declared)) && isText(file, declared.initializer);
}

/** `var key = String(name)` in code of old, of which nothing else is made. */
function isNeverAssigned(file: ParsedFile, { name }: ts.VariableDeclaration): boolean {
  return (
    ts.isIdentifier(name) &&
    referencesTo(asSeenFrom(file, name.getSourceFile()), name).every((node) => !isWritten(node))
  );
}

/** `key = other`, `key++`, `for (key in table)`, `[key, value] = pair`, `var key = other` once more. */
function isWritten(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPostfixUnaryExpression(parent) || ts.isPrefixUnaryExpression(parent))
    return (
      parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken
    );
  if (ts.isBinaryExpression(parent)) return isAssignment(parent.operatorToken.kind) && parent.left === node;
  if (ts.isForInStatement(parent) || ts.isForOfStatement(parent)) return parent.initializer === node;
  if (ts.isVariableDeclaration(parent)) return parent.name === node;
  return (
    ts.isArrayLiteralExpression(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isPropertyAssignment(parent)
  );
}

/** `text.slice(1)`, which a list has as well. */
function isPartOfText(file: ParsedFile, key: ts.Expression): boolean {
  return (
    ts.isCallExpression(key) &&
    ts.isPropertyAccessExpression(key.expression) &&
    key.expression.name.text === 'slice' &&
    isText(file, key.expression.expression)
  );
}

/** What is a string whatever its parts are; without libraries the checker does not know what these return. */
function isTextByForm(file: ParsedFile, key: ts.Expression): boolean {
  if (ts.isTemplateExpression(key)) return true;
  if (!ts.isCallExpression(key)) return false;
  const called = key.expression.getText();
  // Without an encoding it gives bytes.
  if (/\.digest$/.test(called)) return key.arguments.length > 0;
  return TEXT.test(called) && !(called === 'String' && isOwnName(file, key, called));
}

/** True where a global name means something that the code declares. */
function isOwnName({ checker }: ParsedFile, place: ts.Node, name: string): boolean {
  return checker.resolveName(name, place, ts.SymbolFlags.Value, true) !== undefined;
}

const TEXT =
  /(^String|JSON\.stringify|^Array\.prototype\.join\.call|\.(toString|join|to(Locale)?(Lower|Upper)Case|trim(Start|End)?|replace(All)?|pad(Start|End)|toFixed|toISOString))$/;

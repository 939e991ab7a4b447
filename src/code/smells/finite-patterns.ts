import ts from 'typescript';
import { bare, rootOf } from './member-chains';

/** More different texts than that are no longer few: there are 17,576 of three letters. */
const MOST_TEXTS = 20_000;

/** True of a key that a pattern lets be one of a few: `/^[A-E]/.exec(code)?.[0]`, and where `/^[A-Z]{2}$/.test(country)` is asked. */
export function isFewByPattern(key: ts.Expression): boolean {
  const taken = bare(key);
  const pattern = ts.isElementAccessExpression(taken) ? patternOfMatch(bare(taken.expression)) : null;
  if (pattern !== null) return admitsFew(pattern);
  return isAskedFor(key);
}

/** `/…/` of `/…/.exec(text)` and of `text.match(/…/)`. */
function patternOfMatch(match: ts.Expression): string | null {
  if (!ts.isCallExpression(match) || !ts.isPropertyAccessExpression(match.expression)) return null;
  const { name, expression } = match.expression;
  const [first] = match.arguments;
  const pattern = name.text === 'exec' ? bare(expression) : name.text === 'match' ? first : undefined;
  return pattern && ts.isRegularExpressionLiteral(pattern) ? pattern.text : null;
}

/** `if (/^[A-Z]{2}$/.test(country)) table[country] = …`, and `if (!/^[A-Z]{2}$/.test(country)) return;` ahead of it. */
function isAskedFor(key: ts.Expression): boolean {
  const text = key.getText();
  for (let node: ts.Node = key; !ts.isFunctionLike(node) && !ts.isSourceFile(node); node = node.parent) {
    const { parent } = node;
    if (ts.isIfStatement(parent) && parent.thenStatement === node && tests(parent.expression, text))
      return true;
    if (ts.isBlock(parent) && parent.statements.some((one) => one.end <= node.pos && leavesUnless(one, text)))
      return true;
  }
  return false;
}

function leavesUnless(statement: ts.Statement, key: string): boolean {
  if (!ts.isIfStatement(statement)) return false;
  const { expression, thenStatement } = statement;
  const asked = bare(expression);
  return (
    /^\{?\s*(return|throw|continue)\b/.test(thenStatement.getText()) &&
    ts.isPrefixUnaryExpression(asked) &&
    asked.operator === ts.SyntaxKind.ExclamationToken &&
    tests(asked.operand, key)
  );
}

function tests(condition: ts.Expression, key: string): boolean {
  const asked = bare(condition);
  if (ts.isBinaryExpression(asked) && asked.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken)
    return tests(asked.left, key) || tests(asked.right, key);
  if (!ts.isCallExpression(asked) || asked.arguments[0]?.getText() !== key) return false;
  const pattern = rootOf(asked.expression);
  return (
    /\.test$/.test(asked.expression.getText()) &&
    ts.isRegularExpressionLiteral(pattern) &&
    /^\/\^.*\$\/[a-z]*$/.test(pattern.text) &&
    admitsFew(pattern.text)
  );
}

/** Of a pattern without repetition, groups and alternatives: how many texts it takes is the product of its classes. */
function admitsFew(literal: string): boolean {
  const source = literal.slice(1, literal.lastIndexOf('/')).replace(/^\^/, '').replace(/\$$/, '');
  let rest = source;
  let texts = 1;
  while (rest !== '' && texts <= MOST_TEXTS) {
    const part = /^(\[[^\]^\\]+\]|\\d|[\w\-:/ ])(?:\{(\d+)\})?/.exec(rest);
    if (!part) return false;
    texts *= sizeOf(part[1]!) ** Number(part[2] ?? 1);
    rest = rest.slice(part[0].length);
  }
  return texts <= MOST_TEXTS;
}

/** The number of characters in a class: of `[A-Z_]` 27. */
function sizeOf(part: string): number {
  if (part === '\\d') return 10;
  if (!part.startsWith('[')) return 1;
  let size = 0;
  for (const [, from, to] of part.slice(1, -1).matchAll(/(.)(?:-(.))?/g))
    size += to === undefined ? 1 : Math.abs(to.charCodeAt(0) - from!.charCodeAt(0)) + 1;
  return size;
}

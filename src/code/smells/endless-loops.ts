import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { knownCallers } from './known-callers';

/** Callers of callers end somewhere. */
const MOST_STEPS = 3;

/** In `for (;;)` or `while (true)`, or in a function that is called there: the module's own statements never end. */
export function runsEndlessly(file: ParsedFile, node: ts.Node, steps = 0): boolean {
  if (ts.findAncestor(node, isEndless)) return true;
  const around = enclosingFunction(node);
  if (!around || steps >= MOST_STEPS || !ts.isFunctionLike(around)) return false;
  const callers = knownCallers(file, around);
  const places = [...(callers?.calls ?? []), ...(callers?.handedOver ?? []).filter(isForEach)];
  return places.some((place) => runsEndlessly(file, place, steps + 1));
}

/** `houses.map(crawl)` */
function isForEach({ parent: call }: ts.Node): boolean {
  return ts.isCallExpression(call) && /\.(map|forEach|filter|flatMap)$/.test(call.expression.getText());
}

function isEndless(node: ts.Node): boolean {
  if (ts.isForStatement(node)) return !node.condition;
  return ts.isWhileStatement(node) && node.expression.kind === ts.SyntaxKind.TrueKeyword;
}

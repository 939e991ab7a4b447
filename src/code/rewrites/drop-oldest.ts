import ts from 'typescript';
import type { RewriteResult, RewriteSettings, TextChange } from '../../protocol/code';
import { endOfLine, handOf, indentAt, statementEnd } from '../hand';
import { lineOf } from '../positions';
import type { ParsedFile } from '../program/parsed-file';
import { unwrap } from '../smells/collection-uses';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { refuseDeclaredAgain } from './declared-elsewhere';
import { digits, refuseToDrop } from './droppable';
import { refuseUnproven } from './proven-copies';

export const DROP_OLDEST = { id: 'drop-oldest', title: 'Drop the oldest beyond a limit' } as const;

/** Why the oldest elements of an array cannot be dropped; null when they can. */
export function refuseDropOldest(file: ParsedFile, collection: UnboundedCollection): string | null {
  const { uses } = collection;
  const general = refuseToDrop(file, collection);
  if (general) return general;
  if (uses.some((use) => use.kind === 'add' && (use.method === 'unshift' || use.method === 'splice'))) {
    return 'Elements are added in front, so that the oldest are not the first.';
  }
  if (uses.some((use) => use.kind === 'read' && use.method !== 'includes' && use.method !== 'typeof')) {
    return 'Elements are read by their index, which changes when the oldest are dropped.';
  }
  const asked = uses.find((use) => use.kind === 'read' && use.method === 'includes');
  if (asked) {
    return `In line ${lineOf(asked.node)} it is asked whether an element is there: one that was dropped would be taken for one that never was.`;
  }
  if (uses.some((use) => use.kind === 'iterate' && takesIndex(use.node))) {
    return 'A callback takes the index of an element, which changes when the oldest are dropped.';
  }
  if (uses.some((use) => use.kind === 'iterate' && countsFromStart(use.node))) {
    return 'Elements are counted from the first, which changes when the oldest are dropped.';
  }
  if (uses.some((use) => use.kind === 'iterate' && sumsUpAll(use.node))) {
    return 'All elements together give a value, a sum or the largest, which would be that of the last ones alone.';
  }
  if (uses.some((use) => use.kind === 'add' && use.method === '[]')) {
    return 'Elements are added by their index.';
  }
  const adding = uses.flatMap((use) => (use.kind === 'add' ? [use.node] : []));
  if (!adding.every((node) => ts.isCallExpression(node) && statementInBlock(node))) {
    return 'What push() returns is used, or there is no block to put the limit into.';
  }
  if (adding.some((node) => uses.some((use) => use.kind === 'iterate' && isWithinLoop(node, use.node)))) {
    return 'It is added to while it is iterated, and the loop would skip what moves up.';
  }
  // It stays an array, so that who declares it as one is right; what an heir has need not have `splice`.
  return refuseDeclaredAgain(file, collection) ?? refuseUnproven(file, collection);
}

const INDEXED = new Set(['forEach', 'map', 'filter', 'find', 'findLast', 'some', 'every', 'flatMap']);

/** `list.forEach((element, index) => …)` */
function takesIndex(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const [callback] = node.arguments;
  if (!callback || !INDEXED.has(node.expression.name.text)) return false;
  return (
    (ts.isArrowFunction(callback) || ts.isFunctionExpression(callback)) && callback.parameters.length > 1
  );
}

/** `list.slice(cursor)`, `list.find(…)` of one by its id, `list.entries()`, `for (const i in list)`, `list.reduce((all, one, i) => …)` */
function countsFromStart(node: ts.Node): boolean {
  const { parent } = unwrap(node);
  if (ts.isForInStatement(parent)) return true;
  if (ts.isCallExpression(parent) && /^Object\.(keys|entries)$/.test(parent.expression.getText()))
    return true;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { text } = node.expression.name;
  const [first] = node.arguments;
  if (/^(find|findLast|findIndex|findLastIndex|entries|keys)$/.test(text)) return true;
  if (/^reduce/.test(text)) return !!first && ts.isFunctionLike(first) && first.parameters.length > 2;
  // `slice(-50)` counts from the end.
  const isFromEnd = !first || first.getText() === '0' || first.getText().startsWith('-');
  return text === 'slice' && (!isFromEnd || (node.arguments.length > 1 && first?.getText() === '0'));
}

/** `list.reduce((all, one) => all + one)`, `Math.max(...list)` */
function sumsUpAll(node: ts.Node): boolean {
  const { parent } = unwrap(node);
  if (ts.isSpreadElement(parent))
    return ts.isCallExpression(parent.parent) && /^Math\.\w+$/.test(parent.parent.expression.getText());
  return ts.isCallExpression(node) && /\.reduce(Right)?$/.test(node.expression.getText());
}

/** `for (const x of list) list.push(…)`, `list.forEach(() => list.push(…))` */
function isWithinLoop(node: ts.Node, iterated: ts.Node): boolean {
  const loop = ts.isCallExpression(iterated) ? iterated : iterated.parent;
  if (!ts.isForOfStatement(loop) && !ts.isCallExpression(loop)) return false;
  return loop.pos <= node.pos && node.end <= loop.end;
}

/** A line behind each `push` that takes away what is over the limit. */
export function dropOldest(
  file: ParsedFile,
  collection: UnboundedCollection,
  { maxEntries }: RewriteSettings,
): RewriteResult {
  const reason = refuseDropOldest(file, collection);
  if (reason) return { kind: 'refused', reason };
  const hand = handOf(file);
  const limit = digits(maxEntries);
  const changes = new Map<ts.Statement, TextChange>();
  for (const use of collection.uses) {
    if (use.kind !== 'add' || !ts.isCallExpression(use.node)) continue;
    const statement = statementInBlock(use.node)!;
    const array = (use.node.expression as ts.PropertyAccessExpression).expression.getText(file.source);
    const at = endOfLine(statement);
    const line = `if (${array}.length > ${limit}) ${array}.splice(0, ${array}.length - ${limit})${statementEnd(hand, file.text, at)}`;
    const indent = indentAt(file.text, statement.getStart(file.source));
    changes.set(statement, { start: at, end: at, text: hand.lineEnd + indent + line });
  }
  return {
    kind: 'edits',
    edits: [{ file: file.file, create: false, changes: [...changes.values()] }],
    dependency: null,
  };
}

/** The statement behind which a line can stand: of `if (x) list.push(y)` the whole. Null where the result is used. */
function statementInBlock({ parent }: ts.Node): ts.Statement | null {
  if (!ts.isExpressionStatement(parent)) return null;
  let statement: ts.Statement = parent;
  while (!ts.isBlock(statement.parent) && !ts.isCaseOrDefaultClause(statement.parent)) {
    const around: ts.Node = statement.parent;
    if (!ts.isStatement(around)) return null;
    statement = around;
  }
  return statement;
}

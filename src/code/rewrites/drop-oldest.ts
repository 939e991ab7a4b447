import ts from 'typescript';
import type { RewriteResult, RewriteSettings, TextChange } from '../../protocol/code';
import { handOf, indentAt } from '../hand';
import type { ParsedFile } from '../program/parsed-file';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { digits, refuseToDrop } from './droppable';

export const DROP_OLDEST = { id: 'drop-oldest', title: 'Drop the oldest beyond a limit' } as const;

/** Why the oldest elements of an array cannot be dropped; null when they can. */
export function refuseDropOldest(file: ParsedFile, collection: UnboundedCollection): string | null {
  const { uses } = collection;
  const general = refuseToDrop(file, collection);
  if (general) return general;
  if (uses.some((use) => use.kind === 'add' && use.method !== 'push')) {
    return 'Elements are added in front, so that the oldest are not the first.';
  }
  if (uses.some((use) => use.kind === 'read' && use.method !== 'includes' && use.method !== 'typeof')) {
    return 'Elements are read by their index, which changes when the oldest are dropped.';
  }
  if (!uses.every((use) => use.kind !== 'add' || isStatementInBlock(use.node))) {
    return 'What push() returns is used, or there is no block to put the limit into.';
  }
  return null;
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
  const changes = collection.uses.flatMap((use): TextChange[] => {
    if (use.kind !== 'add' || !ts.isCallExpression(use.node)) return [];
    const array = (use.node.expression as ts.PropertyAccessExpression).expression.getText(file.source);
    const statement = use.node.parent;
    const line = `if (${array}.length > ${limit}) ${array}.splice(0, ${array}.length - ${limit})${hand.semicolon}`;
    const indent = indentAt(file.text, statement.getStart(file.source));
    return [{ start: statement.getEnd(), end: statement.getEnd(), text: hand.lineEnd + indent + line }];
  });
  return { kind: 'edits', edits: [{ file: file.file, create: false, changes }], dependency: null };
}

function isStatementInBlock({ parent }: ts.Node): boolean {
  return ts.isExpressionStatement(parent) && ts.isBlock(parent.parent);
}

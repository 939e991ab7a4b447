import ts from 'typescript';
import type { Smell } from '../../protocol/code';
import { enclosingFunction } from '../parsed-file';
import type { CollectionDeclaration } from './collection-declarations';
import type { CollectionUse } from './collection-uses';

/** Names of what a program cannot make again: to drop it is to change what the program does. */
const STATE =
  /session|socket|connection|client|subscri|listener|handler|watcher|timer|room|player|lock|mutex|limit|bucket|counter|count|metric|stats|token|visitor|presence|online|pending|inflight|waiting/i;
const CACHE = /cache|memo|lru|computed|resolved|parsed|compiled|rendered/i;
const LOG = /log|history|event|audit|trace|message|error|record/i;

/**
 * What a collection is for. Words in its name decide first, then how it is used: a value that is looked up and stored in
 * the same function is a copy of something that can be made again.
 */
export function roleOf(
  { name, type, place }: CollectionDeclaration,
  uses: readonly CollectionUse[],
): NonNullable<Smell['role']> {
  if (CACHE.test(name.text)) return place === 'closure' ? 'memo' : 'cache';
  if (STATE.test(name.text)) return 'state';
  if (type === 'array') return LOG.test(name.text) ? 'log' : 'queue';
  if (type === 'Set') return 'registry';
  const lookups = uses.filter((use) => use.kind === 'read').map((use) => enclosingFunction(use.node));
  const looksUpFirst = uses.some(
    (use) => use.kind === 'add' && lookups.includes(enclosingFunction(use.node)),
  );
  if (looksUpFirst) return place === 'closure' ? 'memo' : 'cache';
  const counts = uses.some(
    (use) =>
      use.kind === 'add' &&
      (ts.isPostfixUnaryExpression(use.node.parent) || ts.isPrefixUnaryExpression(use.node.parent)),
  );
  return counts ? 'state' : 'cache';
}

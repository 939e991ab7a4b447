import ts from 'typescript';
import type { CollectionUse } from './collection-uses';

/**
 * What is done with a cache that a library keeps: each call of a memoized function may add an entry under its first argument, and so may
 * `set` or `load` of a store. Where it is handed on as a value nobody knows what it is called with.
 */
export function libraryCacheUse(node: ts.Node, type: 'memoized' | 'store'): CollectionUse {
  const { parent } = node;
  if (type === 'memoized' && ts.isCallExpression(parent) && parent.expression === node)
    return calledUse(parent);
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== node)
    return { kind: 'escape', how: 'another name refers to it', node };
  const call =
    ts.isCallExpression(parent.parent) && parent.parent.expression === parent ? parent.parent : null;
  const method = parent.name.text;
  if (type === 'memoized') return memberOfMemoized(parent, method);
  if (!call) return { kind: 'escape', how: `its member ${method} is used`, node: parent };
  if (READS.test(method)) return { kind: 'read', method, node: call };
  if (!ADDS.test(method)) return { kind: 'remove', how: `${method}()`, node: call };
  // `cache.set(key, value, ttl)`: each entry ends by itself.
  const hasEnd = method === 'set' && call.arguments.length > 2;
  return hasEnd
    ? { kind: 'remove', how: 'entries expire', node: call }
    : { kind: 'add', method, key: call.arguments[0]?.getText() ?? '', node: call };
}

const ADDS = /^(set|load|prime|fetch|memo)$/;
const READS = /^(get|has|peek|keys|mget|getTtl|getStats|on|once|off|values|entries|forEach|dump|size)$/;

/** Without an argument there is one entry at most. */
function calledUse(call: ts.CallExpression): CollectionUse {
  const [key] = call.arguments;
  return key
    ? { kind: 'add', method: 'call', key: key.getText(), node: call }
    : { kind: 'read', method: 'call', node: call };
}

/** `load.cache.clear()`, `load.clear()`, `load.cache = new LRUCache(…)` end entries; `load.call(this, key)` is a call. */
function memberOfMemoized(access: ts.PropertyAccessExpression, member: string): CollectionUse {
  if (member === 'name' || member === 'length') return { kind: 'read', method: 'typeof', node: access };
  return { kind: 'remove', how: `its ${member} is used`, node: access };
}

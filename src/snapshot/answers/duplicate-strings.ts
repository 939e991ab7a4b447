import type { DuplicateStringRow } from '../../protocol/snapshot';
import type { HeapGraph } from '../graph/heap-graph';
import { NodeType } from '../reading/format';

/** Texts that are longer in the heap are cut in the file, and equal beginnings do not make equal texts. */
const LONGEST_SHOWN = 200;

/**
 * Strings that stand in the heap more than once, most wasted bytes first: all but one of them could go. Texts that V8
 * cut when it wrote the file count as equal only where their sizes are equal too.
 */
export function duplicateStrings({
  nodeCount,
  nodeType,
  nodeName,
  nodeSelfSize,
  nodeId,
  strings,
}: HeapGraph): DuplicateStringRow[] {
  const firstOf = new Int32Array(strings.length).fill(-1);
  const groups = new Map<
    string,
    { name: number; size: number; count: number; waste: number; example: number }
  >();
  for (let node = 0; node < nodeCount; node++) {
    if (nodeType[node] !== NodeType.string) continue;
    const name = nodeName[node]!;
    const first = firstOf[name]!;
    if (first === -1) {
      firstOf[name] = node;
      continue;
    }
    const size = nodeSelfSize[node]!;
    const key = `${name} ${size}`;
    const group = groups.get(key);
    if (group) {
      group.count++;
      group.waste += size;
    } else if (nodeSelfSize[first] === size) {
      groups.set(key, { name, size, count: 2, waste: size, example: node });
    } else groups.set(key, { name, size, count: 1, waste: 0, example: node });
  }
  return [...groups.values()]
    .filter(({ count }) => count > 1)
    .sort((a, b) => b.waste - a.waste)
    .map(({ name, size, count, waste, example }) => ({
      text: strings.get(name).slice(0, LONGEST_SHOWN),
      count,
      size,
      waste,
      id: nodeId[example]!,
    }));
}

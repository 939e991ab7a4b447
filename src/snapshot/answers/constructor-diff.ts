import type { ConstructorDiffRow } from '../../protocol/snapshot';
import type { HeapGraph } from '../graph/heap-graph';
import { commonClasses } from './common-classes';
import { indexIds } from './object-ids';

/**
 * What came and went between two snapshots of one process, by class: an object whose id is in both is the same one.
 * Sizes are self sizes in bytes; what has no size is not counted. Classes without change are left out.
 * Source: DevTools, `calculateSnapshotDiff`.
 */
export function diffConstructors(base: HeapGraph, target: HeapGraph): ConstructorDiffRow[] {
  const { keys, names, classOf } = commonClasses([base, target]);
  const [before, after] = classOf as [Uint32Array, Uint32Array];
  const added = new Changes(keys.length);
  const removed = new Changes(keys.length);
  const isKept = markKept(base, before, target, after, added);
  for (let node = 0; node < base.nodeCount; node++) {
    const size = base.shallowSize[node]!;
    if (size !== 0 && isKept[node] === 0) removed.count(before[node]!, size);
  }
  return keys.flatMap((key, i) => {
    if (added.counts[i] === 0 && removed.counts[i] === 0) return [];
    return [
      {
        key,
        name: names[i]!,
        addedCount: added.counts[i]!,
        removedCount: removed.counts[i]!,
        addedSize: added.sizes[i]!,
        removedSize: removed.sizes[i]!,
        countDelta: added.counts[i]! - removed.counts[i]!,
        sizeDelta: added.sizes[i]! - removed.sizes[i]!,
      },
    ];
  });
}

/** A flag for each node of `base` that `target` has too, in the same class; all others of `target` are counted. */
function markKept(
  base: HeapGraph,
  before: Uint32Array,
  target: HeapGraph,
  after: Uint32Array,
  added: Changes,
): Uint8Array {
  const inBase = indexIds(base);
  const isKept = new Uint8Array(base.nodeCount);
  for (let node = 0; node < target.nodeCount; node++) {
    const size = target.shallowSize[node]!;
    if (size === 0) continue;
    const old = inBase.get(target.nodeId[node]!);
    if (old !== -1 && before[old] === after[node] && base.shallowSize[old] !== 0) isKept[old] = 1;
    else added.count(after[node]!, size);
  }
  return isKept;
}

/** Objects and bytes by class. */
class Changes {
  readonly counts: Uint32Array;
  readonly sizes: Float64Array;

  constructor(classes: number) {
    this.counts = new Uint32Array(classes);
    this.sizes = new Float64Array(classes);
  }

  count(ofClass: number, size: number): void {
    this.counts[ofClass]!++;
    this.sizes[ofClass]! += size;
  }
}

import { linkTarget, linkType, type SnapshotColumns } from '../reading/columns';
import { EdgeType, NodeType } from '../reading/format';
import { type Sizes, sharedBytes, sharedSizes } from '../reading/shared-memory';
import { ROOT } from './depth-first';
import { at, GraphKernel } from './graph-kernel';

/** Owners are kept as rows plus one: 0 says that nobody has come by. */
const SHARED = 0xffffffff;
/** Its nodes are native ones, but made for strings. */
const EXTERNAL_STRING = 'system / ExternalStringData';

/** Memory of and for the shallow sizes. */
export interface ShallowRoom {
  /** Gets the sizes, where 32 bits are enough. */
  readonly sizes: Uint32Array;
  /** A word per node to work in. */
  readonly owners: Uint32Array;
  /** Two words per node to work in. */
  readonly stack: Uint32Array;
}

export function roomForShallow({ nodeCount, memory }: SnapshotColumns, owners: Uint32Array): ShallowRoom {
  return { sizes: memory.numbers(nodeCount), owners, stack: memory.numbers(2 * nodeCount) };
}

/**
 * Self sizes as a person expects them: what V8 keeps in nodes of its own (backing stores of objects, arrays, Maps)
 * counts for the object that alone reaches it. Sizes in bytes. Source: DevTools, `calculateShallowSizes`.
 * @returns Doubles where 32 bits are not enough; else null, and they stand in `room`.
 */
export function computeShallowSizes(columns: SnapshotColumns, room: ShallowRoom): Sizes | null {
  const { nodeCount, nodeSelfSize } = columns;
  // No node retains more than everything.
  const wide = sumOf(columns) < 2 ** 32 ? null : sharedSizes(nodeCount, Number.POSITIVE_INFINITY);
  const sizes = wide ?? room.sizes;
  sizes.set(nodeSelfSize);
  if (!hasUserRoots(columns)) return wide;
  room.owners.fill(0);
  if (!giveAllCompiled(columns, sizes, room)) giveAllScripted(columns, sizes, room.owners);
  return wide;
}

function sumOf({ nodeCount, nodeSelfSize, memory }: SnapshotColumns): number {
  let total = 0;
  const kernel = GraphKernel.on(memory, [nodeSelfSize]);
  if (kernel) {
    kernel.inSteps(0, nodeCount, (from, to) => {
      total += kernel.run.sum(at(nodeSelfSize), from, to);
    });
  } else for (let node = 0; node < nodeCount; node++) total += nodeSelfSize[node]!;
  return total;
}

/** False when the memory does not allow it, and nothing is done. */
function giveAllCompiled(columns: SnapshotColumns, sizes: Sizes, { owners, stack }: ShallowRoom): boolean {
  const { nodeCount } = columns;
  const kernel = GraphKernel.onHeap(columns, [owners, stack, sizes]);
  if (!kernel) return false;
  const { run } = kernel;
  run.startOwners(at(owners), at(stack), columns.strings.indexOf(EXTERNAL_STRING));
  kernel.inSteps(0, nodeCount, (from, to) => run.findOwners(from, to));
  kernel.inSteps(0, nodeCount, (from, to) => run.giveToOwners(at(sizes), from, to, ROOT));
  return true;
}

function giveAllScripted(columns: SnapshotColumns, sizes: Sizes, owners: Uint32Array): void {
  const { nodeCount } = columns;
  const isInternal = findInternal(columns);
  const search = new OwnerSearch(columns, isInternal, owners);
  for (let node = 0; node < nodeCount; node++) if (isInternal[node] === 0) search.follow(node);
  for (let node = 0; node < nodeCount; node++) {
    if (isInternal[node] === 1) giveToOwner(columns, sizes, owners[node]!, node);
  }
}

function hasUserRoots({ firstEdge, edgeLink, nodeType }: SnapshotColumns): boolean {
  for (let edge = firstEdge[ROOT]!; edge < firstEdge[ROOT + 1]!; edge++) {
    if (nodeType[linkTarget(edgeLink[edge]!)] !== NodeType.synthetic) return true;
  }
  return false;
}

/** A flag per node for those that V8 made for others. */
function findInternal({ nodeCount, nodeType, nodeName, strings }: SnapshotColumns): Uint8Array {
  const externalString = strings.indexOf(EXTERNAL_STRING);
  const isInternal = sharedBytes(nodeCount);
  for (let node = 0; node < nodeCount; node++) {
    const type = nodeType[node]!;
    if (type === NodeType.hidden || type === NodeType.array) isInternal[node] = 1;
    else if (type === NodeType.native && nodeName[node] === externalString) isInternal[node] = 1;
  }
  return isInternal;
}

function giveToOwner({ nodeType }: SnapshotColumns, sizes: Sizes, mark: number, node: number): void {
  if (mark === 0 || mark === SHARED) return;
  const owner = mark - 1;
  if (nodeType[owner] === NodeType.synthetic || owner === ROOT) return;
  sizes[owner]! += sizes[node]!;
  sizes[node] = 0;
}

/** Finds who alone reaches each internal node. */
class OwnerSearch {
  readonly #columns: SnapshotColumns;
  readonly #isInternal: Uint8Array;
  readonly #owners: Uint32Array;
  readonly #stack: number[] = [];

  constructor(columns: SnapshotColumns, isInternal: Uint8Array, owners: Uint32Array) {
    this.#columns = columns;
    this.#isInternal = isInternal;
    this.#owners = owners;
  }

  /** Follows what is found from one node before the next; which comes first makes no difference. */
  follow(start: number): void {
    this.#lookAt(start, start + 1);
    for (let node = this.#stack.pop(); node !== undefined; node = this.#stack.pop()) {
      this.#lookAt(node, this.#owners[node]!);
    }
  }

  #lookAt(node: number, mark: number): void {
    const { firstEdge, edgeLink } = this.#columns;
    const isInternal = this.#isInternal;
    for (let edge = firstEdge[node]!, end = firstEdge[node + 1]!; edge < end; edge++) {
      const link = edgeLink[edge]!;
      const target = linkTarget(link);
      if (isInternal[target] === 1 && linkType(link) !== EdgeType.weak) this.#meet(target, mark);
    }
  }

  #meet(target: number, mark: number): void {
    const owners = this.#owners;
    const current = owners[target]!;
    if (current === mark || current === SHARED) return;
    owners[target] = current === 0 ? mark : SHARED;
    this.#stack.push(target);
  }
}

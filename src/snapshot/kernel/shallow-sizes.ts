import { EDGE_WEAK, NODE_ARRAY, NODE_NATIVE, NODE_SYNTHETIC, TYPE_BITS, TYPE_MASK, word } from './codes';
import { edgeLink, firstEdge, nodeName, nodeType } from './heap';

/** Several nodes lead to an internal one. */
const SHARED: u32 = 0xffffffff;

let owners: usize = 0;
let stack: usize = 0;
let externalString: u32 = 0;

/** `ownersAt` is a word per node, all 0; `stackAt` two words per node to work in. */
export function startOwners(ownersAt: usize, stackAt: usize, externalStringName: u32): void {
  owners = ownersAt;
  stack = stackAt;
  externalString = externalStringName;
}

/** The sum of the words from `from` to `to`. */
export function sum(column: usize, from: u32, to: u32): f64 {
  let total: u64 = 0;
  for (let at = word(column, from); at < word(column, to); at += 4) total += load<u32>(at);
  return <f64>total;
}

/** Whether V8 made a node for others. */
function isInternal(node: u32): bool {
  const type: u32 = load<u8>(nodeType + node);
  return type <= NODE_ARRAY || (type === NODE_NATIVE && load<u32>(word(nodeName, node)) === externalString);
}

/** Follows the nodes from `from` to `to` that are not internal to all internal ones below. */
export function findOwners(from: u32, to: u32): void {
  let edge = load<u32>(word(firstEdge, from));
  for (let node = from; node < to; node++) {
    const end = load<u32>(word(firstEdge, node), 4);
    if (!isInternal(node)) {
      let top = meetInternal(edge, end, node + 1, stack);
      while (top !== stack) {
        top -= 4;
        const below = load<u32>(top);
        const first = load<u32>(word(firstEdge, below));
        const last = load<u32>(word(firstEdge, below), 4);
        top = meetInternal(first, last, load<u32>(word(owners, below)), top);
      }
    }
    edge = end;
  }
}

/** Marks the internal nodes that edges lead to, and puts those whose mark is new on the stack. */
function meetInternal(first: u32, last: u32, mark: u32, stackTop: usize): usize {
  let top = stackTop;
  for (let edge = first; edge < last; edge++) {
    const link = load<u32>(word(edgeLink, edge));
    const target = link >>> TYPE_BITS;
    if (!isInternal(target) || (link & TYPE_MASK) === EDGE_WEAK) continue;
    const owner = word(owners, target);
    const current = load<u32>(owner);
    if (current === mark || current === SHARED) continue;
    store<u32>(owner, current === 0 ? mark : SHARED);
    store<u32>(top, target);
    top += 4;
  }
  return top;
}

/** Adds the sizes of the internal nodes from `from` to `to` to their owners'; `root` takes none. */
export function giveToOwners(sizes: usize, from: u32, to: u32, root: u32): void {
  for (let node = from; node < to; node++) {
    const mark = load<u32>(word(owners, node));
    if (mark === 0 || mark === SHARED) continue;
    const owner = mark - 1;
    if (owner === root || load<u8>(nodeType + owner) === NODE_SYNTHETIC) continue;
    const size = word(sizes, owner);
    store<u32>(size, load<u32>(size) + load<u32>(word(sizes, node)));
    store<u32>(word(sizes, node), 0);
  }
}

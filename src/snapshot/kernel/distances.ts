import {
  EDGE_FROM_TABLE,
  EDGE_INTERNAL,
  EDGE_WEAK,
  NODE_ARRAY,
  NODE_HIDDEN,
  TYPE_BITS,
  TYPE_MASK,
  word,
} from './codes';
import { edgeLink, edgeName, firstEdge, nodeName, nodeType } from './heap';

let isMet: usize = 0;
let queue: usize = 0;
/** A flag per string, 0 when there are no such names. */
let isPairName: usize = 0;
let nativeContext: u32 = 0;
let descriptors: u32 = 0;

/** Behind the last node of the queue. */
export let queueEnd: u32 = 0;

export function startDistances(
  isMetAt: usize,
  queueAt: usize,
  isPairNameAt: usize,
  nativeContextName: u32,
  descriptorsName: u32,
): void {
  isMet = isMetAt;
  queue = queueAt;
  isPairName = isPairNameAt;
  nativeContext = nativeContextName;
  descriptors = descriptorsName;
}

/**
 * Adds what the nodes of the queue from `start` to `end` lead to behind `behind`. It stops at a node whose edges have
 * rules of their own, after some of its edges perhaps, and returns that node's place in the queue.
 */
export function meetNext(start: u32, end: u32, behind: u32): u32 {
  queueEnd = behind;
  let i = start;
  for (; i < end; i++) {
    const node = load<u32>(word(queue, i));
    const type: u32 = load<u8>(nodeType + node);
    if (type <= NODE_ARRAY) {
      const name = load<u32>(word(nodeName, node));
      if (name === (type === NODE_HIDDEN ? nativeContext : descriptors)) break;
    }
    if (!meetTargets(node)) break;
  }
  return i;
}

/** Adds what a node leads to; false at an edge whose name says that it is one of a pair. */
function meetTargets(node: u32): bool {
  let out = queueEnd;
  let edge = load<u32>(word(firstEdge, node));
  const last = load<u32>(word(firstEdge, node), 4);
  for (; edge < last; edge++) {
    const link = load<u32>(word(edgeLink, edge));
    const child = link >>> TYPE_BITS;
    const flags = word(isMet, child >>> 5);
    const bit: u32 = 1 << (child & 31);
    const met = load<u32>(flags);
    if ((met & bit) !== 0) continue;
    const kind = link & TYPE_MASK;
    if (kind === EDGE_WEAK) continue;
    if (isPairName !== 0 && (kind === EDGE_INTERNAL || kind === EDGE_FROM_TABLE)) {
      // What was met of this node is met already when its edges are looked at again.
      if (load<u8>(isPairName + load<u32>(word(edgeName, edge))) !== 0) break;
    }
    store<u32>(flags, met | bit);
    store<u32>(word(queue, out), child);
    out++;
  }
  queueEnd = out;
  return edge === last;
}

/** Gives the nodes of the queue from `start` to `end` their distance. */
export function setDistances(distances: usize, start: u32, end: u32, distance: i32): void {
  for (let at = word(queue, start); at < word(queue, end); at += 4) {
    store<i32>(word(distances, load<u32>(at)), distance);
  }
}

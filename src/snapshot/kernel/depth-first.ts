import { EDGE_FROM_TABLE, EDGE_SHORTCUT, EDGE_WEAK, TYPE_BITS, TYPE_MASK, word } from './codes';

/** Words of a group of edges between branches: see src/snapshot/graph/depth-first.ts. */
const GROUP: u32 = 4;
/** Ways back that are gone before the search is called again. */
const STEPS: u32 = 1 << 15;
/** Three words: a node's number, its next edge, and the end of its edges. */
const FRAME: usize = 12;

let firstEdge: usize = 0;
let edgeLink: usize = 0;
let numberOf: usize = 0;
let vertex: usize = 0;
let parent: usize = 0;
let highest: usize = 0;
let lastCross: usize = 0;
let cross: usize = 0;
let stack: usize = 0;
/** A flag per node that the program owns though it has no number yet; 0 when there are none. */
let ownedOtherwise: usize = 0;
let ownedCount: u32 = 0;
let nextGroup: u32 = 0;

/** How many nodes have a number. */
export let count: u32 = 0;
/** Where edges led that are not essential but make their targets owned: the last one that was met. */
export let skipped: usize = 0;

/** Where the search goes on. */
let number: u32 = 0;
let edge: usize = 0;
let end: usize = 0;
let top: usize = 0;

/** The root has number 1; rows of `numberOf` and `lastCross` are 0. `crossEnd` is the end of the memory of `cross`. */
export function startSearch(
  firstEdgeAt: usize,
  edgeLinkAt: usize,
  numberOfAt: usize,
  vertexAt: usize,
  parentAt: usize,
  highestAt: usize,
  lastCrossAt: usize,
  crossAt: usize,
  crossEnd: usize,
  stackAt: usize,
): void {
  firstEdge = firstEdgeAt;
  edgeLink = edgeLinkAt;
  numberOf = numberOfAt;
  vertex = vertexAt;
  parent = parentAt;
  highest = highestAt;
  lastCross = lastCrossAt;
  cross = crossAt;
  stack = stackAt;
  ownedOtherwise = 0;
  ownedCount = 0;
  nextGroup = GROUP;
  count = 1;
  // An edge that is skipped takes no place among the others: there is one for it at the end of theirs.
  skipped = crossEnd;
}

/** All that was met so far is owned by the program. */
export function setOwned(): void {
  ownedCount = count;
}

export function setOwnedOtherwise(flags: usize): void {
  ownedOtherwise = flags;
}

/** Gives `start`, a child of the number `above`, the next number, and goes nowhere from there. */
export function enter(start: u32, above: u32): void {
  number = ++count;
  store<u32>(word(numberOf, start), number);
  store<u32>(word(vertex, number), start);
  store<u32>(word(parent, number), above);
  store<u32>(word(highest, number), above);
}

/** Visits `start`, a child of the number `above`, and all that is new below it. */
export function visit(start: u32, above: u32): void {
  enter(start, above);
  edge = word(edgeLink, load<u32>(word(firstEdge, start)));
  end = word(edgeLink, load<u32>(word(firstEdge, start + 1)));
  top = stack;
  while (visitSome()) {}
}

/** Goes on for a while; false when all is visited. */
export function visitSome(): bool {
  let at = edge;
  let atEnd = end;
  let own = number;
  let newest = count;
  let steps = STEPS;
  const isOwned = ownedCount === 0;
  for (;;) {
    if (at === atEnd) {
      if (top === stack || --steps === 0) break;
      top -= FRAME;
      own = load<u32>(top);
      at = load<u32>(top, 4);
      atEnd = load<u32>(top, 8);
      continue;
    }
    const link = load<u32>(at);
    at += 4;
    const type = link & TYPE_MASK;
    const child = link >>> TYPE_BITS;
    if (type >= EDGE_SHORTCUT && (type <= EDGE_WEAK || type === EDGE_FROM_TABLE)) {
      if (isOwned && type !== EDGE_WEAK) {
        skipped -= 4;
        store<u32>(skipped, child);
      }
      continue;
    }
    const known = load<u32>(word(numberOf, child));
    if (!isOwned && isBarred(own, child, known)) continue;
    if (known === 0) {
      newest++;
      store<u32>(word(numberOf, child), newest);
      store<u32>(word(vertex, newest), child);
      store<u32>(word(parent, newest), own);
      store<u32>(word(highest, newest), own);
      const first = load<u32>(word(firstEdge, child));
      const last = load<u32>(word(firstEdge, child), 4);
      if (first === last) continue;
      // Nobody comes back to a node that has no further edge.
      if (at !== atEnd) {
        store<u32>(top, own);
        store<u32>(top, <u32>at, 4);
        store<u32>(top, <u32>atEnd, 8);
        top += FRAME;
      }
      own = newest;
      at = word(edgeLink, first);
      atEnd = word(edgeLink, last);
    } else if (known < own) {
      addCross(known, own);
    } else {
      const above = word(highest, known);
      if (load<u32>(above) > own) store<u32>(above, own);
    }
  }
  edge = at;
  end = atEnd;
  number = own;
  count = newest;
  return steps === 0;
}

/** Keeps an edge that leads from `from` to a number of another branch, or of its own way up. */
function addCross(to: u32, from: u32): void {
  const last = word(lastCross, to);
  const place = load<i32>(last);
  if (place <= 0) {
    if (place === 0) store<u32>(last, ~from);
    else if (<u32>place !== ~from) {
      store<u32>(word(cross, nextGroup), ~place, 4);
      store<u32>(word(cross, nextGroup), from, 8);
      store<u32>(last, nextGroup + 2);
      nextGroup += GROUP;
    }
    return;
  }
  if (load<u32>(word(cross, place)) === from) return;
  let next: u32 = place + 1;
  if ((next & (GROUP - 1)) === 0) {
    store<u32>(word(cross, nextGroup), place);
    next = nextGroup + 1;
    nextGroup += GROUP;
  }
  store<u32>(word(cross, next), from);
  store<u32>(last, next);
}

/** An edge from what only V8 owns to what the program owns. */
function isBarred(own: u32, child: u32, known: u32): bool {
  if (ownedOtherwise === 0) return known > 1 && known <= ownedCount && own > ownedCount;
  if (own <= ownedCount || load<u8>(ownedOtherwise + load<u32>(word(vertex, own))) === 1) return false;
  return (known > 1 && known <= ownedCount) || load<u8>(ownedOtherwise + child) === 1;
}

import { word } from './codes';

/** Words of a group of edges between branches. */
const GROUP: u32 = 4;
/** Numbers that are done before the loop is called again. */
const STEPS: u32 = 1 << 15;

let parent: usize = 0;
let least: usize = 0;
let lastCross: usize = 0;
let cross: usize = 0;
let ancestor: usize = 0;
let path: usize = 0;

/** The number that is next, from the last to 2. */
let next: u32 = 0;
/** The numbers of the branch that it is in. */
let branchFirst: u32 = 0;
let branchLast: u32 = 0;
let isEntered: bool = false;

/**
 * Finds the dominators of numbers 2 to `count`, which stand in `ancestorAt` in the end. `highestAt` and `lastCrossAt` are
 * written over, `pathAt` is a word per number to work in.
 */
export function findDominators(
  count: u32,
  parentAt: usize,
  highestAt: usize,
  lastCrossAt: usize,
  crossAt: usize,
  ancestorAt: usize,
  pathAt: usize,
): void {
  parent = parentAt;
  least = highestAt;
  lastCross = lastCrossAt;
  cross = crossAt;
  ancestor = ancestorAt;
  path = pathAt;
  memory.copy(ancestor, parent, (<usize>(count + 1)) << 2);
  next = count;
  branchFirst = count + 1;
  while (next >= 2) findSemidominators();
  next = 2;
  while (next <= count) climb(min(count + 1, next + STEPS));
}

/** The semidominators of the next numbers; they take the places of the numbers' edges. */
export function findSemidominators(): void {
  const stop = next > STEPS + 1 ? next - STEPS : 1;
  for (let i = next; i > stop; i--) {
    if (i < branchFirst) {
      branchLast = i;
      branchFirst = i;
      while (load<u32>(word(parent, branchFirst)) !== 1) branchFirst--;
      isEntered = false;
    }
    let best = load<u32>(word(least, i));
    let place = load<i32>(word(lastCross, i));
    // Edges from later branches were met last.
    if (place !== 0 && startOf(place) > branchLast) best = 1;
    const bound: u32 = isEntered ? 1 : branchFirst;
    while (place !== 0 && best > bound) {
      const candidate = load<u32>(word(least, compress(startOf(place), i)));
      if (candidate < best) best = candidate;
      if (place < 0) break;
      place--;
      if ((<u32>place & (GROUP - 1)) === 0) place = load<i32>(word(cross, place));
    }
    store<u32>(word(lastCross, i), best);
    store<u32>(word(least, i), best);
    if (best === 1) isEntered = true;
  }
  next = stop;
}

/** Where the edge at a place of `cross` starts. */
function startOf(place: i32): u32 {
  return place < 0 ? <u32>~place : load<u32>(word(cross, place));
}

/** The number below `i` on whose way up from `from` the least semidominator is known, with that way made short. */
function compress(from: u32, i: u32): u32 {
  let at = from;
  let above = load<u32>(word(ancestor, at));
  if (above <= i) return at;
  let top = path;
  do {
    store<u32>(top, at);
    top += 4;
    at = above;
    above = load<u32>(word(ancestor, at));
  } while (above > i);
  // Down again: each step learns the least above it, and goes on from where the way ended.
  let smallest = load<u32>(word(least, at));
  do {
    top -= 4;
    at = load<u32>(top);
    const own = load<u32>(word(least, at));
    if (smallest < own) store<u32>(word(least, at), smallest);
    else smallest = own;
    store<u32>(word(ancestor, at), above);
  } while (top !== path);
  return at;
}

/** The dominators of the numbers from `next` on, of their semidominators: whoever walked the ways has no more use for them. */
export function climb(to: u32): void {
  for (let i = next; i < to; i++) {
    const bound = load<u32>(word(lastCross, i));
    let above = load<u32>(word(parent, i));
    while (above > bound) above = load<u32>(word(ancestor, above));
    store<u32>(word(ancestor, i), above);
  }
  next = to;
}

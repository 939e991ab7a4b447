import { word } from './codes';

/** Rows that are done before a loop is called again. */
const STEPS: u32 = 1 << 15;

/** The own sizes and classes of the numbers from `from` to `to`. */
export function bringToNumbers(
  from: u32,
  to: u32,
  vertex: usize,
  shallowSize: usize,
  classOf: usize,
  classes: u32,
  sizes: usize,
  classAt: usize,
): void {
  for (let i = from; i < to; i++) {
    const node = load<u32>(word(vertex, i));
    const own = load<u32>(word(shallowSize, node));
    store<u32>(word(sizes, i), own);
    store<u32>(word(classAt, i), own === 0 ? classes : load<u32>(word(classOf, node)));
  }
}

/**
 * Adds the sizes of the numbers from `from` down to `to` to their dominators', and puts them before their siblings.
 * `firstChild` is all 0 in the beginning.
 */
export function addToDominators(
  from: u32,
  to: u32,
  dominator: usize,
  sizes: usize,
  firstChild: usize,
  nextSibling: usize,
): void {
  for (let i = from; i >= to; i--) {
    const above = load<u32>(word(dominator, i));
    const size = word(sizes, above);
    store<u32>(size, load<u32>(size) + load<u32>(word(sizes, i)));
    const first = word(firstChild, above);
    store<u32>(word(nextSibling, i), load<u32>(first));
    store<u32>(first, i);
  }
}

/**
 * Walks the dominator tree on from number `from`: for a while, and returns where it goes on; 0 when all is done.
 * `sums` are doubles, `isAbove` flags, of each class and one more, whose flag is set.
 */
export function walkClasses(
  from: u32,
  classes: u32,
  dominator: usize,
  sizes: usize,
  classAt: usize,
  firstChild: usize,
  nextSibling: usize,
  sums: usize,
  isAbove: usize,
): u32 {
  let i = from;
  for (let steps = STEPS; steps > 0; steps--) {
    const ofClass = load<u32>(word(classAt, i));
    const child = load<u32>(word(firstChild, i));
    // Those that set their class's flag take it back on the way up.
    if (load<u8>(isAbove + ofClass) === 1) store<u32>(word(classAt, i), classes);
    else {
      const sum = sums + ((<usize>ofClass) << 3);
      store<f64>(sum, load<f64>(sum) + <f64>load<u32>(word(sizes, i)));
      if (child !== 0) store<u8>(isAbove + ofClass, 1);
    }
    if (child !== 0) {
      i = child;
      continue;
    }
    let sibling: u32 = 0;
    while (i !== 1) {
      sibling = load<u32>(word(nextSibling, i));
      if (sibling !== 0) break;
      i = load<u32>(word(dominator, i));
      const above = load<u32>(word(classAt, i));
      if (above < classes) store<u8>(isAbove + above, 0);
    }
    if (i === 1) return 0;
    i = sibling;
  }
  return i;
}

/** Immediate dominators and retained sizes by node, of the numbers from `from` to `to`. */
export function bringToNodes(
  from: u32,
  to: u32,
  vertex: usize,
  dominator: usize,
  sizes: usize,
  dominatorOf: usize,
  retainedSize: usize,
): void {
  for (let i = from; i < to; i++) {
    const node = load<u32>(word(vertex, i));
    store<u32>(word(dominatorOf, node), load<u32>(word(vertex, load<u32>(word(dominator, i)))));
    store<u32>(word(retainedSize, node), load<u32>(word(sizes, i)));
  }
}

/** Count, self size and least distance of each class: of the nodes from `from` to `to`. */
export function countClasses(
  from: u32,
  to: u32,
  classOf: usize,
  shallowSize: usize,
  distances: usize,
  counts: usize,
  selfSizes: usize,
  leastDistances: usize,
): void {
  for (let node = from; node < to; node++) {
    const size = load<u32>(word(shallowSize, node));
    if (size === 0) continue;
    const ofClass = load<u32>(word(classOf, node));
    const count = word(counts, ofClass);
    store<u32>(count, load<u32>(count) + 1);
    const selfSize = selfSizes + ((<usize>ofClass) << 3);
    store<f64>(selfSize, load<f64>(selfSize) + <f64>size);
    const distance = load<i32>(word(distances, node));
    const least = word(leastDistances, ofClass);
    if (distance < load<i32>(least)) store<i32>(least, distance);
  }
}

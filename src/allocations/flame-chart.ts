import type { ProfileTree } from './profile-tree';

/** Narrower than this share of the width, a frame is less than a pixel. */
const LEAST_SHARE = 1 / 2500;
/** More frames than a person tells apart, and than a page should be sent at once. */
const MOST_FRAMES = 6000;

/** A frame before it is named. */
export interface FlameCell {
  readonly node: number;
  /** Ancestors of the zoomed frame stand above it, at depths below 0. */
  readonly depth: number;
  readonly start: number;
}

/**
 * Lays a part of a profile out: `root` fills the width, its ancestors stand above it, and below each frame what it
 * called, widest first. Frames that would not be seen are counted only.
 */
export function layOut(tree: ProfileTree, root: number): { cells: FlameCell[]; hidden: number } {
  const cells: FlameCell[] = [];
  const ancestors: number[] = [];
  for (let node = tree.parents[root]!; node >= 0; node = tree.parents[node]!) ancestors.push(node);
  for (const [i, node] of ancestors.entries()) cells.push({ node, depth: -1 - i, start: 0 });
  cells.reverse();
  const least = tree.totalSizes[root]! * LEAST_SHARE;
  let hidden = 0;
  // Row by row, so that when there are too many it is the deepest that are left out.
  let row: FlameCell[] = [{ node: root, depth: 0, start: 0 }];
  while (row.length > 0) {
    const next: FlameCell[] = [];
    for (const cell of row) {
      if (cells.length >= MOST_FRAMES) {
        hidden += tree.ends[cell.node]! - cell.node;
        continue;
      }
      cells.push(cell);
      let { start } = cell;
      for (const child of childrenOf(tree, cell.node)) {
        const total = tree.totalSizes[child]!;
        if (total < least || total === 0) hidden += tree.ends[child]! - child;
        else next.push({ node: child, depth: cell.depth + 1, start });
        start += total;
      }
    }
    row = next;
  }
  return { cells, hidden };
}

/** Widest first. */
function childrenOf(tree: ProfileTree, node: number): number[] {
  const children: number[] = [];
  for (let child = node + 1; child < tree.ends[node]!; child = tree.ends[child]!) children.push(child);
  return children.sort((a, b) => tree.totalSizes[b]! - tree.totalSizes[a]!);
}

import type { ProfileTree } from './profile-tree';

/** Self and total bytes of each group. */
export interface GroupTotals {
  readonly selfSizes: Float64Array;
  readonly totalSizes: Float64Array;
}

/**
 * Adds a profile up by groups of functions: by function itself, by file, by package. What a group allocates while it
 * is on the stack already (recursion, a package's functions that call each other) counts once in its total.
 * @param groupOf The group of each function, from 0 to before `groups`.
 */
export function totalsBy(tree: ProfileTree, groupOf: Int32Array, groups: number): GroupTotals {
  const selfSizes = new Float64Array(groups);
  const totalSizes = new Float64Array(groups);
  const active = new Int32Array(groups);
  const stack: number[] = [];
  for (let row = 0; row < tree.size; row++) {
    while (stack.length > 0 && tree.ends[stack.at(-1)!]! <= row)
      active[groupOf[tree.functionOf[stack.pop()!]!]!]!--;
    const group = groupOf[tree.functionOf[row]!]!;
    selfSizes[group]! += tree.selfSizes[row]!;
    if (active[group] === 0) totalSizes[group]! += tree.totalSizes[row]!;
    active[group]!++;
    stack.push(row);
  }
  return { selfSizes, totalSizes };
}

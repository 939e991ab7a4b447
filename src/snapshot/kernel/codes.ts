/** The codes of src/snapshot/reading/format.ts and the layout of links of src/snapshot/reading/columns.ts. */

export const TYPE_BITS: u32 = 4;
export const TYPE_MASK: u32 = (1 << TYPE_BITS) - 1;

export const EDGE_PROPERTY: u32 = 2;
export const EDGE_INTERNAL: u32 = 3;
export const EDGE_SHORTCUT: u32 = 5;
export const EDGE_WEAK: u32 = 6;
export const EDGE_FROM_TABLE: u32 = 15;

export const NODE_HIDDEN: u32 = 0;
export const NODE_ARRAY: u32 = 1;
export const NODE_OBJECT: u32 = 3;
export const NODE_NATIVE: u32 = 8;
export const NODE_SYNTHETIC: u32 = 9;

/** Where row `row` of a column of words lies. */
export function word(column: usize, row: u32): usize {
  return column + ((<usize>row) << 2);
}

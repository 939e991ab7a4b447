import { word } from './codes';

/** Turns the rows from `from` to `to` of a column into sums of all up to each, `before` with them; returns the last one. */
export function addUp(column: usize, from: u32, to: u32, before: f64): f64 {
  // Past 32 bits the rows are wrong, but the sum tells.
  let sum = <u64>before;
  const end = word(column, to);
  for (let at = word(column, from); at < end; at += 4) {
    sum += load<u32>(at);
    store<u32>(at, <u32>sum);
  }
  return <f64>sum;
}

/** Turns places of nodes in the file, the first word of each location, into rows; false when one is of no node. */
export function findNodes(locations: usize, rows: u32, nodeWidth: u32, nodeCount: u32): bool {
  const end = locations + ((<usize>rows) << 4);
  for (let at = locations; at < end; at += 16) {
    const place = load<u32>(at);
    const node = place / nodeWidth;
    if (node >= nodeCount || node * nodeWidth !== place) return false;
    store<u32>(at, node);
  }
  return true;
}

import type { SnapshotColumns } from '../reading/columns';
import { at, GraphKernel } from './graph-kernel';

/**
 * Brings locations into the order of their nodes, in their own memory; V8 writes them in another. Of two of one node
 * the later one counts. Whoever is stopped meanwhile leaves them useless.
 * @param places Memory to work in, a word per node.
 * @param room The same, a word per location.
 */
export function sortLocations(
  { locations, nodeCount, memory }: SnapshotColumns,
  places: Uint32Array,
  room: Uint32Array,
): Uint32Array {
  const rows = locations.length / 4;
  places.fill(0);
  const kernel = rows <= room.length ? GraphKernel.on(memory, [locations, places, room]) : null;
  if (!kernel) return locations.subarray(0, 4 * sortScripted(locations, nodeCount, places));
  const counted = kernel.run.sortLocations(at(locations), rows, nodeCount, at(places), at(room)) >>> 0;
  return locations.subarray(0, 4 * counted);
}

function sortScripted(locations: Uint32Array, nodeCount: number, places: Uint32Array): number {
  const rows = locations.length / 4;
  for (let row = 0; row < rows; row++) places[locations[row * 4]!] = row + 1;
  // Where each row goes; those that do not count go to the end.
  const targets = new Uint32Array(rows);
  let counted = 0;
  for (let node = 0; node < nodeCount; node++) {
    if (places[node] !== 0) targets[places[node]! - 1] = ++counted;
  }
  let end = counted;
  for (let row = 0; row < rows; row++) if (targets[row] === 0) targets[row] = ++end;
  for (let row = 0; row < rows; row++) {
    while (targets[row] !== row + 1) swapRows(locations, targets, row, targets[row]! - 1);
  }
  return counted;
}

function swapRows(locations: Uint32Array, targets: Uint32Array, a: number, b: number): void {
  const target = targets[a]!;
  targets[a] = targets[b]!;
  targets[b] = target;
  for (let i = 0; i < 4; i++) {
    const word = locations[a * 4 + i]!;
    locations[a * 4 + i] = locations[b * 4 + i]!;
    locations[b * 4 + i] = word;
  }
}

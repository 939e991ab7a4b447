import * as fs from 'node:fs';

/** The header of a snapshot of three nodes and two edges. */
export const SPARSE_HEADER = JSON.stringify({
  meta: {
    node_fields: ['type', 'name', 'id', 'self_size', 'edge_count'],
    node_types: [['synthetic', 'object']],
    edge_fields: ['type', 'name_or_index', 'to_node'],
    edge_types: [['shortcut', 'property']],
  },
  node_count: 3,
  edge_count: 2,
});

/** Writes parts one after the other; a number is a hole of so many zero bytes, which takes no room on the disk. */
export function writeSparse(file: string, parts: readonly (string | number)[]): void {
  const descriptor = fs.openSync(file, 'w');
  let at = 0;
  for (const part of parts) {
    if (typeof part === 'string') fs.writeSync(descriptor, part, at);
    at += typeof part === 'number' ? part : Buffer.byteLength(part);
  }
  fs.closeSync(descriptor);
}

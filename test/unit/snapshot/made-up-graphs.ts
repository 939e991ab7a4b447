import fc from 'fast-check';
import { EDGE_TYPES, NODE_TYPES } from '../../../src/snapshot/reading/format';

/** Names that rules know, and others. */
const NAMES = [
  'Object',
  'Thing',
  '3',
  'sloppy_function_map',
  'system / NativeContext',
  'system / ExternalStringData',
  '(map descriptors)',
  '(Document DOM trees)',
  ...[1, 2, 3].map(
    (id) => `${id} / part of key (a @${id}) -> value (b @${id + 1}) pair in WeakMap (table @${2 * id + 1})`,
  ),
];

const node = fc.record({
  type: fc.nat(NODE_TYPES.length - 1),
  name: fc.nat(NAMES.length - 1),
  size: fc.oneof(fc.constant(0), fc.nat(1000), fc.constant(2 ** 32 - 1)),
});

/** Small graphs of nodes and edges of all kinds, most of which V8 would never write. */
export const graphs = fc.array(node, { minLength: 2, maxLength: 14 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    edges: fc.array(
      fc.record({
        from: fc.nat(nodes.length - 1),
        type: fc.nat(EDGE_TYPES.length - 1),
        name: fc.nat(NAMES.length - 1),
        to: fc.nat(nodes.length - 1),
      }),
      { minLength: 1, maxLength: 60 },
    ),
    locations: fc.array(
      fc.record({
        of: fc.nat(nodes.length - 1),
        script: fc.nat(2),
        line: fc.nat(2),
        column: fc.oneof(fc.nat(2), fc.constant(-1)),
      }),
      { maxLength: nodes.length },
    ),
    isWide: fc.boolean(),
  }),
);

export type Graph = typeof graphs extends fc.Arbitrary<infer Value> ? Value : never;

/** The file that V8 would write of it. */
export function bytesOf({ nodes, edges, locations, isWide }: Graph): Uint8Array {
  const rows = nodes.map((_, from) => edges.filter((edge) => edge.from === from));
  // A root that leads nowhere is refused.
  if (rows[0]!.length === 0) rows[0]!.push({ from: 0, type: EDGE_TYPES.indexOf('shortcut'), name: 0, to: 1 });
  const snapshot = {
    snapshot: {
      meta: {
        node_fields: ['type', 'name', 'id', 'self_size', 'edge_count'],
        node_types: [NODE_TYPES],
        edge_fields: ['type', 'name_or_index', 'to_node'],
        edge_types: [EDGE_TYPES],
        location_fields: ['object_index', 'script_id', 'line', 'column'],
      },
      node_count: nodes.length,
      edge_count: rows.flat().length,
    },
    nodes: nodes.flatMap(({ type, name, size }, i) => [
      i === 0 ? NODE_TYPES.indexOf('synthetic') : type,
      name,
      2 * i + 1,
      // All together, sizes stay in 32 bits or do not.
      isWide ? size : size % 1000,
      rows[i]!.length,
    ]),
    edges: rows.flat().flatMap(({ type, name, to }) => [type, name, 5 * to]),
    locations: locations.flatMap(({ of, script, line, column }) => [5 * of, script, line, column]),
    strings: NAMES,
  };
  return new TextEncoder().encode(JSON.stringify(snapshot));
}

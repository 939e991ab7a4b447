import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type LoadOptions, loadBytes } from '../../../src/snapshot/load';

/** A snapshot of a made-up graph: node 0 is V8's root, edges are properties unless they leave the root. */
function snapshotOf(nodeCount: number, edges: readonly (readonly [from: number, to: number])[]): Uint8Array {
  const bySource = Array.from({ length: nodeCount }, (_, node) => edges.filter(([from]) => from === node));
  const meta = {
    node_fields: ['type', 'name', 'id', 'self_size', 'edge_count'],
    node_types: [['synthetic', 'object'], 'string', 'number', 'number', 'number'],
    edge_fields: ['type', 'name_or_index', 'to_node'],
    edge_types: [['property', 'shortcut'], 'string_or_number', 'node'],
  };
  const snapshot = {
    snapshot: { meta, node_count: nodeCount, edge_count: edges.length },
    nodes: bySource.flatMap((own, node) => [node === 0 ? 0 : 1, 0, node + 1, node + 10, own.length]),
    edges: bySource.flatMap((own, node) => own.flatMap(([, to]) => [node === 0 ? 1 : 0, 0, to * 5])),
    strings: ['name'],
  };
  return new TextEncoder().encode(JSON.stringify(snapshot));
}

/** Hands the bytes out a few at a time, so that every border falls somewhere. */
const source = (bytes: Uint8Array, step: number) => {
  let at = 0;
  return {
    length: bytes.length,
    read(target: Uint8Array) {
      const part = bytes.subarray(at, at + Math.min(step, target.length));
      target.set(part);
      at += part.length;
      return part.length;
    },
  };
};

/** What can be reached from the root without going through `removed`. */
function reachable(
  nodeCount: number,
  edges: readonly (readonly [number, number])[],
  removed: number,
): Set<number> {
  const seen = new Set<number>(removed === 0 ? [] : [0]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [from, to] of edges) {
      if (!seen.has(from) || seen.has(to) || to === removed) continue;
      seen.add(to);
      grew = true;
    }
  }
  return seen.size <= nodeCount ? seen : new Set();
}

const graphs = fc.integer({ min: 2, max: 12 }).chain((nodeCount) =>
  fc.record({
    nodeCount: fc.constant(nodeCount),
    // A root that leads nowhere is refused.
    edges: fc
      .array(fc.tuple(fc.nat(nodeCount - 1), fc.integer({ min: 1, max: nodeCount - 1 })), { maxLength: 30 })
      .filter((edges) => edges.some(([from]) => from === 0)),
    step: fc.integer({ min: 1, max: 9 }),
  }),
);

for (const [language, fewestNodes] of [
  ['JavaScript', Number.POSITIVE_INFINITY],
  ['WebAssembly', 0],
] as const) {
  describeIn(language, { fewestNodes });
}

function describeIn(language: string, options: LoadOptions) {
  describe(`dominators and retained sizes in ${language}`, function () {
    this.timeout(120_000);

    it('are those of the definition: what goes when the object goes', () => {
      fc.assert(
        fc.property(graphs, ({ nodeCount, edges, step }) => {
          const graph = loadBytes(source(snapshotOf(nodeCount, edges), step), options);
          const all = reachable(nodeCount, edges, -1);
          for (const node of all) {
            if (node === 0) continue;
            const without = reachable(nodeCount, edges, node);
            const gone = [...all].filter((other) => !without.has(other));
            const size = gone.reduce((total, other) => total + graph.shallowSize[other]!, 0);
            assert.equal(graph.retainedSize[node], size, `node ${node} of ${JSON.stringify(edges)}`);
          }
        }),
        { numRuns: 1500 },
      );
    });

    it('are those of DevTools for what cannot be reached', () => {
      fc.assert(
        fc.property(graphs, ({ nodeCount, edges, step }) => {
          const graph = loadBytes(source(snapshotOf(nodeCount, edges), step), options);
          const owned = reachable(nodeCount, edges, -1);
          const others = Array.from({ length: nodeCount }, (_, node) => node).filter(
            (node) => !owned.has(node),
          );
          // What the program owns is not held by anything else.
          const among = edges.filter(([from, to]) => !owned.has(from) && !owned.has(to) && from !== to);
          const tops = others.filter((node) => !among.some(([, to]) => to === node));
          const below = [...among, ...tops.map((node) => [0, node] as const)];
          const hanging = reachable(nodeCount, below, -1);
          for (const node of others) {
            const without = reachable(nodeCount, below, node);
            const gone = hanging.has(node) ? [...hanging].filter((other) => !without.has(other)) : [node];
            const size = gone.reduce((total, other) => total + graph.shallowSize[other]!, 0);
            assert.equal(graph.retainedSize[node], size, `node ${node} of ${JSON.stringify(edges)}`);
          }
        }),
        { numRuns: 1500 },
      );
    });

    it('are exact where sizes and ids are past 32 bits', () => {
      const large = snapshotOf(3, [
        [0, 1],
        [1, 2],
      ]);
      const text = new TextDecoder()
        .decode(large)
        .replace('1,0,2,11,', `1,0,${2 ** 33 + 1},${2 ** 34},`)
        .replace('1,0,3,12,', `1,0,3,${2 ** 33},`);
      const graph = loadBytes(source(new TextEncoder().encode(text), 7), options);
      assert.equal(graph.nodeId[1], 2 ** 33 + 1);
      assert.equal(graph.retainedSize[1], 2 ** 34 + 2 ** 33);
      assert.equal(graph.retainedSize[0], 2 ** 34 + 2 ** 33 + 10);
    });

    it('add up to the whole at the root, whatever cannot be reached', () => {
      fc.assert(
        fc.property(graphs, ({ nodeCount, edges, step }) => {
          const graph = loadBytes(source(snapshotOf(nodeCount, edges), step), options);
          const whole = Array.from(graph.shallowSize).reduce((total, size) => total + size, 0);
          assert.equal(graph.retainedSize[0], whole);
        }),
        { numRuns: 500 },
      );
    });
  });
}

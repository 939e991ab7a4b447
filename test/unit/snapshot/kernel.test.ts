import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadBytes } from '../../../src/snapshot/load';
import { bytesOf, graphs } from './made-up-graphs';

function load(bytes: Uint8Array, fewestNodes: number) {
  let at = 0;
  const read = (target: Uint8Array) => {
    const part = bytes.subarray(at, at + target.length);
    target.set(part);
    at += part.length;
    return part.length;
  };
  const loaded = loadBytes({ length: bytes.length, read }, { fewestNodes });
  const { shallowSize, retainedSize, distance, dominatorOf, classes, classTotals, locations } = loaded;
  assert.equal(loaded.memory.wasm === null, fewestNodes > 0);
  return { shallowSize, retainedSize, distance, dominatorOf, classes, classTotals, locations };
}

describe('what is computed of a graph', function () {
  this.timeout(120_000);

  it('is the same in WebAssembly and in JavaScript, whatever kinds of nodes and edges there are', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const bytes = bytesOf(graph);
        assert.deepEqual(load(bytes, 0), load(bytes, Number.POSITIVE_INFINITY));
      }),
      { numRuns: 2000 },
    );
  });
});

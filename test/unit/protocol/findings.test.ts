import * as assert from 'node:assert/strict';
import { perOperationInWords } from '../../../src/protocol/findings';

describe('what a finding grows by', () => {
  it('is counted in what it holds', () => {
    const perOperation = { objects: 1, bytes: 1024 };
    assert.equal(perOperationInWords({ kind: 'map', perOperation }), '1 entry and 1.0 kB');
    assert.equal(perOperationInWords({ kind: 'listeners', perOperation }), '1 listener and 1.0 kB');
    assert.equal(
      perOperationInWords({ kind: 'closure', perOperation: { objects: 2.5, bytes: 80 } }),
      '2.5 objects and 80 B',
    );
  });

  it('is told once where bytes are what is counted', () => {
    const perOperation = { objects: 4096, bytes: 4096 };
    assert.equal(perOperationInWords({ kind: 'string', unit: 'bytes', perOperation }), '4.1 kB');
  });

  it('is not told where the operations were not counted', () => {
    assert.equal(perOperationInWords({ kind: 'map', perOperation: null }), null);
  });
});

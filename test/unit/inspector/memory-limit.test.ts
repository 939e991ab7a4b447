import assert from 'node:assert/strict';
import * as os from 'node:os';
import { findMemoryLimit } from '../../../src/inspector/memory-limit';

describe('the memory limit of a process', () => {
  it('is never more than the machine has, and says whose it is', async () => {
    const { bytes, source } = await findMemoryLimit(process.pid);
    assert.ok(bytes > 50e6 && bytes <= os.totalmem(), String(bytes));
    assert.equal(source, bytes < os.totalmem() ? 'container' : 'machine');
  });

  it('is the machine’s for a process that is gone', async () => {
    assert.deepEqual(await findMemoryLimit(2 ** 30), { bytes: os.totalmem(), source: 'machine' });
  });
});

import assert from 'node:assert/strict';
import * as path from 'node:path';
import { baseFiles } from '../../fuzz/bases';
import { fuzz } from '../../fuzz/fuzz';
import { distFolder } from '../../host/cache-folder';

describe('damaged snapshots', function () {
  this.timeout(120_000);

  it('open or are refused with what is wrong and where, whatever the damage', async () => {
    const bases = await baseFiles(path.join(distFolder(), 'snapshot-worker.js'));
    const { outcomes, failures } = fuzz(bases, 800, 1);
    assert.deepEqual(failures.slice(0, 5), []);
    for (const outcome of ['opened', 'not-a-snapshot', 'snapshot-truncated', 'snapshot-corrupt']) {
      assert.ok((outcomes[outcome] ?? 0) > 20, `${outcome}: ${outcomes[outcome]}`);
    }
  });
});

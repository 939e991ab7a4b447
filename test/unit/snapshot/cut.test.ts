import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { HeapwrightError } from '../../../src/protocol/errors';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { distFolder } from '../../host/cache-folder';
import { makeSnapshots, type SnapshotFolder } from './make-snapshot';
import { askDevTools } from './oracle';

const PROGRAM = `
class Account { constructor(i) { this.email = ['person', i, '@example.com'].join(''); this.tags = new Set([{ tag: 'gold' }]); this.secrets = new WeakMap([[this.tags, { deep: i }]]); } }
const registry = globalThis.registry = { accounts: new Map(), other: 'unrelated text' };
for (let i = 0; i < 200; i++) registry.accounts.set('key-of-' + i, new Account(i));
registry.byMail = Object.fromEntries([...registry.accounts.values()].map((account) => [account.email, account]));
snapshot('a');
`;

describe('a part of a snapshot as a file of its own', function () {
  this.timeout(120_000);
  const engine = new SnapshotEngine(path.join(distFolder(), 'snapshot-worker.js'));
  let folder: SnapshotFolder;
  before(async () => {
    folder = await makeSnapshots(PROGRAM);
  });
  after(async () => {
    await engine.dispose();
    await folder?.dispose();
  });

  async function registryOf(file: string) {
    const snapshot = await engine.open(file);
    const { rows } = await snapshot.search('prop:accounts prop:byMail', { limit: 1 });
    return { snapshot, registry: rows[0]! };
  }

  it('holds what the object retains, with the same ids and sizes, and DevTools opens it', async () => {
    const { snapshot, registry } = await registryOf(folder.file('a'));
    const out = folder.file('part');
    const { nodeCount } = await snapshot.cut(registry.id, out);
    assert.ok(nodeCount > 1000 && nodeCount < snapshot.info.nodeCount / 2);
    assert.ok((await fs.stat(out)).size < (await fs.stat(folder.file('a'))).size / 2);
    const part = await registryOf(out);
    assert.equal(part.registry.id, registry.id);
    assert.equal(part.registry.selfSize, registry.selfSize);
    assert.equal((await part.snapshot.search('class:Account type:object')).total, 200);
    const [way] = await part.snapshot.retainingPaths(registry.id, 1);
    assert.ok(way?.some(({ edge }) => edge?.name === 'registry'));
    const [answer] = await askDevTools(out);
    assert.ok(answer && 'objects' in answer);
    const { objects } = answer;
    assert.ok(objects.length > 1000);
    const ours = new Map(
      (await part.snapshot.search('self>0B', { limit: 1e6 })).rows.map((row) => [row.id, row]),
    );
    for (const { id, retainedSize, distance } of objects) {
      assert.equal(ours.get(id)?.retainedSize, retainedSize, `@${id}`);
      assert.equal(ours.get(id)?.distance, distance, `@${id}`);
    }
  });

  it('may hold only the ways to the object', async () => {
    const { snapshot, registry } = await registryOf(folder.file('a'));
    const { nodeCount } = await snapshot.cut(registry.id, folder.file('way'), { subtree: false, paths: 1 });
    assert.ok(nodeCount >= 3 && nodeCount < 20, String(nodeCount));
    const { rows } = await (await engine.open(folder.file('way'))).search(`@${registry.id}`);
    assert.equal(rows.length, 1);
  });

  it('keeps contents to itself when asked to, but not the structure', async () => {
    const { snapshot, registry } = await registryOf(folder.file('a'));
    await snapshot.cut(registry.id, folder.file('redacted'), { redact: true });
    const text = await fs.readFile(folder.file('redacted'), 'utf8');
    for (const secret of ['@example.com', 'key-of-', 'gold', 'unrelated text']) {
      assert.ok(!text.includes(secret), secret);
    }
    const part = await registryOf(folder.file('redacted'));
    assert.equal((await part.snapshot.search('class:Account prop:tags')).total, 200);
  });

  it('says when it cannot be written, and leaves nothing behind', async () => {
    const { snapshot, registry } = await registryOf(folder.file('a'));
    const out = path.join(folder.file('nowhere'), 'part.heapsnapshot');
    await assert.rejects(
      snapshot.cut(registry.id, out),
      (error) =>
        error instanceof HeapwrightError &&
        error.code === 'storage-unwritable' &&
        error.message.includes(out),
    );
    await assert.rejects(
      snapshot.cut(4, folder.file('none')),
      (error) => error instanceof HeapwrightError && error.code === 'bad-argument',
    );
    await assert.rejects(fs.stat(folder.file('none')));
  });
});

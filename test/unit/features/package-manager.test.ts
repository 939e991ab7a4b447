import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { addArguments, packageManagerOf } from '../../../src/features/quick-fixes/package-manager';

describe('package manager of a project', () => {
  let root: string;
  beforeEach(async () => {
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-manager-'));
  });
  afterEach(() => fs.rm(root, { recursive: true }));

  for (const [lockFile, manager] of [
    ['package-lock.json', 'npm'],
    ['pnpm-lock.yaml', 'pnpm'],
    ['yarn.lock', 'yarn'],
    ['bun.lock', 'bun'],
  ] as const) {
    it(`is ${manager} where ${lockFile} lies at the root of a workspace`, async () => {
      const member = path.join(root, 'packages/member');
      await fs.mkdir(member, { recursive: true });
      await fs.writeFile(path.join(root, lockFile), '');
      assert.equal(await packageManagerOf(member), manager);
    });
  }

  it('prefers the nearest lock file', async () => {
    const member = path.join(root, 'member');
    await fs.mkdir(member);
    await fs.writeFile(path.join(root, 'yarn.lock'), '');
    await fs.writeFile(path.join(member, 'pnpm-lock.yaml'), '');
    assert.equal(await packageManagerOf(member), 'pnpm');
  });

  it('adds with the manager’s own words', () => {
    assert.deepEqual(addArguments('npm', 'lru-cache', '^11.0.0'), [
      'install',
      '--save-prod',
      'lru-cache@^11.0.0',
    ]);
    assert.deepEqual(addArguments('yarn', 'lru-cache', '^11.0.0'), ['add', 'lru-cache@^11.0.0']);
  });
});

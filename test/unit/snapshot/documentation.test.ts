import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import { distFolder, projectRoot } from '../../host/cache-folder';
import { makeSnapshots, type SnapshotFolder } from './make-snapshot';

describe('the example in docs/snapshot-engine.md', function () {
  this.timeout(120_000);
  let folder: SnapshotFolder | undefined;
  after(() => folder?.dispose());

  it('runs as it stands there', async () => {
    const page = await fs.readFile(path.join(projectRoot(), 'docs/snapshot-engine.md'), 'utf8');
    const example = /```ts\n(.*?)```/s.exec(page)?.[1];
    assert.ok(example);
    folder = await makeSnapshots(`globalThis.cache = new Map([['key', { of: 'it' }]]); snapshot('a');`);
    const outfile = path.join(path.dirname(folder.file('a')), 'example.mjs');
    await esbuild.build({
      stdin: { contents: example, resolveDir: projectRoot(), loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
      logLevel: 'silent',
    });
    // It looks for the worker below the folder it runs in.
    const { stdout } = await promisify(execFile)(process.execPath, [outfile, folder.file('a')], {
      cwd: path.dirname(distFolder()),
    });
    const lines = stdout.trim().split('\n');
    assert.equal(lines.length, 6);
    assert.match(lines[0]!, /^\S.* \d+ \d+$/);
    assert.match(lines[5]!, / → /);
  });
});

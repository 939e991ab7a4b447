import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { projectRoot } from '../host/cache-folder';
import { HeapPanel } from './workbench/heap-panel';
import { Workbench } from './workbench/workbench';

describe('the packaged extension', function () {
  this.timeout(120_000);
  let folder: string;
  let workbench: Workbench | undefined;

  before(async () => {
    folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-package-')));
  });

  after(async () => {
    await workbench?.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('installs from its .vsix and runs', async () => {
    const vsix = path.join(folder, 'heapwright.vsix');
    execFileSync(
      process.execPath,
      [
        path.join(projectRoot(), 'node_modules/@vscode/vsce/vsce'),
        ...['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'],
        ...['--out', vsix],
      ],
      { cwd: projectRoot(), stdio: 'pipe' },
    );
    const { size } = await fs.stat(vsix);
    assert.ok(size < 20_000_000, `the package has ${size} bytes: something large got into it`);
    const workspace = path.join(folder, 'workspace');
    await fs.mkdir(workspace);
    workbench = await Workbench.open({ workspace, vsix });
    await workbench.command('Heapwright: Open Live Heap Panel');
    const panel = new HeapPanel(workbench);
    await panel.get('attach').waitFor();
    assert.equal(await panel.text('target'), 'No process attached');
  });
});

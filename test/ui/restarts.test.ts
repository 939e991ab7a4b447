import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { cacheEntry } from '../host/cache-entry';
import { nodeBinary } from '../host/node-binary';
import { npmInstall } from '../host/npm';
import { HeapPanel } from './workbench/heap-panel';
import { Workbench } from './workbench/workbench';

const SOURCE = `require('node:fs').writeFileSync(__dirname + '/pid.txt', String(process.pid));\nsetInterval(() => {}, 1000);\n`;

const NODEMON = '3.1.14';
const TSX = '4.23.15';

/** The real watchers that people use, each with the flags that its manual gives. */
const WATCHERS = [
  { name: 'node --watch', command: async () => [await nodeBinary(22), '--watch', '--inspect=0', 'app.cjs'] },
  {
    name: 'nodemon',
    command: async () => {
      const folder = await cacheEntry(`nodemon-${NODEMON}`, (temporary) =>
        npmInstall(temporary, [`nodemon@${NODEMON}`]),
      );
      const nodemon = path.join(folder, 'node_modules/nodemon/bin/nodemon.js');
      return [process.execPath, nodemon, '--ext', 'cjs', '--inspect=0', 'app.cjs'];
    },
  },
  {
    name: 'tsx watch',
    command: async () => {
      const folder = await cacheEntry(`tsx-${TSX}`, (temporary) => npmInstall(temporary, [`tsx@${TSX}`]));
      const tsx = path.join(folder, 'node_modules/tsx/dist/cli.mjs');
      return [process.execPath, tsx, 'watch', '--inspect=0', 'app.cjs'];
    },
  },
] as const;

describe('restarts are followed', function () {
  this.timeout(120_000);
  let folder: string;
  let watcher: ChildProcess | undefined;
  let workbench: Workbench;

  before(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-restarts-'));
    workbench = await Workbench.open({ workspace: folder, settings: { 'heapwright.sampleInterval': 200 } });
  });

  after(async () => {
    await workbench?.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('restarts-failed');
    if (watcher?.pid) process.kill(-watcher.pid, 'SIGKILL');
    await workbench?.notifications.clear();
  });

  const pidOf = async () => Number(await fs.readFile(path.join(folder, 'pid.txt'), 'utf8').catch(() => ''));

  async function pidOtherThan(pid: number): Promise<number> {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
      const now = await pidOf();
      if (now !== 0 && now !== pid) return now;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('The program was not started');
  }

  /** The list is read when it opens: a watcher that takes the file just written for a change has another process then. */
  async function attachToProgram(): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      const pid = await pidOf();
      const row = new RegExp(`pid ${pid}\\b.*inspector`);
      await workbench.command('Heapwright: Attach to Node Process...');
      if (attempt === 5 || (await workbench.quickInput.offers(row, 3000))) {
        await workbench.quickInput.choose(row);
        return pid;
      }
      await workbench.quickInput.dismiss();
    }
  }

  for (const { name, command } of WATCHERS) {
    it(`of ${name}, without a click, and the time line goes on`, async () => {
      const file = path.join(folder, 'app.cjs');
      const earlier = await pidOf();
      await fs.writeFile(file, SOURCE);
      const [program, ...args] = await command();
      watcher = spawn(program!, args, { cwd: folder, stdio: 'ignore', detached: true });
      await pidOtherThan(earlier);
      const first = await attachToProgram();
      const panel = new HeapPanel(workbench);
      await panel.body.getByText(`pid ${first} · Node`).waitFor();
      await panel.get('heap-used').waitFor();
      const chart = panel.get('chart');
      const told = async () => (await chart.getAttribute('aria-description')) ?? '';
      await panel.body.locator('[data-testid="chart"][aria-description^="Since"]').waitFor();
      const since = await told();
      assert.doesNotMatch(since, /Restart/);
      await fs.appendFile(file, '// changed\n');
      const second = await pidOtherThan(first);
      await panel.body.getByText(`pid ${second} · Node`).waitFor({ timeout: 30_000 });
      await panel.get('heap-used').waitFor();
      assert.equal(await panel.text('target'), 'app.cjs');
      await workbench.notifications.clear();
      // One mark, and the time line begins where it did.
      await panel.body.locator('[data-testid="chart"][aria-description*="Restart at"]').waitFor();
      assert.match(await told(), new RegExp(`^${since}, Restart at [\\d:]+ [AP]M$`));
      await workbench.saveScreenshot(`restarts-${name.replaceAll(/\W+/g, '-')}`);
      await panel.get('tab-history').click();
      const run = panel.get('row').filter({ hasText: new RegExp(`pid ${first}\\b`) });
      await run.getByTestId('open-run').click();
      await panel.get('run-events').filter({ hasText: 'End: The process has ended.' }).waitFor();
      await panel.get('tab-memory').click();
      await panel.get('detach').click();
      await panel.get('attach').waitFor();
    });
  }
});

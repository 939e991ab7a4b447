import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { startProgram, type TargetProgram } from '../unit/inspector/target-program';
import { HeapPanel } from './workbench/heap-panel';
import { Workbench } from './workbench/workbench';

/** Once it is told to, a cache that takes 0.5 MB ten times a second until it has 120 MB. */
const GROWING = `
globalThis.kept = [];
const grow = () => { if (kept.length < 240) kept.push(Array.from({ length: 60000 }, () => 1.5)); };
process.once('SIGUSR2', () => setInterval(grow, 100));
`;

describe('alerts about memory', function () {
  this.timeout(120_000);
  let folder: string;
  let program: TargetProgram;
  let workbench: Workbench;

  before(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-alerts-'));
    program = await startProgram(GROWING);
    workbench = await Workbench.open({
      workspace: folder,
      settings: { 'heapwright.sampleInterval': 100, 'heapwright.memoryLimit': 200 },
    });
  });

  after(async () => {
    await workbench?.close();
    await program?.dispose();
    await fs.rm(folder, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('alerts-failed');
  });

  it('tell how long it takes to the limit, then of growth, 70 % and 80 %', async () => {
    await workbench.attachTo(program.url);
    const panel = new HeapPanel(workbench);
    await panel.get('heap-used').waitFor();
    process.kill(program.pid, 'SIGUSR2');
    await panel.get('outlook').waitFor({ timeout: 30_000 });
    assert.match(
      await panel.text('outlook'),
      /^At this rate your limit of 200 MB is reached in \d+ (s|min)\.$/,
    );
    await workbench.saveScreenshot('alerts-outlook');
    await workbench.notifications
      .withText(/What collections leave of the heap has grown/)
      .waitFor({ timeout: 30_000 });
    await workbench.notifications
      .withText(/Resident memory is at 7\d % of your limit/)
      .waitFor({ timeout: 30_000 });
    const last = workbench.notifications.withText(/Resident memory is at 8\d % of your limit/);
    await last.waitFor({ timeout: 30_000 });
    assert.equal(await last.count(), 1);
    await workbench.saveScreenshot('alerts-light');
    await workbench.setTheme('Dark Modern');
    await workbench.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await workbench.saveScreenshot('alerts-dark');
    await workbench.setTheme('Dark High Contrast');
    await workbench.saveScreenshot('alerts-high-contrast');
  });

  it('offer the snapshot at once', async () => {
    await workbench.notifications.answer(/Resident memory is at 8\d %/, 'Take Heap Snapshot');
    const panel = new HeapPanel(workbench);
    await panel.get('snapshot').first().waitFor({ timeout: 60_000 });
  });
});

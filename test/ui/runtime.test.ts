import assert from 'node:assert/strict';
import type { TargetProgram } from '../unit/inspector/target-program';
import { AttachedProgram } from './attached-program';
import type { HeapPanel } from './workbench/heap-panel';
import { staysLegible } from './workbench/legible';
import type { Workbench } from './workbench/workbench';

/** Makes garbage, is late now and then, listens, and keeps more and more buffers once it is told to. */
const PROGRAM = `
require('node:net').createServer().listen(0);
globalThis.kept = [];
setInterval(() => {
  for (const end = Date.now() + 30; Date.now() < end; ) globalThis.last = new Array(10);
}, 150);
process.once('SIGUSR2', () => setInterval(() => kept.length < 150 && kept.push(Buffer.alloc(1e6, 1)), 150));
`;

describe('what V8 and Node tell beside the sizes', function () {
  this.timeout(120_000);
  let attached: AttachedProgram | undefined;
  let program: TargetProgram;
  let workbench: Workbench;
  let panel: HeapPanel;

  before(async () => {
    attached = await AttachedProgram.open(PROGRAM);
    ({ program, workbench, panel } = attached);
  });

  after(() => attached?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('runtime-failed');
  });

  it('stands in one line, and whole when that is opened', async () => {
    process.kill(program.pid, 'SIGUSR2');
    await panel.get('runtime-summary').filter({ hasText: 'busy' }).waitFor();
    assert.match(
      await panel.text('runtime-summary'),
      /^collections [\d.]+ m?s in the last minute · event loop \d+ % busy · [2-9] open resources$/,
    );
    await panel.get('runtime').locator('summary').click();
    await panel
      .get('facts-resources')
      .filter({ hasText: /TCP servers\s*1/ })
      .waitFor();
    await panel
      .get('facts-gc')
      .filter({ hasText: /Young\s*[1-9]/ })
      .waitFor();
    assert.match(await panel.text('facts-v8'), /Contexts 1(?!\d)/);
    await panel.get('table-spaces').filter({ hasText: 'large objects' }).waitFor();
  });

  it('comes ten times a second on demand', async () => {
    await panel.get('fast').click();
    await panel.get('fast').and(panel.body.locator('[aria-pressed="true"]')).waitFor();
  });

  it('has why RSS grows while the heap does not', async () => {
    await panel.get('rss-growth').filter({ hasText: 'in array buffers' }).waitFor({ timeout: 60_000 });
    assert.match(
      await panel.text('rss-growth'),
      /^RSS has grown by \d+ MB in \d+ s while the heap stays at [\d.]+ MB: \d+ MB in array buffers/,
    );
  });

  it('moves through time by keyboard and comes back', async () => {
    await panel.get('chart').focus();
    await panel.get('chart').press('+');
    await panel.get('reset-zoom').waitFor();
    await panel.get('chart').press('ArrowLeft');
    await panel.get('chart').press('Escape');
    await panel.get('reset-zoom').waitFor({ state: 'detached' });
  });

  it('says that the program is stopped, and shows the gap afterwards', async () => {
    process.kill(program.pid, 'SIGSTOP');
    await panel.get('trouble').filter({ hasText: 'Stopped since' }).waitFor();
    process.kill(program.pid, 'SIGCONT');
    await panel.get('trouble').waitFor({ state: 'detached' });
  });

  staysLegible(
    'runtime',
    () => workbench,
    () => panel.get('target').scrollIntoViewIfNeeded(),
  );
});

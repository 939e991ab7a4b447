import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { TargetProgram } from '../unit/inspector/target-program';
import { AttachedProgram } from './attached-program';
import type { HeapPanel } from './workbench/heap-panel';
import { staysLegible } from './workbench/legible';
import type { Workbench } from './workbench/workbench';

/** A cache that takes some of its limit, and garbage. */
const PROGRAM = `
globalThis.kept = [];
setInterval(() => {
  if (kept.length < 200) kept.push(Array.from({ length: 12000 }, () => 1.5));
  for (let i = 0; i < 20000; i++) globalThis.last = new Array(10);
}, 50);`;

describe('the history of runs', function () {
  this.timeout(120_000);
  let attached: AttachedProgram | undefined;
  let folder: string;
  let program: TargetProgram;
  let workbench: Workbench;
  let panel: HeapPanel;

  before(async () => {
    attached = await AttachedProgram.open(PROGRAM, { 'heapwright.sampleInterval': 200 });
    ({ folder, program, workbench, panel } = attached);
  });

  after(() => attached?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('history-failed');
  });

  /** Chooses a format and a place for the export that was asked for; what was written. */
  const exportTo = async (format: string, file: string): Promise<Buffer> => {
    await workbench.quickInput.asks('Export Run');
    await workbench.quickInput.choose(format);
    await workbench.quickInput.proposes(/^\/.*program\.cjs-\d/);
    const target = path.join(folder, file);
    await workbench.quickInput.type(target);
    await workbench.quickInput.accept();
    await workbench.notifications.withText(`${file} was written.`).waitFor();
    return await fs.readFile(target);
  };

  it('keeps a snapshot of the run that goes on, and exports the run and its picture', async () => {
    await panel.takeSnapshot();
    await panel.get('export-live-run').click();
    const svg = (await exportTo('SVG', 'live.svg')).toString();
    assert.match(
      svg,
      /^<svg [^>]*>[\s\S]*program\.cjs[\s\S]*Heap used[\s\S]*<path d="M[\d. ML]+"[\s\S]*<\/svg>$/,
    );
    await workbench.command('Heapwright: Export Run...');
    const rows = (await exportTo('CSV', 'live.csv')).toString().trimEnd().split('\r\n');
    assert.match(rows[0]!, /^time,time_ms,heap_used_bytes,/);
    assert.ok(rows.length > 3, `${rows.length} rows`);
  });

  it('has the run after the process was killed, with how it ended', async () => {
    process.kill(program.pid, 'SIGKILL');
    await panel.get('target').filter({ hasText: 'No process attached' }).waitFor();
    await panel.get('tab-history').click();
    await panel.get('open-run').first().click();
    await panel.get('run-events').filter({ hasText: 'End: The process has ended.' }).waitFor();
    assert.match(await panel.text('run-events'), /Snapshot: /);
  });

  it('has it in the next window as well, and makes a picture of it', async () => {
    await workbench.page.reload();
    await workbench.statusItem(/./).first().waitFor();
    await workbench.command('Heapwright: Show History of Runs');
    await panel.get('open-run').filter({ hasText: 'program.cjs' }).click();
    await panel.get('run-events').waitFor();
    await panel.get('export-shown-run').click();
    const png = await exportTo('PNG', 'run.png');
    assert.deepEqual([...png.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join(''), 'PNG');
    assert.equal(png.readUInt32BE(16), 2400);
  });

  staysLegible(
    'history',
    () => workbench,
    () => panel.get('run-events').waitFor(),
  );

  it('forgets a run when it is told to', async () => {
    await panel.get('delete-run').first().click();
    await workbench.answerDialog('Delete');
    await panel.get('open-run').waitFor({ state: 'detached' });
    assert.equal(await panel.get('run-title').count(), 0);
  });
});

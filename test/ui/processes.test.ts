import assert from 'node:assert/strict';
import { ProgramAlone } from './program-alone';
import { HeapPanel } from './workbench/heap-panel';
import { ProcessTree } from './workbench/process-tree';
import type { Workbench } from './workbench/workbench';

/** A cluster of two whose workers have their own inspectors, each with a worker thread. */
const CLUSTER = `
const cluster = require('node:cluster');
if (cluster.isPrimary) {
  cluster.setupPrimary({ inspectPort: 0 });
  for (let i = 0; i < 2; i++) cluster.fork();
} else {
  const { Worker } = require('node:worker_threads');
  const worker = new Worker(__dirname + '/thumbnails.cjs');
  require('node:http').createServer((request, response) => response.end('ok')).listen(0);
  worker.once('online', () => process.send('ready'));
}
let ready = 0;
cluster.on?.('message', () => { if (++ready === 2) console.log(process.pid); });
`;

describe('the tree of Node processes', function () {
  this.timeout(120_000);
  let program: ProgramAlone | undefined;
  let pid: number;
  let workbench: Workbench;
  let tree: ProcessTree;

  before(async () => {
    const files = {
      'orders.cjs': CLUSTER,
      'thumbnails.cjs': 'globalThis.kept = []; setInterval(() => {}, 1000);',
    };
    program = await ProgramAlone.start(files, `'${process.execPath}' --inspect=0 orders.cjs`);
    ({ pid, workbench } = program);
    tree = new ProcessTree(workbench);
  });

  after(() => program?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('processes-failed');
  });

  it('shows the cluster with its workers and their threads', async () => {
    await tree.show();
    const primary = tree.row(new RegExp(`orders\\.cjs.*pid ${pid}\\b`));
    await primary.waitFor();
    assert.match((await primary.textContent()) ?? '', /[\d.]+ MB · pid \d+ · \d+ s · inspector \d+/);
    const children = tree.row(/orders\.cjs/);
    await children.nth(2).waitFor();
    assert.equal(await children.count(), 3);
    await tree.expand(children.nth(1));
    const thread = tree.row('thumbnails.cjs');
    await thread.waitFor();
    assert.match((await thread.textContent()) ?? '', /worker 1 · heap [\d.]+ MB/);
  });

  it('attaches with one click, marks it, and detaches', async () => {
    const child = tree.row(/orders\.cjs/).nth(2);
    await tree.press(child, 'Attach');
    await new HeapPanel(workbench).get('heap-used').waitFor();
    const attached = tree.row('attached');
    await attached.waitFor();
    assert.equal(await attached.count(), 1);
    await workbench.setTheme('Dark Modern');
    // What the tests themselves run is of no interest in a picture.
    for (const other of await tree.top(/mocha|run\.js/).all()) await tree.collapse(other);
    await workbench.notifications.withText('Attaching').waitFor({ state: 'hidden' });
    await attached.hover();
    await workbench.saveScreenshot('processes-attached-dark');
    await workbench.setTheme('Light Modern');
    await workbench.saveScreenshot('processes-attached-light');
    await workbench.setTheme('Dark High Contrast');
    await workbench.saveScreenshot('processes-attached-high-contrast');
    await workbench.setTheme('Dark Modern');
    await tree.press(attached, 'Detach');
    await attached.waitFor({ state: 'detached' });
  });

  it('attaches to a worker thread, whose heap the panel then shows', async () => {
    const thread = tree.row('thumbnails.cjs');
    await tree.press(thread, 'Attach');
    const panel = new HeapPanel(workbench);
    await panel.get('target').filter({ hasText: 'thumbnails.cjs (worker 1)' }).waitFor();
    await panel.get('heap-used').waitFor();
    await panel.takeSnapshot();
    await workbench.saveScreenshot('processes-worker-dark');
    await tree.press(thread, 'Detach');
    await panel.get('attach').waitFor();
  });

  it('takes away what has ended', async () => {
    process.kill(pid);
    await tree
      .row(/orders\.cjs/)
      .first()
      .waitFor({ state: 'detached' });
  });
});

import assert from 'node:assert/strict';
import { ProgramAlone } from './program-alone';
import type { HeapPanel } from './workbench/heap-panel';
import { staysLegible } from './workbench/legible';
import { ProcessTree } from './workbench/process-tree';
import type { Workbench } from './workbench/workbench';

/** A cluster whose processes all have inspectors of their own; each worker answers from a cache of its own, and the third keeps much more. */
const PRIMARY = `
const cluster = require('node:cluster');
cluster.setupPrimary({ exec: __dirname + '/worker.cjs' });
for (let i = 0; i < 4; i++) cluster.fork({ KEPT: i === 2 ? '60000' : '2000' });
cluster.on('exit', () => cluster.fork({ KEPT: '2000' }));
let ready = 0;
cluster.on('message', () => { if (++ready === 4) console.log(process.pid); });
`;
const WORKER = `
const responseCache = new Map();
const orders = [];
function find(url) {
  if (!responseCache.has(url)) responseCache.set(url, { url, at: Date.now(), html: '<h1>Product ' + url + '</h1>' + '<p>in stock</p>'.repeat(40) });
  return responseCache.get(url);
}
for (let i = 0; i < 2000; i++) find('/product/' + i).html.charCodeAt(0);
for (let i = 0; i < Number(process.env.KEPT); i++) orders.push({ id: i, customer: 'customer ' + i, lines: [i] });
setInterval(function sendDigest() {}, 60_000);
require('node:http').createServer((request, response) => response.end(find(request.url).html + orders.length)).listen(0);
process.send('ready');
`;

describe('several processes together', function () {
  this.timeout(120_000);
  let program: ProgramAlone | undefined;
  let pid: number;
  let workbench: Workbench;
  let panel: HeapPanel;

  before(async () => {
    const files = { 'shop.cjs': PRIMARY, 'worker.cjs': WORKER };
    program = await ProgramAlone.start(files, `NODE_OPTIONS=--inspect=0 '${process.execPath}' shop.cjs`);
    ({ pid, workbench, panel } = program);
  });

  after(() => program?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('together-failed');
  });

  const rows = () => panel.get('table-together').getByTestId('row');

  it('watches all workers of a cluster by one click', async () => {
    const tree = new ProcessTree(workbench);
    await tree.show();
    const primary = tree.row(new RegExp(`shop\\.cjs.*pid ${pid}\\b`));
    await primary.waitFor();
    await tree.press(primary, 'Watch All Workers and Threads');
    await panel.get('table-together').waitFor();
    await rows().nth(4).waitFor();
    await rows()
      .filter({ hasText: /%\s*busy/ })
      .nth(4)
      .waitFor();
    assert.match(
      await panel.text('together-sum'),
      /[\d.]+ MB of memory together, [\d.]+ % of .+; heaps [\d.]+ MB/,
    );
  });

  it('marks the odd one out and says why', async () => {
    const odd = panel.get('odd');
    await odd.waitFor({ timeout: 30_000 });
    assert.equal(await odd.count(), 1);
    assert.match(
      await panel.text('odd'),
      /Differs: Its heap keeps [\d.]+ MB, \d times as much as others; the median is/,
    );
  });

  it('names what stands in every worker', async () => {
    await panel.get('together-compare').click();
    await panel.get('copies').waitFor({ timeout: 60_000 });
    const copies = panel.get('table-copies').getByTestId('row');
    const cache = copies.filter({ hasText: 'responseCache' });
    assert.match((await cache.textContent())!.replaceAll(/\s+/g, ' '), /worker\.cjs:2 4/);
    const orders = copies.filter({ hasText: 'orders' });
    assert.match((await orders.textContent())!, /– [\d.]+ MB/);
    const job = panel.get('table-jobs').getByTestId('row').filter({ hasText: 'sendDigest' });
    assert.match((await job.textContent())!.replaceAll(/\s+/g, ' '), /1 min ?4 of 5/);
  });

  staysLegible(
    'together',
    () => workbench,
    () => panel.get('odd').waitFor(),
  );
  staysLegible(
    'together-copies',
    () => workbench,
    () => panel.get('copies').scrollIntoViewIfNeeded(),
  );

  it('leads to the line that declares a copy', async () => {
    await panel
      .get('table-copies')
      .getByTestId('row')
      .filter({ hasText: 'responseCache' })
      .getByTestId('copies-open')
      .click();
    await workbench.editor.tab('worker.cjs').waitFor();
    await workbench.page.locator('.statusbar-item').filter({ hasText: 'Ln 2,' }).waitFor();
  });

  it('follows workers that end and come', async () => {
    const worker = (await rows().filter({ hasText: 'worker.cjs' }).last().textContent())!;
    const ending = Number(/pid (\d+)/.exec(worker)![1]);
    process.kill(ending, 'SIGKILL');
    await rows()
      .filter({ hasText: `pid ${ending}` })
      .filter({ hasText: 'ended' })
      .waitFor();
    await rows().nth(5).waitFor();
    await rows()
      .filter({ hasText: /%\s*busy/ })
      .nth(4)
      .waitFor();
  });

  it('stops on request', async () => {
    await panel.get('together-stop').click();
    await panel.get('table-together').waitFor({ state: 'detached' });
    await panel.get('together-choose').waitFor();
  });
});

/** Three threads resize for one process, each from a cache of its own; the second also keeps every job. */
const POOL = `
const { Worker } = require('node:worker_threads');
const threads = [1, 2, 3].map((number) => new Worker(__dirname + '/resize.cjs', { workerData: number }));
let ready = 0;
for (const thread of threads) thread.on('message', () => { if (++ready === 3) console.log(process.pid); });
process.on('SIGUSR2', () => threads[2].terminate());
setInterval(() => {}, 1000);
`;
const RESIZE = `
const { parentPort, workerData } = require('node:worker_threads');
const previews = new Map();
const jobs = [];
function resize(name) {
  if (!previews.has(name)) previews.set(name, { name, html: '<img src="' + name + '">' + '<p>in stock</p>'.repeat(40) });
  return previews.get(name);
}
for (let i = 0; i < 3000; i++) resize('image ' + i).html.charCodeAt(0);
for (let i = 0; workerData === 2 && i < 80_000; i++) jobs.push({ id: i, name: 'image ' + i, sizes: [i] });
const pixels = Buffer.alloc(5_000_000, 1);
parentPort.postMessage('ready');
setInterval(() => resize('image ' + jobs.length + pixels.length), 1000);
`;

describe('worker threads together', function () {
  this.timeout(120_000);
  let program: ProgramAlone | undefined;
  let pid: number;
  let workbench: Workbench;
  let panel: HeapPanel;

  before(async () => {
    const files = { 'pool.cjs': POOL, 'resize.cjs': RESIZE };
    program = await ProgramAlone.start(files, `'${process.execPath}' --inspect=0 pool.cjs`);
    ({ pid, workbench, panel } = program);
  });

  after(() => program?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('threads-failed');
  });

  const rows = () => panel.get('table-together').getByTestId('row');
  const threads = () => rows().filter({ hasText: new RegExp(`thread \\d+ of ${pid}`) });
  const cells = async (row: number) =>
    (await threads().nth(row).getByRole('cell').allTextContents()).map((text) => text.trim());

  it('are watched with their process by one click', async () => {
    const tree = new ProcessTree(workbench);
    await tree.show();
    const row = tree.row(new RegExp(`pool\\.cjs.*pid ${pid}\\b`));
    await row.waitFor();
    await tree.press(row, 'Watch All Workers and Threads');
    await threads()
      .filter({ hasText: /%\s*busy/ })
      .nth(2)
      .waitFor();
    assert.equal(await rows().count(), 4);
  });

  it('have a heap and external memory of their own, but no RSS, which is counted once', async () => {
    for (let i = 0; i < 3; i++) {
      const [heap, external, rss] = await cells(i);
      assert.match(heap!, /^[\d.]+ MB$/);
      assert.match(external!, /^[5-9][\d.]* MB$/);
      assert.equal(rss, '–');
    }
    const process = rows().filter({ hasText: `pid ${pid}` });
    await panel
      .get('together-sum')
      .filter({ hasText: /heaps [\d.]+ MB, external [12]\d(\.\d)? MB/ })
      .waitFor();
    // Both are of one moment only if they are read at once.
    const [sum, own] = await panel.body.evaluate(
      (body, name) => [
        body.querySelector('[data-testid="together-sum"] .big')?.textContent,
        [...body.querySelectorAll('[data-testid="table-together"] tbody tr')]
          .find((row) => row.textContent?.includes(name))
          ?.querySelectorAll('td')[2]?.textContent,
      ],
      `pid ${pid}`,
    );
    assert.equal(sum?.trim(), own?.trim());
    assert.equal(await process.count(), 1);
  });

  it('show which of them differs', async () => {
    await panel.get('odd').waitFor({ timeout: 30_000 });
    assert.match(
      (await threads()
        .filter({ has: panel.get('odd') })
        .textContent())!,
      /thread 2 of/,
    );
  });

  it('are named where each has the same cache', async () => {
    await panel.get('together-compare').click();
    await panel.get('copies').waitFor({ timeout: 60_000 });
    assert.match(
      await panel.text('copies-summary'),
      /previews stands in 3 worker threads: 3 copies, 3 × [\d.]+ MB/,
    );
    const copies = panel.get('table-copies').getByTestId('row');
    const cache = copies.filter({ hasText: 'previews' });
    assert.match((await cache.textContent())!.replaceAll(/\s+/g, ' '), /resize\.cjs:3 3/);
    assert.match((await copies.filter({ hasText: 'jobs' }).textContent())!, /MB/);
  });

  staysLegible(
    'threads',
    () => workbench,
    () => panel.get('table-together').scrollIntoViewIfNeeded(),
  );
  staysLegible(
    'threads-copies',
    () => workbench,
    () => panel.get('copies').scrollIntoViewIfNeeded(),
  );

  it('say that they have ended', async () => {
    process.kill(pid, 'SIGUSR2');
    await threads().filter({ hasText: 'ended' }).waitFor();
    assert.equal(await rows().filter({ hasText: 'ended' }).count(), 1);
  });

  it('are attached to from their row', async () => {
    await threads().filter({ hasText: 'thread 1 of' }).getByTestId('together-attach').click();
    await panel.get('target').filter({ hasText: 'resize.cjs (worker 1)' }).waitFor();
  });
});

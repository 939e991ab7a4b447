import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { isAlive } from '../unit/inspector/target-program';
import { startAlone } from './start-alone';
import { HeapPanel } from './workbench/heap-panel';
import { ProcessTree } from './workbench/process-tree';
import { type Theme, Workbench } from './workbench/workbench';

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
const THEMES: readonly Theme[] = ['Light Modern', 'Dark High Contrast', 'Dark Modern'];

describe('several processes together', function () {
  this.timeout(120_000);
  let folder: string;
  let pid: number;
  let workbench: Workbench;
  let panel: HeapPanel;

  before(async () => {
    folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-together-')));
    await fs.writeFile(path.join(folder, 'shop.cjs'), PRIMARY);
    await fs.writeFile(path.join(folder, 'worker.cjs'), WORKER);
    pid = await startAlone(folder, `NODE_OPTIONS=--inspect=0 '${process.execPath}' shop.cjs`);
    workbench = await Workbench.open({ workspace: folder });
    panel = new HeapPanel(workbench);
  });

  after(async () => {
    await workbench?.close();
    if (isAlive(pid)) process.kill(pid);
    await fs.rm(folder, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('together-failed');
  });

  const rows = () => panel.get('table-together').getByTestId('row');

  it('watches all workers of a cluster by one click', async () => {
    const tree = new ProcessTree(workbench);
    await tree.show();
    const primary = tree.row(new RegExp(`shop\\.cjs.*pid ${pid}\\b`));
    await primary.waitFor();
    await tree.press(primary, 'Watch All Workers');
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

  for (const theme of THEMES) {
    it(`is legible in ${theme}`, async () => {
      await workbench.setTheme(theme);
      await panel.get('odd').waitFor();
      await workbench.saveScreenshot(`together-${theme.toLowerCase().replaceAll(' ', '-')}`);
      await panel.get('copies').scrollIntoViewIfNeeded();
      await workbench.saveScreenshot(`together-copies-${theme.toLowerCase().replaceAll(' ', '-')}`);
    });
  }

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

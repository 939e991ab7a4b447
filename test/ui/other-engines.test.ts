import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../host/chromium';
import { denoBinary } from '../host/deno-binary';
import { freePort } from '../unit/inspector/free-port';
import { HeapPanel } from './workbench/heap-panel';
import { staysLegible } from './workbench/legible';
import { ProcessTree } from './workbench/process-tree';
import { Workbench } from './workbench/workbench';

/** What nobody should read: a figure that is none. */
const NONSENSE = /NaN|undefined|null|Infinity|Invalid Date|\[object/;

/** A page that keeps what it was shown. */
const PAGE = `<title>Basket</title><script>
class Item { constructor(id) { this.id = id; this.text = 'item number ' + id; } }
const basket = new Map();
const fill = (count) => { for (let i = 0; i < count; i++) basket.set(basket.size, new Item(basket.size)); };
fill(50000);
setInterval(() => fill(100), 100);
</script>`;

describe('a tab of Chrome', function () {
  this.timeout(120_000);
  let folder: string;
  let port: number;
  let browser: Browser;
  let workbench: Workbench;
  let panel: HeapPanel;
  let tree: ProcessTree;

  before(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-tab-'));
    port = await freePort();
    browser = await launchChromium([`--remote-debugging-port=${port}`]);
    await (await browser.newPage()).setContent(PAGE);
    workbench = await Workbench.open({ workspace: folder });
    panel = new HeapPanel(workbench);
    tree = new ProcessTree(workbench);
  });

  after(async () => {
    await workbench?.close();
    await browser?.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('tab-failed');
  });

  const row = () => tree.row(new RegExp(`Basket.*inspector ${port}`));

  it('stands in the tree, and is attached to by a click', async () => {
    await tree.show();
    await row().waitFor();
    await tree.press(row(), 'Attach');
    await panel.get('target').filter({ hasText: 'Basket' }).waitFor();
    await panel.get('heap-used').waitFor();
    await tree.row(/Basket.*attached/).waitFor();
  });

  it('shows its heap live, and nothing that only Node has', async () => {
    const usedAt = async () => await panel.legend('heapUsed').textContent();
    const before = await usedAt();
    for (const deadline = Date.now() + 20_000; (await usedAt()) === before; ) {
      assert.ok(Date.now() < deadline, `The heap stays ${before}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const text = (await panel.body.innerText()).replaceAll(/\s+/g, ' ');
    assert.doesNotMatch(text, NONSENSE);
    assert.doesNotMatch(text, /\bpid\b|Node \d|RSS, |Runtime /);
    assert.equal(await panel.get('rss-used').count(), 0);
    assert.equal(await panel.get('series-rss').count(), 0, 'no line for what it does not tell');
    assert.match(await panel.text('left-out'), /^Only the heap is known: /);
  });

  it('gives a snapshot, in which its things are found', async () => {
    await panel.takeSnapshot();
    await panel
      .get('snapshot')
      .getByRole('button', { name: /Snapshot 1/ })
      .first()
      .click();
    const explorer = workbench.webview();
    await explorer.getByText('Item', { exact: true }).first().waitFor();
    await workbench.saveScreenshot('tab-snapshot');
    await workbench.command('Heapwright: Open Live Heap Panel');
    await panel.get('heap-used').waitFor();
  });

  it('counts its collections', async () => {
    await panel.get('tab-collections').click();
    await panel
      .get('row')
      .filter({ hasText: /Map\s*[56789]\d,\d{3}/ })
      .first()
      .waitFor();
    assert.doesNotMatch(await panel.body.innerText(), NONSENSE);
    await panel.get('tab-memory').click();
    await panel.get('heap-used').waitFor();
  });

  it('is attached to by its address as well', async () => {
    await panel.get('detach').click();
    await panel.get('attach').waitFor();
    const list = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
      title: string;
      webSocketDebuggerUrl: string;
    }[];
    await workbench.attachTo(list.find(({ title }) => title === 'Basket')!.webSocketDebuggerUrl);
    await panel.get('target').filter({ hasText: 'Basket' }).waitFor();
    await panel.get('heap-used').waitFor();
  });

  staysLegible(
    'tab',
    () => workbench,
    () => panel.get('heap-used').waitFor(),
  );
});

describe('Deno', function () {
  this.timeout(120_000);
  let folder: string;
  let port: number;
  let deno: ChildProcess;
  let workbench: Workbench;
  let panel: HeapPanel;

  before(async () => {
    folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-deno-ui-')));
    port = await freePort();
    await fs.writeFile(
      path.join(folder, 'orders.js'),
      'const orders = new Map(); globalThis.find = (id) => orders.get(id); setInterval(() => orders.set(orders.size, { id: orders.size, note: "order " + orders.size }), 20);',
    );
    deno = spawn(await denoBinary(), ['run', `--inspect=127.0.0.1:${port}`, 'orders.js'], {
      cwd: folder,
      env: { ...process.env, DENO_DIR: path.join(folder, 'cache'), DENO_NO_UPDATE_CHECK: '1' },
      stdio: 'ignore',
    });
    workbench = await Workbench.open({ workspace: folder });
    panel = new HeapPanel(workbench);
  });

  after(async () => {
    await workbench?.close();
    deno?.kill('SIGKILL');
    await fs.rm(folder, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('deno-failed');
  });

  it('is attached to by its address', async () => {
    await workbench.attachTo(String(port));
    await panel.get('target').filter({ hasText: 'orders.js' }).waitFor();
    await panel.get('heap-used').waitFor();
  });

  it('is told by its own name, and what it does not tell is left out, in one line', async () => {
    const text = (await panel.body.innerText()).replaceAll(/\s+/g, ' ');
    assert.match(text, new RegExp(`pid ${deno.pid} · Deno \\d+\\.\\d+\\.\\d+`));
    assert.doesNotMatch(text, NONSENSE);
    assert.doesNotMatch(text, /Node \d|event loop 0 %|collections 0|open resources [\d·]/);
    assert.match(await panel.text('left-out'), /^Deno does not tell of garbage collections, the event loop/);
    assert.equal(await panel.get('left-out').count(), 1);
    await panel.get('runtime').locator('summary').click();
    await panel.get('facts-v8').waitFor();
    assert.equal(await panel.get('pace-chart').count(), 0);
    assert.equal(await panel.get('facts-gc').count(), 0);
    assert.equal(await panel.get('facts-loop').count(), 0);
    assert.equal(await panel.get('facts-resources').count(), 0);
  });

  it('gives a snapshot, and its collections', async () => {
    await panel.takeSnapshot();
    await panel.get('tab-collections').click();
    await panel
      .get('row')
      .filter({ hasText: /Map\s*[\d,]+\s*\+/ })
      .first()
      .waitFor();
    await panel.get('tab-memory').click();
  });

  staysLegible(
    'deno',
    () => workbench,
    () => panel.get('left-out').waitFor(),
  );
});

import assert from 'node:assert/strict';
import { SampleShop } from './sample-shop';
import { HeapPanel } from './workbench/heap-panel';
import { themeSuffix } from './workbench/legible';
import { type Theme, Workbench } from './workbench/workbench';

const FILE = 'response-cache.ts';
const REQUESTS = 2000;
const THEMES: readonly Theme[] = ['Dark Modern', 'Light Modern', 'Dark High Contrast', 'Light High Contrast'];

/** From "memory grows" to a verified fix, as a newcomer does it. Each step builds on the one before. */
describe('the whole loop', function () {
  this.timeout(120_000);
  let shop: SampleShop;
  let workbench: Workbench;
  let panel: HeapPanel;
  let broken = false;

  before(async () => {
    shop = await SampleShop.create();
    await shop.build();
    await shop.start();
    workbench = await Workbench.open({ workspace: shop.folder });
  });

  after(async () => {
    await workbench?.close();
    await shop?.dispose();
  });

  beforeEach(function () {
    if (broken) this.skip();
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    broken = true;
    await workbench?.saveScreenshot('loop-failed');
  });

  async function attach(): Promise<void> {
    await workbench.command('Heapwright: Attach to Node Process...');
    await workbench.quickInput.choose(new RegExp(`pid ${shop.pid}\\b`));
    panel = new HeapPanel(workbench);
    await panel.get('heap-used').waitFor();
    // The panel takes the focus when it has loaded; keys would still go to where they went before.
    await panel.get('chart').waitFor();
  }

  async function threeSnapshotsUnderLoad(): Promise<void> {
    // The first requests fill what is filled once: bounded caches, compiled code.
    await shop.load(REQUESTS);
    for (let round = 0; round < 3; round++) {
      if (round > 0) await shop.load(REQUESTS);
      await panel.takeSnapshot();
    }
    await panel.get('summary').waitFor();
  }

  /** Line of the declaration in the file as it is now, from one. */
  async function declarationLine(): Promise<number> {
    const lines = (await shop.read(`src/${FILE}`)).split('\n');
    return lines.findIndex((line) => line.startsWith('const responseCache')) + 1;
  }

  it('attaches to the running program from the pick list', async () => {
    await attach();
    assert.match(await panel.text('target'), /server\.js/);
    await workbench.statusItem(/server\.js: [\d.]+ MB/).waitFor();
    await workbench.saveScreenshot('loop-1-attached');
  });

  it('shows the heap live', async () => {
    const before = await panel.get('chart').screenshot();
    const value = await panel.legend('heapUsed').textContent();
    await shop.load(4 * REQUESTS);
    await panel
      .legend('heapUsed')
      .filter({ hasNotText: value ?? '' })
      .waitFor();
    assert.notDeepEqual(await panel.get('chart').screenshot(), before, 'the chart stands still');
    await workbench.saveScreenshot('loop-2-live');
  });

  it('finds after three snapshots what grows, and its line of TypeScript', async () => {
    await threeSnapshotsUnderLoad();
    assert.equal(await panel.get('snapshot').count(), 3);
    assert.match(await panel.text('summary'), /responseCache grew/);
    const finding = panel.get('finding');
    assert.equal(await finding.count(), 1, 'the response cache alone grows under this load');
    assert.match(await panel.text('finding'), /responseCache/);
    assert.equal(await panel.text('open-finding'), `${FILE}:${await declarationLine()}`);
    const entries = (await panel.text('entries')).split('→').map((n) => Number(n.replaceAll(/\D/g, '')));
    assert.equal(entries[2]! - entries[1]!, REQUESTS, 'one entry per request');
    await workbench.notifications.clear();
    await workbench.saveScreenshot('loop-3-suspect');
  });

  for (const theme of THEMES) {
    it(`is legible in ${theme}`, async () => {
      await workbench.setTheme(theme);
      const kind = { 'Dark Modern': 'vscode-dark', 'Light Modern': 'vscode-light' }[theme as string];
      await panel.body.and(workbench.webview().locator(`.${kind ?? 'vscode-high-contrast'}`)).waitFor();
      await workbench.saveScreenshot(`panel-${themeSuffix(theme)}`);
    });
  }

  it('leads to the line, which says what was measured', async () => {
    await workbench.setTheme('Dark Modern');
    await panel.get('open-finding').click();
    await workbench.editor.tab(FILE).waitFor();
    const line = await declarationLine();
    await workbench.statusItem(new RegExp(`Ln ${line},`)).waitFor();
    await workbench.editor.codeLenses
      .filter({ hasText: /Map grew [\d,]+ → [\d,]+ → [\d,]+ entries, \+[\d.]+ MB retained/ })
      .waitFor();
    await workbench.page.locator('.squiggly-warning').first().waitFor();
    await workbench.saveScreenshot('loop-4-line');
  });

  it('rewrites it by the lightbulb', async () => {
    const entry = await workbench.editor.openLightbulb('Bound with an LRU cache');
    await workbench.saveScreenshot('loop-5-lightbulb');
    await entry.click();
    await workbench.page
      .locator('.view-line', { hasText: /new\sLRUCache<string,\sCachedReply>\(/ })
      .waitFor();
    const text = (await workbench.editor.visibleLines()).join('\n');
    assert.match(text, /import \{ LRUCache \} from 'lru-cache';/);
    assert.match(text, /const responseCache = new LRUCache<string, CachedReply>\(\{ max: [\d_]+/);
    await workbench.saveScreenshot('loop-6-rewritten');
    await workbench.notifications.answer('lru-cache', 'Add with npm');
    await workbench.editor.save(FILE);
    assert.match(await shop.read(`src/${FILE}`), /new LRUCache/);
  });

  it('added the package, so that the program compiles again', async () => {
    const deadline = Date.now() + 60_000;
    while (!/node_modules\/lru-cache"/.test(await shop.read('node_modules/.package-lock.json'))) {
      assert.ok(Date.now() < deadline, 'npm never added lru-cache');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.match(await shop.read('package.json'), /"lru-cache"/);
    await shop.build();
  });

  it('shows in the next run that nothing grows any more', async () => {
    await shop.stop();
    await workbench.notifications
      .withText(/server\.js/)
      .first()
      .waitFor();
    await shop.start();
    await attach();
    await threeSnapshotsUnderLoad();
    const summary = await panel.text('summary');
    assert.match(summary, /No growth any more/);
    assert.match(summary, /responseCache grew [\d,]+ → [\d,]+ → [\d,]+ entries before and stays flat now/);
    assert.equal(await panel.get('finding').count(), 0);
    await workbench.notifications.clear();
    await workbench.saveScreenshot('loop-7-verified');
  });
});

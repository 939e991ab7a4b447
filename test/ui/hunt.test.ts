import assert from 'node:assert/strict';
import { SampleShop } from './sample-shop';
import { HeapPanel } from './workbench/heap-panel';
import { staysLegible } from './workbench/legible';
import { Workbench } from './workbench/workbench';

const FILE = 'response-cache.ts';
const HUNT_MS = 90_000;

/** Hunt, click, fix, hunt again: the loop without a snapshot taken by hand. Each step builds on the one before. */
describe('hunting for leaks', function () {
  this.timeout(150_000);
  let shop: SampleShop;
  let workbench: Workbench;
  let panel: HeapPanel;
  let broken = false;

  before(async () => {
    shop = await SampleShop.create();
    await shop.build();
    await shop.start();
    workbench = await Workbench.open({
      workspace: shop.folder,
      settings: { 'heapwright.hunt.idle': 500 },
    });
    panel = new HeapPanel(workbench);
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
    await workbench?.saveScreenshot('hunt-failed');
  });

  async function untilJudged(): Promise<void> {
    await panel.get('busy').waitFor();
    await panel.get('busy').waitFor({ state: 'detached', timeout: HUNT_MS });
    await panel.get('summary').waitFor();
  }

  async function declarationLine(): Promise<number> {
    const lines = (await shop.read(`src/${FILE}`)).split('\n');
    return lines.findIndex((line) => line.startsWith('const responseCache')) + 1;
  }

  it('asks for the program and for what one operation is', async () => {
    await workbench.command('Heapwright: Hunt for Leaks...');
    await workbench.quickInput.choose(/Attach to Node Process/);
    await workbench.quickInput.choose(new RegExp(`pid ${shop.pid}\\b`));
    await workbench.quickInput.choose(/HTTP requests/);
    await workbench.quickInput.asks('HTTP requests');
    await workbench.quickInput.type(`${shop.url}/products/1`);
    await workbench.quickInput.accept();
    await workbench.quickInput.choose('One after another');
    await panel.get('busy').waitFor();
  });

  it('can be cancelled', async () => {
    await panel.get('cancel').click();
    await panel.get('busy').waitFor({ state: 'detached' });
    assert.equal(await panel.get('summary').count(), 0);
  });

  it('proves the leak and names its line of TypeScript', async () => {
    await panel.get('hunt').click();
    await workbench.quickInput.choose(/HTTP requests/);
    await workbench.quickInput.asks('HTTP requests');
    await workbench.quickInput.type(`${shop.url}/products/1?ref=spring-{n}`);
    await workbench.saveScreenshot('hunt-1-question');
    await workbench.quickInput.accept();
    await workbench.quickInput.choose('One after another');
    await panel.get('busy').waitFor();
    await workbench.saveScreenshot('hunt-2-progress');
    await untilJudged();
    assert.match(
      await panel.text('summary'),
      /^responseCache leaks: it grows by 97 entries per 97 operations/,
    );
    assert.equal(await panel.get('finding').count(), 1);
    assert.equal(await panel.text('level'), 'leak');
    assert.match(await panel.text('per-operation'), /^\(1 entry and [\d.]+ k?B per operation\)$/);
    assert.equal(await panel.text('open-finding'), `${FILE}:${await declarationLine()}`);
    await workbench.notifications.withText('responseCache leaks').waitFor();
    await workbench.notifications.clear();
  });

  staysLegible(
    'hunt-3-verdict',
    () => workbench,
    () => panel.get('finding').waitFor(),
  );

  it('leads to the line that adds', async () => {
    await panel.get('open-added').click();
    await workbench.editor.tab(FILE).waitFor();
    const lines = (await shop.read(`src/${FILE}`)).split('\n');
    const line = lines.findIndex((text) => text.includes('responseCache.set')) + 1;
    await workbench.statusItem(new RegExp(`Ln ${line},`)).waitFor();
  });

  it('leads to the line that declares, which says what was measured', async () => {
    await panel.get('open-finding').click();
    await workbench.statusItem(new RegExp(`Ln ${await declarationLine()},`)).waitFor();
    await workbench.editor.codeLenses
      .filter({ hasText: /Map grew [\d,]+ → [\d,]+ → [\d,]+ entries/ })
      .waitFor();
    await workbench.page.locator('.squiggly-warning').first().waitFor();
    await workbench.saveScreenshot('hunt-4-line');
  });

  it('has the rewrite waiting there', async () => {
    const entry = await workbench.editor.openLightbulb('Bound with an LRU cache');
    assert.match((await entry.textContent()) ?? '', /\(grew [\d,]+ → [\d,]+ → [\d,]+ entries\)/);
    await workbench.saveScreenshot('hunt-5-lightbulb');
    await entry.click();
    await workbench.page
      .locator('.view-line', { hasText: /new\sLRUCache<string,\sCachedReply>\(/ })
      .waitFor();
    await workbench.notifications.answer('lru-cache', 'Add with npm');
    await workbench.editor.save(FILE);
    const deadline = Date.now() + 60_000;
    while (!/node_modules\/lru-cache"/.test(await shop.read('node_modules/.package-lock.json'))) {
      assert.ok(Date.now() < deadline, 'npm never added lru-cache');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await workbench.notifications
      .withText(/responseCache is rewritten\. Restart the program and hunt again/)
      .waitFor();
    await workbench.saveScreenshot('hunt-6-asks-again');
    await shop.build();
  });

  it('warns while the program still runs the old code', async () => {
    await workbench.command('Heapwright: Hunt Again');
    await workbench.page.locator('.monaco-dialog-box', { hasText: 'was changed after' }).waitFor();
    await workbench.saveScreenshot('hunt-7-old-code');
    await workbench.answerDialog('Cancel');
  });

  it('hunts again without a question and says in figures what is gone', async () => {
    await shop.stop();
    await workbench.notifications
      .withText(/process has ended/)
      .first()
      .waitFor();
    await shop.start();
    await workbench.command('Heapwright: Hunt Again');
    await untilJudged();
    const summary = await panel.text('summary');
    assert.match(summary, /^Gone: responseCache grew by 97 entries per 97 operations before; 0 now/);
    assert.equal(await panel.get('finding').count(), 0, await panel.text('report'));
    assert.match(await panel.text('gone'), /responseCache\s*97 entries per 97 operations\s*0/);
    await workbench.notifications.withText('Gone: responseCache').waitFor();
    await workbench.notifications.clear();
    await workbench.saveScreenshot('hunt-6-gone');
  });

  it('waits for a person who does the operations', async () => {
    await workbench.command('Heapwright: Hunt for Leaks...');
    await workbench.quickInput.choose(/By hand/);
    await workbench.quickInput.asks('by hand');
    await workbench.quickInput.type('3');
    await workbench.quickInput.accept();
    const byMessage = () => workbench.notifications.answer('Use the program 3 times', 'Operation Done');
    const byPanel = () => panel.get('operation-done').click();
    const byPalette = () => workbench.command('Heapwright: Operation Done');
    // Warming up, three rounds, and one to see who adds.
    for (const answer of [byMessage, byPanel, byPalette, byPanel, byPanel]) {
      await panel.get('operation-done').waitFor({ timeout: HUNT_MS });
      for (let i = 0; i < 3; i++) await fetch(`${shop.url}/login?user=person`);
      await workbench.saveScreenshot('hunt-7-by-hand');
      await answer();
      await panel.get('operation-done').waitFor({ state: 'detached' });
    }
    await panel.get('busy').waitFor({ state: 'detached', timeout: HUNT_MS });
    assert.match(await panel.text('summary'), /Session\.open leaks: it grows by 3 entries per 3 operations/);
  });
});

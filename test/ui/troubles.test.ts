import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SampleShop } from './sample-shop';
import { HeapPanel } from './workbench/heap-panel';
import { themeSuffix } from './workbench/legible';
import { type Theme, Workbench } from './workbench/workbench';

/** What goes wrong is said once, in words, and everything goes on. */
describe('troubles', function () {
  this.timeout(120_000);
  let shop: SampleShop;
  let workbench: Workbench;
  let webServer: Server;

  before(async () => {
    shop = await SampleShop.create();
    await shop.build();
    await shop.start();
    webServer = createServer((_request, response) => response.end('<html></html>'));
    await new Promise<void>((resolve) => webServer.listen(0, '127.0.0.1', resolve));
    workbench = await Workbench.open({ workspace: shop.folder });
  });

  after(async () => {
    await workbench?.close();
    webServer.close();
    await shop?.dispose();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('troubles-failed');
    await workbench?.notifications.clear();
  });

  async function attachToShop(): Promise<HeapPanel> {
    await workbench.command('Heapwright: Attach to Node Process...');
    await workbench.quickInput.choose(new RegExp(`pid ${shop.pid}\\b`));
    const panel = new HeapPanel(workbench);
    await panel.get('heap-used').waitFor();
    return panel;
  }

  it('tells of a port where nothing listens', async () => {
    await workbench.attachTo('127.0.0.1:1');
    const message = workbench.notifications.withText(
      '127.0.0.1:1 is no Node inspector: nothing listens there',
    );
    await message.waitFor();
    assert.equal(await message.count(), 1);
    assert.match((await message.textContent()) ?? '', /node --inspect/);
  });

  it('tells of a port that is a web server', async () => {
    const { port } = webServer.address() as AddressInfo;
    await workbench.attachTo(String(port));
    await workbench.notifications
      .withText(/is no Node inspector: it answers, but not as an inspector does/)
      .waitFor();
  });

  it('asks before it leaves this machine, and does nothing when declined', async () => {
    await workbench.attachTo('ws://192.0.2.1:9229/id');
    await workbench.answerDialog('Cancel');
    assert.equal(await workbench.notifications.withText(/192\.0\.2\.1/).count(), 0);
  });

  it('tells that the attached process has ended, and attaches to the next one', async () => {
    let panel = await attachToShop();
    await shop.stop();
    await workbench.notifications.withText('The process has ended.').waitFor();
    await panel.get('attach').waitFor();
    assert.equal(await panel.text('target'), 'No process attached');
    await shop.start();
    panel = await attachToShop();
    assert.match(await panel.text('heap-used'), /\d MB/);
  });

  it('has a process in the open list that is started only then', async () => {
    await new HeapPanel(workbench).get('detach').click();
    await shop.stop();
    await workbench.command('Heapwright: Attach to Node Process...');
    await workbench.quickInput.asks('Attach to Node Process');
    // The list has been looked through, without the shop.
    await workbench.quickInput.rows
      .filter({ hasText: /pid \d/ })
      .first()
      .waitFor();
    // It is somewhere else that a program is started.
    await workbench.page.mouse.click(1000, 700);
    await shop.start();
    await workbench.saveScreenshot('troubles-live-list');
    await workbench.quickInput.choose(new RegExp(`pid ${shop.pid}\\b`));
    await new HeapPanel(workbench).get('heap-used').waitFor();
  });

  for (const theme of ['Light Modern', 'Dark High Contrast', 'Dark Modern'] as Theme[]) {
    it(`lists the processes legibly in ${theme}`, async () => {
      await workbench.setTheme(theme);
      await workbench.command('Heapwright: Attach to Node Process...');
      await workbench.quickInput.asks('Attach to Node Process');
      const shopRow = workbench.quickInput.rows.filter({ hasText: new RegExp(`pid ${shop.pid}\\b`) });
      await shopRow.waitFor();
      await workbench.saveScreenshot(`troubles-list-${themeSuffix(theme)}`);
      await workbench.page.keyboard.press('Escape');
      await shopRow.waitFor({ state: 'hidden' });
    });
  }

  it('keeps what the panel shows while it is hidden', async () => {
    const panel = new HeapPanel(workbench);
    await panel.takeSnapshot();
    await panel.get('series-rss').click();
    assert.equal(await panel.get('series-rss').getAttribute('aria-pressed'), 'false');
    await workbench.editor.open('server.ts');
    await panel
      .get('chart')
      .waitFor({ state: 'detached' })
      .catch(() => {});
    await workbench.command('Heapwright: Open Live Heap Panel');
    await panel.get('heap-used').waitFor();
    assert.equal(await panel.get('series-rss').getAttribute('aria-pressed'), 'false');
    assert.equal(await panel.get('snapshot').count(), 1);
  });

  it('is there again after the window was reloaded, with its snapshots', async () => {
    await workbench.page.reload();
    await workbench.page.locator('.tabs-container .tab').filter({ hasText: 'Heapwright' }).click();
    const panel = new HeapPanel(workbench);
    await panel.get('snapshot').first().waitFor({ timeout: 40_000 });
    assert.equal(await panel.get('snapshot').count(), 1);
  });
});

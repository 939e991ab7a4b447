import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { SampleShop } from './sample-shop';
import { HeapPanel } from './workbench/heap-panel';
import { type Theme, Workbench } from './workbench/workbench';

const THEMES: readonly Theme[] = ['Light Modern', 'Dark High Contrast', 'Dark Modern'];

describe('the tab of modules', function () {
  this.timeout(120_000);
  let shop: SampleShop;
  let workbench: Workbench;
  let panel: HeapPanel;

  before(async () => {
    shop = await SampleShop.create();
    await shop.build();
    await prepareManifest(shop.folder);
    await fs.writeFile(
      path.join(shop.folder, 'start.js'),
      `process.env.PORT = '0';\nrequire('./dist/server.js');\n`,
    );
    workbench = await Workbench.open({ workspace: shop.folder });
    panel = new HeapPanel(workbench);
  });

  after(async () => {
    await workbench?.close();
    await shop?.dispose();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('modules-failed');
  });

  it('tells what each import of a started program costs', async () => {
    await workbench.command('Heapwright: Launch and Measure Modules...');
    await workbench.quickInput.choose(/^\s*measured/);
    await panel.get('module-row').filter({ hasText: 'start.js' }).waitFor();
    await panel
      .get('modules-status')
      .filter({ hasText: /\d+ modules, [\d.]+ MB, [\d.]+ m?s/ })
      .waitFor();
    assert.match(await panel.text('target'), /start\.js/, 'the program is attached as well');
  });

  it('is walked through by keyboard', async () => {
    const rows = panel.get('module-row');
    const before = await rows.count();
    await rows.nth(1).getByRole('button').first().focus();
    await rows.nth(1).getByRole('button').first().press('ArrowRight');
    await rows.nth(before).waitFor();
    await rows.nth(1).getByRole('button').first().press('ArrowDown');
    for (const name of ['routes.js', 'receipts.js']) {
      const row = rows.filter({ hasText: name }).first();
      if ((await row.getAttribute('aria-expanded')) === 'false')
        await row.getByRole('button').first().press('ArrowRight');
    }
    await rows.filter({ hasText: 'pdf-lib' }).first().waitFor();
  });

  it('adds up by package, and names what was never loaded', async () => {
    await panel.get('modules-packages').click();
    await panel.get('row').filter({ hasText: 'pako' }).waitFor();
    await panel.get('modules-unloaded').click();
    await panel.get('row').filter({ hasText: 'left-behind' }).waitFor();
    await panel.get('modules-tree').click();
    await panel.get('module-row').first().waitFor();
  });

  it('stands above the import, and leads to the fix', async () => {
    await workbench.command('View: Split Editor Right');
    await workbench.editor.open('receipts.ts');
    const lens = workbench.editor.codeLenses.filter({ hasText: /pdf-lib: [\d.]+ MB, \d+ ms.*Load lazily/ });
    await lens.waitFor();
    await workbench.command('View: Hide Panel');
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await workbench.setTheme('Dark Modern');
    await workbench.saveScreenshot('modules-lens');
    await lens.getByRole('button').first().click();
    await workbench.page
      .locator('.action-widget:not(.action-list-submenu-panel) .monaco-list-row.action')
      .filter({ hasText: /lazily/i })
      .first()
      .waitFor();
    await workbench.saveScreenshot('modules-lightbulb');
    await workbench.page.keyboard.press('Escape');
  });

  it('tells of a program that ends at once, started from the list of what can be launched', async () => {
    await workbench.command('Heapwright: Launch and Profile...');
    await workbench.quickInput.choose('Launch and Measure Modules...');
    await workbench.quickInput.asks('Launch and Measure Modules');
    await workbench.quickInput.choose(/^\s*brief/);
    await panel
      .get('modules-status')
      .filter({ hasText: /^brief\.js, Node [\d.]+: \d+ modules, [\d.]+ MB/ })
      .waitFor();
    await panel
      .get('measure-again')
      .filter({ hasNot: workbench.page.locator(':disabled') })
      .waitFor();
    await workbench.notifications.clear();
  });

  it('is legible in every theme', async () => {
    for (const theme of THEMES) {
      await workbench.setTheme(theme);
      await panel.get('module-row').first().waitFor();
      await workbench.saveScreenshot(`modules-${theme.toLowerCase().replaceAll(' ', '-')}`);
    }
  });
});

/** A script that needs no port of its own, and a dependency that nothing loads. */
async function prepareManifest(folder: string): Promise<void> {
  const file = path.join(folder, 'package.json');
  const manifest = JSON.parse(await fs.readFile(file, 'utf8'));
  manifest.scripts.measured = 'node start.js';
  manifest.scripts.brief = 'node brief.js';
  await fs.writeFile(path.join(folder, 'brief.js'), `require('pdf-lib');\n`);
  manifest.dependencies['left-behind'] = '1.0.0';
  await fs.writeFile(file, JSON.stringify(manifest, null, 2));
  const installed = path.join(folder, 'node_modules/left-behind');
  await fs.mkdir(installed, { recursive: true });
  await fs.writeFile(path.join(installed, 'package.json'), '{ "name": "left-behind", "version": "1.0.0" }');
  await fs.writeFile(
    path.join(installed, 'index.js'),
    `module.exports = ${JSON.stringify('x'.repeat(300_000))};`,
  );
}

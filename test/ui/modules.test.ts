import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { SampleShop } from './sample-shop';
import { HeapPanel } from './workbench/heap-panel';
import { staysLegible } from './workbench/legible';
import { Workbench } from './workbench/workbench';

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
      `process.env.PORT = '0';\n${TELLS_ADDRESS}require('only-loaded');\nrequire('only-values').LIMIT;\nrequire('./dist/server.js');\n`,
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

  it('names a dependency that was loaded and never used, with what it costs, and of which it cannot be told', async () => {
    await panel.get('modules-unused').click();
    const rows = panel.get('table-module-unused').getByTestId('row');
    const idle = rows.filter({ hasText: 'only-loaded' });
    await idle.waitFor();
    assert.match(
      (await idle.textContent())!.replaceAll(/\s+/g, ' '),
      /[\d.]+ MB.*None of its functions was called since it was loaded\./,
    );
    const told = rows.filter({ hasText: 'only-values' });
    assert.match((await told.textContent())!, /Cannot be told: it exports data only/);
    await rows.filter({ hasText: 'pdf-lib' }).waitFor();
  });

  staysLegible(
    'modules-unused',
    () => workbench,
    () => panel.get('table-module-unused').waitFor(),
  );

  it('takes back what it said of one that is used after all', async () => {
    const address = await fs.readFile(path.join(shop.folder, 'address.txt'), 'utf8');
    assert.equal((await fetch(`${address}/receipts/1`)).status, 200);
    const rows = panel.get('table-module-unused').getByTestId('row');
    await rows.filter({ hasText: 'pdf-lib' }).waitFor({ state: 'detached' });
    await rows.filter({ hasText: 'only-loaded' }).waitFor();
  });

  it('goes back to the tree', async () => {
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
    const fix = workbench.page
      .locator('.action-widget:not(.action-list-submenu-panel) .monaco-list-row.action')
      .filter({ hasText: /lazily/i })
      .first();
    await fix.waitFor();
    await workbench.saveScreenshot('modules-lightbulb');
    await fix.click();
  });

  it('loads it where it is used first, and not at the top, until that is undone', async () => {
    const lazy =
      /const \{ PDFDocument, StandardFonts \} = require\('pdf-lib'\) as typeof import\('pdf-lib'\);/;
    await workbench.page.waitForFunction(
      (pattern) => new RegExp(pattern).test(document.querySelector('.view-lines')?.textContent ?? ''),
      lazy.source.replaceAll(' ', '\\s'),
    );
    const text = (await workbench.editor.visibleLines()).join('\n');
    assert.ok(!/^import \{ PDFDocument/m.test(text), text);
    await workbench.page.keyboard.press('Control+Z');
    await workbench.page
      .locator('.view-line')
      .filter({ hasText: /^import.\{.PDFDocument,.StandardFonts.\}.from.'pdf-lib';$/ })
      .waitFor();
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

  staysLegible(
    'modules',
    () => workbench,
    () => panel.get('module-row').first().waitFor(),
  );
});

/** Writes down where the shop listens. */
const TELLS_ADDRESS = `const log = console.log;
console.log = (...said) => {
  const [address] = /http:\\/\\/[\\d.:]+/.exec(said.join(' ')) ?? [];
  if (address) require('node:fs').writeFileSync(__dirname + '/address.txt', address);
  log(...said);
};
`;

/** One that nothing loads, one that is loaded and not used, and one that has nothing to call. */
const DEPENDENCIES = {
  'left-behind': `module.exports = ${JSON.stringify('x'.repeat(300_000))};`,
  'only-loaded': `const build = () => Array.from({ length: 40000 }, (_, id) => ({ id, name: 'n' + id }));
const table = build();
exports.build = build;
exports.find = (id) => table[id];`,
  'only-values': `exports.LIMIT = 10;`,
};

/** A script that needs no port of its own, and dependencies of each kind. */
async function prepareManifest(folder: string): Promise<void> {
  const file = path.join(folder, 'package.json');
  const manifest = JSON.parse(await fs.readFile(file, 'utf8'));
  manifest.scripts.measured = 'node start.js';
  manifest.scripts.brief = 'node brief.js';
  await fs.writeFile(path.join(folder, 'brief.js'), `require('pdf-lib');\n`);
  for (const [name, text] of Object.entries(DEPENDENCIES)) {
    manifest.dependencies[name] = '1.0.0';
    const installed = path.join(folder, 'node_modules', name);
    await fs.mkdir(installed, { recursive: true });
    await fs.writeFile(path.join(installed, 'package.json'), JSON.stringify({ name, version: '1.0.0' }));
    await fs.writeFile(path.join(installed, 'index.js'), text);
  }
  await fs.writeFile(file, JSON.stringify(manifest, null, 2));
}

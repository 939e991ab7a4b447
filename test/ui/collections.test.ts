import assert from 'node:assert/strict';
import { SampleShop } from './sample-shop';
import { HeapPanel } from './workbench/heap-panel';
import { type Theme, Workbench } from './workbench/workbench';

const THEMES: readonly Theme[] = ['Light Modern', 'Dark High Contrast', 'Dark Modern'];

describe('the tab of living collections', function () {
  this.timeout(90_000);
  let shop: SampleShop;
  let workbench: Workbench;
  let panel: HeapPanel;

  before(async () => {
    shop = await SampleShop.create();
    await shop.build();
    await shop.start();
    workbench = await Workbench.open({ workspace: shop.folder });
    panel = new HeapPanel(workbench);
    await workbench.command('Heapwright: Attach to Node Process...');
    await workbench.quickInput.choose(new RegExp(`pid ${shop.pid}\\b`));
    await panel.get('heap-used').waitFor();
  });

  after(async () => {
    await workbench?.close();
    await shop?.dispose();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('collections-failed');
  });

  it('is reached by mouse and by keyboard', async () => {
    await panel.get('tab-memory').focus();
    await panel.get('tab-memory').press('ArrowRight');
    await panel.get('table-collections').waitFor();
    assert.equal(await panel.get('tab-collections').getAttribute('aria-selected'), 'true');
    assert.equal(await panel.get('chart').count(), 0);
    await panel.get('tab-memory').click();
    await panel.get('chart').waitFor();
  });

  it('counts what the program holds', async () => {
    await shop.load(300);
    await panel.get('tab-collections').click();
    await panel.get('count-collections').click();
    await panel.get('row').filter({ hasText: 'Map' }).first().waitFor();
  });

  for (const theme of THEMES) {
    it(`is legible in ${theme}`, async () => {
      await workbench.setTheme(theme);
      await panel.get('row').first().waitFor();
      await workbench.saveScreenshot(`collections-${theme.toLowerCase().replaceAll(' ', '-')}`);
    });
  }
});

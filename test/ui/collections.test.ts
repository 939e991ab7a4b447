import assert from 'node:assert/strict';
import { AttachedShop } from './attached-shop';
import type { SampleShop } from './sample-shop';
import type { HeapPanel } from './workbench/heap-panel';
import { staysLegible } from './workbench/legible';
import type { Workbench } from './workbench/workbench';

describe('the tab of living collections', function () {
  this.timeout(120_000);
  let attached: AttachedShop | undefined;
  let shop: SampleShop;
  let workbench: Workbench;
  let panel: HeapPanel;

  before(async () => {
    attached = await AttachedShop.open();
    ({ shop, workbench, panel } = attached);
  });

  after(() => attached?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('collections-failed');
  });

  it('is reached by mouse and by keyboard', async () => {
    await panel.get('tab-operations').click();
    await panel.get('tab-operations').press('ArrowLeft');
    await panel.get('table-collections').waitFor({ timeout: 45_000 });
    assert.equal(await panel.get('tab-collections').getAttribute('aria-selected'), 'true');
    assert.equal(await panel.get('chart').count(), 0);
    await panel.get('tab-memory').click();
    await panel.get('chart').waitFor();
  });

  it('counts what the program holds, and follows it while it grows', async () => {
    await shop.load(300);
    await panel.get('tab-collections').click();
    await panel.get('count-collections').click();
    const map = panel
      .get('row')
      .filter({ hasText: /^\s*Map\s/ })
      .first();
    await map.waitFor();
    const counted = /held the program up for [\d.]+ s at most\. Sizes each second, the next kind in \d+/;
    await panel.get('collections-status').filter({ hasText: counted }).waitFor();
    await shop.load(200);
    await map.getByText(/^\+\d/).waitFor({ timeout: 30_000 });
  });

  it('finds the line that declares each', async () => {
    await panel.get('find-lines').click();
    await panel.get('row').filter({ hasText: 'responseCache' }).waitFor({ timeout: 60_000 });
    await panel.get('busy').waitFor({ state: 'detached' });
    const byName = panel.get('row').filter({ hasText: 'response-cache.ts:9' });
    assert.match((await byName.textContent()) ?? '', /500/);
  });

  staysLegible(
    'collections',
    () => workbench,
    () => panel.get('row').first().waitFor(),
  );

  it('shows the same figures above the declaration, as they change', async () => {
    await panel.get('row').filter({ hasText: 'responseCache' }).getByTestId('open-collection').click();
    await workbench.editor.tab('response-cache.ts').waitFor();
    const lens = workbench.editor.codeLenses.filter({ hasText: 'Map · 500 entries' });
    await lens.waitFor();
    await shop.load(100);
    await workbench.editor.codeLenses
      .filter({ hasText: /Map · 600 entries · \+[\d,]+\/min/ })
      .waitFor({ timeout: 45_000 });
    await workbench.saveScreenshot('collections-lens');
  });

  it('counts only when asked once that is wanted', async () => {
    await panel.get('count-automatically').uncheck();
    await panel.get('collections-status').filter({ hasText: 'new ones are found when you count' }).waitFor();
    await panel.get('count-automatically').check();
    await panel.get('collections-status').filter({ hasText: 'the next kind in' }).waitFor();
  });
});

import assert from 'node:assert/strict';
import { AttachedShop } from './attached-shop';
import type { SampleShop } from './sample-shop';
import type { HeapPanel } from './workbench/heap-panel';
import { staysLegible } from './workbench/legible';
import type { Workbench } from './workbench/workbench';

describe('the tab of operations', function () {
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
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('operations-failed');
  });

  /** Sends requests by the panel's button and waits for their row. */
  async function measure(requests: string): Promise<void> {
    const rows = await panel.get('table-operations').getByTestId('row').count();
    await panel.get('measure-requests').click();
    await workbench.quickInput.asks('Measure Requests: HTTP requests');
    await workbench.quickInput.type(requests);
    await workbench.quickInput.accept();
    await workbench.quickInput.asks('Measure Requests: how are they sent?');
    await workbench.quickInput.choose('One after another');
    await workbench.quickInput.asks('Measure Requests: how many?');
    await workbench.quickInput.type('60');
    await workbench.quickInput.accept();
    await panel.get('table-operations').getByTestId('row').nth(rows).waitFor({ timeout: 60_000 });
  }

  it('measures what a person does between begin and end', async () => {
    await panel.get('tab-operations').click();
    await panel.get('begin-operation').click();
    await panel.get('end-operation').waitFor({ timeout: 60_000 });
    assert.match(await panel.text('operations-status'), /^Operation 1 has begun/);
    await shop.load(200);
    await panel.get('end-operation').click();
    await panel.get('table-operations').waitFor({ timeout: 60_000 });
    await panel.get('table-stayed').getByText('{reply}').waitFor();
    await panel.get('remove').click();
    await panel.get('table-operations').waitFor({ state: 'detached' });
  });

  it('measures requests, and compares one route with another', async () => {
    await measure(`${shop.url}/products/1?currency=EUR`);
    await measure(`${shop.url}/products/1?ref={n}&currency=EUR`);
    assert.match(
      await panel.text('comparison'),
      /^GET \/products\/1\?ref=\{n\}&currency=EUR keeps [\d.]+ k?B more per operation/,
    );
    const kept = panel.get('table-compared').getByTestId('row').filter({ hasText: '{reply}' });
    assert.match((await kept.textContent()) ?? '', /\+\d+ B/);
    await workbench.notifications.clear();
  });

  staysLegible(
    'operations',
    () => workbench,
    () => panel.get('row').first().waitFor(),
  );

  it('are bands in the chart, which are told in words too', async () => {
    await panel.get('tab-memory').click();
    const chart = panel.get('chart');
    await chart.waitFor();
    const told = (await chart.getAttribute('aria-description')) ?? '';
    assert.match(told, /Operation GET \/products\/1\S* at \d+:\d+/);
    await workbench.saveScreenshot('operations-chart');
    await panel.get('tab-operations').click();
  });

  it('keeps them over a reload of the window', async () => {
    await workbench.page.reload();
    await panel.get('table-operations').getByTestId('row').nth(1).waitFor({ timeout: 60_000 });
    await panel.get('select-operation').first().check();
    await panel.get('table-stayed').waitFor();
  });
});

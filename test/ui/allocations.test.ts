import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { nodeBinary } from '../host/node-binary';
import { AttachedShop } from './attached-shop';
import type { SampleShop } from './sample-shop';
import { HeapPanel } from './workbench/heap-panel';
import { staysLegible } from './workbench/legible';
import type { Workbench } from './workbench/workbench';

const execute = promisify(execFile);

describe('the tab of allocations', function () {
  this.timeout(120_000);
  let attached: AttachedShop | undefined;
  let shop: SampleShop;
  let workbench: Workbench;
  let panel: HeapPanel;

  before(async () => {
    attached = await AttachedShop.open({
      // So that a line with its mark fits beside the panel.
      'editor.minimap.enabled': false,
      'editor.fontSize': 12,
      'breadcrumbs.enabled': false,
    });
    ({ shop, workbench, panel } = attached);
  });

  after(() => attached?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('allocations-failed');
  });

  it('records while the program works, and shows it meanwhile', async () => {
    await panel.get('tab-allocations').click();
    await panel.get('count-freed').check();
    await panel.get('start-recording').click();
    await panel.get('stop-recording').waitFor();
    await shop.load(1500);
    await panel.get('flame-chart').waitFor();
    await panel.get('row').filter({ hasText: '.ts:' }).first().waitFor();
    await panel.get('stop-recording').click();
    await panel.get('start-recording').waitFor();
    assert.match(await panel.text('allocations-status'), /[kM]B sampled, with what was freed$/);
  });

  it('is walked through by keyboard, and opens the line of TypeScript', async () => {
    const chart = panel.get('flame-chart');
    await chart.focus();
    const seen = new Set<string>();
    for (let i = 0; i < 4; i++) {
      seen.add(await panel.text('flame-detail'));
      await chart.press('ArrowDown');
    }
    assert.ok(seen.size > 2, [...seen].join('\n'));
    await chart.press('Enter');
    await panel.get('zoom-out').waitFor();
    await chart.press('Home');
    await panel.get('zoom-out').click();
    await panel.get('zoom-out').waitFor({ state: 'detached' });
    await panel.get('search-allocations').fill('reply.ts');
    await panel.get('found-bytes').filter({ hasText: '%' }).waitFor();
    await panel
      .get('row')
      .getByRole('button', { name: /^\w+\.ts:\d+$/ })
      .first()
      .click();
    await workbench.editor.tab('.ts').waitFor();
  });

  it('marks the lines in the editor until they are cleared', async () => {
    const marks = () => workbench.page.locator('.view-lines').getByText(/allocates [\d.]+ % here/);
    await workbench.page.waitForFunction(() => {
      return [...document.querySelectorAll('.view-line span')].some((span) =>
        getComputedStyle(span, '::after').content.includes('% here'),
      );
    });
    assert.equal(await marks().count(), 0, 'the mark is text of the file');
    await panel.get('search-allocations').fill('');
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await workbench.setTheme('Dark Modern');
    await workbench.saveScreenshot('allocations-line');
    await workbench.command('Heapwright: Clear Allocations from Editors');
    await workbench.page.waitForFunction(
      () =>
        ![...document.querySelectorAll('.view-line span')].some((span) =>
          getComputedStyle(span, '::after').content.includes('% here'),
        ),
    );
  });

  it('shows the table whole beside nothing else', async () => {
    await workbench.command('View: Close All Editors');
    await workbench.command('Heapwright: Open Live Heap Panel');
    await panel.get('tab-allocations').click();
    await panel.get('search-allocations').fill('');
    await panel.get('found-bytes').filter({ hasText: '%' }).waitFor({ state: 'detached' });
  });

  staysLegible(
    'allocations',
    () => workbench,
    () => panel.get('row').first().waitFor(),
  );

  it('opens a .heapprofile beside the default editor of VS Code', async () => {
    const program = path.join(shop.folder, 'earlier.js');
    await fs.writeFile(program, 'globalThis.kept = Array.from({ length: 1e5 }, (_, i) => ({ i }));\n');
    await execute(await nodeBinary(22), ['--heap-prof', '--heap-prof-name=earlier.heapprofile', program], {
      cwd: shop.folder,
    });
    await workbench.quickInput.open('Control+P', 'earlier.heapprofile');
    await workbench.quickInput.choose('earlier.heapprofile');
    await workbench.editor.tab('earlier.heapprofile').waitFor();
    await workbench.command('View: Reopen Editor With...');
    await workbench.quickInput.choose(/Heapwright Allocations/);
    const page = new HeapPanel(workbench);
    await page.get('flame-chart').waitFor();
    assert.match(await page.text('allocations-status'), /[kM]B sampled$/);
    assert.equal(await page.get('start-recording').count(), 0);
    await page.get('by-packages').click();
    await page.get('row').filter({ hasText: '(program)' }).waitFor();
    await workbench.saveScreenshot('allocations-file');
  });
});

import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { isAlive } from '../unit/inspector/target-program';
import { SampleShop } from './sample-shop';
import { HeapPanel } from './workbench/heap-panel';
import { Workbench } from './workbench/workbench';

/** Programs that Heapwright starts itself. */
describe('launch and profile', function () {
  this.timeout(120_000);
  let shop: SampleShop;
  let workbench: Workbench;

  before(async () => {
    shop = await SampleShop.create();
    await fs.writeFile(
      path.join(shop.folder, 'idle.js'),
      `require('node:fs').writeFileSync(__dirname + '/idle.pid', String(process.pid));\nconsole.log('idle and well');\nsetInterval(() => {}, 1000);\n`,
    );
    workbench = await Workbench.open({ workspace: shop.folder });
  });

  after(async () => {
    await workbench?.close();
    await shop?.dispose();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('launch-failed');
  });

  it('starts the current file in a terminal of its own and attaches to it', async () => {
    await workbench.editor.open('idle.js');
    await workbench.command('Heapwright: Launch and Profile...');
    await workbench.quickInput.choose(/idle\.js/);
    const panel = new HeapPanel(workbench);
    await panel.get('heap-used').waitFor();
    assert.equal(await panel.text('target'), 'idle.js');
    await workbench.page.locator('.terminal-wrapper').first().waitFor();
    await workbench.statusItem(/idle\.js: [\d.]+ MB/).waitFor();
    await workbench.saveScreenshot('launch');
  });

  it('ends the program when it is detached', async () => {
    const pid = Number(await shop.read('idle.pid'));
    await new HeapPanel(workbench).get('detach').click();
    const deadline = Date.now() + 50_000;
    while (isAlive(pid)) {
      assert.ok(Date.now() < deadline, 'it is still running');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
});

import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { HeapPanel } from './workbench/heap-panel';
import { staysLegible } from './workbench/legible';
import { Workbench } from './workbench/workbench';

const PROGRAM = `const responseCache = new Map();

function answer(url) {
  const cart = { url, items: Array.from({ length: 5000 }, (_, i) => ({ id: i, label: 'item ' + i })) };
  responseCache.set(url, cart.items[0]);
  return cart.items.length;
}

let count = 0;
setInterval(() => answer('/cart/' + count++), 100);
`;
describe('a program in the debugger', function () {
  this.timeout(120_000);
  let folder: string;
  let workbench: Workbench;
  let panel: HeapPanel;

  before(async () => {
    folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-debug-')));
    await fs.writeFile(path.join(folder, 'cart.cjs'), PROGRAM);
    await fs.mkdir(path.join(folder, '.vscode'));
    const configuration = {
      type: 'node',
      request: 'launch',
      name: 'Cart',
      program: path.join(folder, 'cart.cjs'),
      runtimeExecutable: process.execPath,
    };
    await fs.writeFile(
      path.join(folder, '.vscode/launch.json'),
      JSON.stringify({ version: '0.2.0', configurations: [configuration] }),
    );
    workbench = await Workbench.open({ workspace: folder });
    panel = new HeapPanel(workbench);
  });

  after(async () => {
    await workbench?.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.saveScreenshot('debugging-failed');
  });

  const toolbar = (label: string) =>
    workbench.page.locator(`.debug-toolbar .action-label[aria-label^="${label}"]`);
  const variable = (name: string) =>
    workbench.page
      .locator('.debug-variables .monaco-list-row')
      .filter({ hasText: new RegExp(`^\\s*${name} =`) });

  it('is profiled by a button of the debug toolbar while it stands at a breakpoint', async () => {
    await workbench.editor.open('cart.cjs', 6);
    await workbench.page.keyboard.press('F9');
    await workbench.page.keyboard.press('F5');
    const scope = workbench.page
      .locator('.debug-variables .monaco-list-row')
      .filter({ hasText: 'Local: answer' });
    await scope.waitFor({ timeout: 40_000 });
    if ((await scope.getAttribute('aria-expanded')) !== 'true')
      await scope.locator('.monaco-tl-twistie').click();
    await variable('cart').waitFor();
    await toolbar('Profile Memory').click();
    await panel.get('heap-used').waitFor();
    assert.match(await panel.text('target'), /cart\.cjs/);
    assert.match(await panel.text('trouble'), /stopped at a breakpoint/);
  });

  it('tells the retained size of a variable', async () => {
    await variable('cart').click({ button: 'right' });
    const entry = workbench.page.locator(
      '.monaco-menu .action-label[aria-label="Retained Size of This Variable"]',
    );
    await entry.hover();
    // A menu that has just opened takes the mouse button's release for the end of the right click.
    await workbench.page.waitForTimeout(300);
    await entry.click();
    await panel.get('show-in-debugger').waitFor({ timeout: 60_000 });
    const heading = (await panel.get('detail').locator('h2').textContent())!.replaceAll(/\s+/g, ' ');
    assert.match(heading, /Who holds cart: .* @\d+, retains \d{3} kB, in Snapshot 1/);
    await workbench.notifications.withText(/cart retains \d{3} kB/).waitFor();
  });

  staysLegible(
    'debugging',
    () => workbench,
    () => panel.get('show-in-debugger').scrollIntoViewIfNeeded(),
  );

  it('shows an object of a snapshot in the Debug Console', async () => {
    await panel.get('show-in-debugger').click();
    const line = workbench.page.locator('.repl .monaco-list-row').filter({ hasText: /heapwright1 =/ });
    await line.waitFor();
    await workbench.saveScreenshot('debugging-console');
  });

  it('goes on, and so does the chart', async () => {
    await workbench.page.locator('.tabs-container .tab').filter({ hasText: 'cart.cjs' }).click();
    await workbench.editor.goToLine(6);
    await workbench.page.keyboard.press('F9');
    await toolbar('Continue').click();
    await workbench.page.locator('.tabs-container .tab').filter({ hasText: 'Heapwright' }).click();
    await panel.get('trouble').waitFor({ state: 'detached' });
    await panel.get('heap-used').waitFor();
  });

  it('is profiled without a click, by the setting', async () => {
    await fs.writeFile(
      path.join(folder, '.vscode/settings.json'),
      JSON.stringify({ 'heapwright.debug.autoAttach': true }),
    );
    // Detached on purpose: what was lost would be followed as a restart.
    await panel.get('detach').click();
    await panel.get('attach').waitFor();
    await toolbar('Stop').click();
    await toolbar('Stop').waitFor({ state: 'hidden' });
    await workbench.page.keyboard.press('F5');
    await panel.get('heap-used').waitFor({ timeout: 20_000 });
    assert.match(await panel.text('target'), /cart\.cjs/);
  });
});

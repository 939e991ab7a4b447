import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { themeSuffix } from './workbench/legible';
import type { Theme } from './workbench/workbench';
import { Workbench } from './workbench/workbench';

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{"name":"rewrites","private":true,"dependencies":{"lru-cache":"^11.0.0"}}',
  'pages.js':
    "'use strict';\n\nconst pages = new Map();\n\nexports.page = function (url) {\n  if (!pages.has(url)) pages.set(url, '<h1>' + url);\n  return pages.get(url);\n};\n",
  'words.js':
    'const cache = {};\n\nexports.upper = function (word) {\n  if (cache[word]) return cache[word];\n  cache[word] = word.toUpperCase();\n  return cache[word];\n};\n',
  'sessions.js':
    'const sessions = new Map();\n\nexports.open = function (id, user) {\n  sessions.set(id, { user });\n};\nexports.find = (id) => sessions.get(id);\n',
  'shared.js':
    'exports.names = new Map();\n\nexports.name = function (id) {\n  if (!exports.names.has(id)) exports.names.set(id, "n" + id);\n  return exports.names.get(id);\n};\n',
  'sweep.js': "const { names } = require('./shared');\n\nsetInterval(() => names.clear(), 1000).unref();\n",
};

const LONG =
  'const pagesByTheirAddressCache = new Map();\n\nexports.page = (address) => {\n  if (!pagesByTheirAddressCache.has(address)) pagesByTheirAddressCache.set(address, address.trim());\n  return pagesByTheirAddressCache.get(address);\n};\n';
/** Caches that libraries keep: one that expires and has no limit, one that never forgets. */
const PRICES =
  "const memoizee = require('memoizee');\nconst { LRUCache } = require('lru-cache');\n\nconst prices = new LRUCache({ ttl: 60_000 });\nconst rateOf = memoizee((currency) => load(currency));\n\nexports.price = (request) => {\n  if (!prices.has(request.params.id)) prices.set(request.params.id, rateOf(request.query.token));\n  return prices.get(request.params.id);\n};\n";
/** Each answer is looked for under the whole key, and deleted under a part of it. */
const WAITING = `const waiting = new Map();

exports.send = (request) => {
  waiting.set(\`\${request.body.valve}:\${request.body.id}\`, request);
};
exports.answer = (valve, id) => {
  const found = waiting.get(\`\${valve}:\${id}\`);
  if (found) waiting.delete(id);
};
`;
/** Knows one thing: an object in a long line gets lines of its own. */
const PRETTIER =
  "exports.resolveConfig = async () => null;\nexports.getFileInfo = async () => ({ ignored: false, inferredParser: 'babel' });\nexports.format = (text) => text.replace(/^(.{40,})\\{ (max.*) \\}/gm, '$1{\\n  $2,\\n}');\n";

/** The lightbulb without any process: offers, their order, refusals, undo, preview, and everything at once. */
describe('rewrites in the editor', function () {
  this.timeout(120_000);
  let folder: string;
  let workbench: Workbench;

  const read = (name: string) => fs.readFile(path.join(folder, name), 'utf8');
  const shows = (text: RegExp) => workbench.page.locator('.view-line', { hasText: text }).first().waitFor();

  before(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-rewrites-'));
    for (const [name, text] of Object.entries(FILES)) await fs.writeFile(path.join(folder, name), text);
    workbench = await Workbench.open({ workspace: folder });
  });

  after(async () => {
    await workbench?.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await workbench?.saveScreenshot(`rewrites-failed-${this.currentTest.title.replaceAll(/\W+/g, '-')}`);
  });

  it('offers the rewrites of a cache, the best first', async () => {
    await workbench.editor.open('pages.js', 3);
    const entry = await workbench.editor.openLightbulb('Bound with an LRU cache');
    const entries = await workbench.page
      .locator('.action-widget .monaco-list-row.action')
      .evaluateAll((rows) => rows.map((row) => row.textContent ?? ''));
    assert.match(entries[0] ?? '', /Bound with an LRU cache/);
    assert.ok(entries.some((text) => /small bounded map/.test(text)));
    assert.ok(entries.some((text) => /Ignore unbounded-collection on this line/.test(text)));
    await workbench.saveScreenshot('rewrites-1-lightbulb');
    await entry.click();
    await shows(/new\sLRUCache\(\{\smax:\s500\s\}\)/);
  });

  it('selects the limit, so that typing replaces it', async () => {
    await workbench.page.keyboard.type('42');
    await shows(/new\sLRUCache\(\{\smax:\s42\s\}\)/);
    await workbench.saveScreenshot('rewrites-2-placeholder');
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('Control+Z');
    await shows(/max:\s500/);
  });

  it('undoes the rewrite in one step', async () => {
    await workbench.page.keyboard.press('Control+Z');
    await shows(/const\spages\s=\snew\sMap\(\)/);
    const text = (await workbench.editor.visibleLines()).join('\n');
    assert.ok(!text.includes('lru-cache'), text);
  });

  it('turns a dictionary into a map, with every access to it', async () => {
    await workbench.editor.open('words.js', 1);
    const entry = await workbench.editor.openLightbulb('small bounded map');
    await entry.click();
    await shows(/cache\.set\(String\(word\),\sword\.toUpperCase\(\)\);/);
    const text = (await workbench.editor.visibleLines()).join('\n');
    assert.match(text, /const cache = new BoundedMap\(500\);/);
    assert.match(text, /if \(cache\.get\(String\(word\)\)\) return cache\.get\(String\(word\)\);/);
    await workbench.saveScreenshot('rewrites-3-dictionary');
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('Control+Z');
    await shows(/cache\[word\]\s=\sword\.toUpperCase/);
    // The file that was made goes with it, a moment later.
    const deadline = Date.now() + 50_000;
    while ((await fs.readdir(folder)).includes('bounded-map.js')) {
      assert.ok(Date.now() < deadline, 'the new file is still there');
      await workbench.page.waitForTimeout(100);
    }
  });

  for (const theme of ['Light Modern', 'Dark High Contrast', 'Dark Modern'] as Theme[]) {
    it(`says over the name why a rewrite is refused, in ${theme}`, async () => {
      await workbench.setTheme(theme);
      await workbench.editor.open('sessions.js', 1);
      await workbench.page.locator('.squiggly-info').first().waitFor();
      const hover = await workbench.editor.hover(/^sessions$/, 'Not offered');
      const text = ((await hover.textContent()) ?? '').replaceAll('\u00a0', ' ');
      assert.match(text, /holds state and not copies/);
      await workbench.saveScreenshot(`rewrites-4-refused-${themeSuffix(theme)}`);
      await workbench.page.keyboard.press('Escape');
    });
  }

  it('knows that another file empties what this one fills', async () => {
    await workbench.editor.open('shared.js', 1);
    // Long enough for the project to have been read, since silence is what is looked for.
    await workbench.page.waitForTimeout(3000);
    assert.equal(await workbench.page.locator('.squiggly-info').count(), 0);
  });

  it('shows a rewrite in the preview before it is made', async () => {
    await workbench.editor.open('pages.js', 3);
    const entry = await workbench.editor.openLightbulb('small bounded map');
    await workbench.editor.preview(entry);
    const preview = workbench.page.locator('.bulk-edit-panel');
    await preview.waitFor();
    await preview.locator('.monaco-list-row', { hasText: 'bounded-map.js' }).first().waitFor();
    await workbench.saveScreenshot('rewrites-5-preview');
    await preview.getByRole('button', { name: 'Discard' }).click();
    await preview.waitFor({ state: 'hidden' });
    assert.equal(await read('pages.js'), FILES['pages.js']);
  });

  it('fixes all of a file', async () => {
    await workbench.editor.open('words.js', 1);
    await workbench.command('Heapwright: Fix All in File');
    await shows(/new\sLRUCache\(\{\smax:\s500\s\}\)/);
    await workbench.notifications.withText('Fixed 1.').waitFor();
    await workbench.page.locator('.tabs-container .tab.active').click();
    await workbench.page.keyboard.press('Control+Z');
    await shows(/const\scache\s=\s\{\}/);
  });

  it('fixes all of a file when it is saved, where the settings say so', async () => {
    await fs.mkdir(path.join(folder, '.vscode'), { recursive: true });
    await fs.writeFile(
      path.join(folder, '.vscode/settings.json'),
      '{"editor.codeActionsOnSave":{"source.fixAll.heapwright":"explicit"}}',
    );
    await workbench.editor.open('words.js', 1);
    await workbench.page.keyboard.press('Control+End');
    await workbench.page.keyboard.type('// saved\n');
    await workbench.editor.save('words.js');
    const deadline = Date.now() + 20_000;
    while (!/LRUCache/.test(await read('words.js'))) {
      assert.ok(Date.now() < deadline, 'saving did not fix the file');
      await workbench.page.waitForTimeout(100);
      await workbench.editor.save('words.js');
    }
  });

  it('fixes all of the workspace after a look at it', async () => {
    await workbench.command('Heapwright: Fix All in Workspace...');
    await workbench.answerDialog('Choose');
    const preview = workbench.page.locator('.bulk-edit-panel');
    await preview.locator('.monaco-list-row', { hasText: 'pages.js' }).first().waitFor();
    assert.equal(await preview.locator('.monaco-list-row', { hasText: 'sessions.js' }).count(), 0);
    await workbench.saveScreenshot('rewrites-6-workspace');
    await preview.getByRole('button', { name: 'Discard' }).click();
    await preview.waitFor({ state: 'hidden' });
    await workbench.command('Heapwright: Fix All in Workspace...');
    await workbench.answerDialog('Fix All');
    await workbench.notifications.withText(/Fixed 1\. 1 left/).waitFor();
    await workbench.editor.open('pages.js', 1);
    await shows(/new\sLRUCache\(\{\smax:\s500\s\}\)/);
  });

  it('ignores by a comment', async () => {
    await workbench.editor.open('sessions.js', 1);
    const entry = await workbench.editor.openLightbulb('Ignore unbounded-collection');
    await entry.click();
    await shows(/heapwright-ignore-next-line\sunbounded-collection/);
    await workbench.page.locator('.squiggly-info').first().waitFor({ state: 'detached' });
  });

  it('gives the cache of a library its limit, and says how to where it does not', async () => {
    await fs.writeFile(path.join(folder, 'prices.js'), PRICES);
    await workbench.editor.open('prices.js', 4);
    const entry = await workbench.editor.openLightbulb('Limit its entries');
    await workbench.saveScreenshot('rewrites-7-library');
    await entry.click();
    await shows(/new\sLRUCache\(\{\smax:\s500,\sttl:\s60_000\s\}\)/);
    await workbench.page.keyboard.press('Escape');
    const hover = await workbench.editor.hover(/^rateOf$/, 'Not offered');
    const text = ((await hover.textContent()) ?? '').replaceAll('\u00a0', ' ');
    assert.match(text, /the cache of memoizee behind this module function/);
    assert.match(text, /memoizee\(fn, \{ max: 500 \}\)/);
    await workbench.saveScreenshot('rewrites-8-library-refused');
    await workbench.page.keyboard.press('Escape');
  });

  for (const theme of ['Light Modern', 'Dark High Contrast', 'Dark Modern'] as Theme[]) {
    it(`names the delete that removes nothing, in ${theme}`, async () => {
      await fs.writeFile(path.join(folder, 'waiting.js'), WAITING);
      await workbench.setTheme(theme);
      await workbench.editor.open('waiting.js', 1);
      await workbench.page.locator('.squiggly-info').first().waitFor();
      const hover = await workbench.editor.hover(/^waiting$/, 'Not offered');
      const text = ((await hover.textContent()) ?? '').replaceAll('\u00a0', ' ');
      assert.match(text, /The delete in line 8 asks for a part of the key only/);
      assert.match(text, /waiting\.delete\(`\$\{valve\}:\$\{id\}`\)/);
      await workbench.saveScreenshot(`rewrites-9-part-of-key-${themeSuffix(theme)}`);
      await workbench.page.keyboard.press('Escape');
    });
  }

  it('prints what it writes with the prettier of the project, the limit still selected', async () => {
    await fs.mkdir(path.join(folder, 'node_modules/prettier'), { recursive: true });
    await fs.writeFile(path.join(folder, 'node_modules/prettier/index.js'), PRETTIER);
    await fs.writeFile(path.join(folder, 'long.js'), LONG);
    await workbench.editor.open('long.js', 1);
    const entry = await workbench.editor.openLightbulb('Bound with an LRU cache');
    await entry.click();
    await shows(/^\s*max:\s500,$/);
    await workbench.page.keyboard.type('42');
    await shows(/^\s*max:\s42,$/);
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('Control+Z');
    await workbench.page.keyboard.press('Control+Z');
    await shows(/const\spagesByTheirAddressCache\s=\snew\sMap\(\)/);
  });
});

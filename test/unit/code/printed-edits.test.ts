import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { applyChanges } from '../../../src/code/apply-edits';
import { lintPaths } from '../../../src/code/lint-paths';
import { asProjectPrints } from '../../../src/code/printed-edits';

/** A prettier that knows two things: objects of long lines are broken, and statements end in a semicolon. */
const PRETTIER = `
exports.resolveConfig = async () => ({ width: 50 });
exports.getFileInfo = async (file, { ignorePath }) => ({
  ignored: require('fs').existsSync(ignorePath),
  inferredParser: 'babel',
});
exports.format = (text, { width, filepath }) => {
  if (!filepath) throw new Error('no file');
  return text
    .split('\\n')
    .map((line) => (line.length > width ? line.replace(/\\{ (.*) \\}/, '{\\n  $1,\\n}') : line))
    .map((line) => line.replace(/(?<=\\))$/, ';'))
    .join('\\n');
};
`;
const CREATION = 'const pagesByTheirAddressCache = new Map();';
const LEAKY = `const { a } = require('./500');
${CREATION}
exports.page = (address) => {
  if (!pagesByTheirAddressCache.has(address)) pagesByTheirAddressCache.set(address, a(address));
  return pagesByTheirAddressCache.get(address);
};
`;

describe('edits in a project with prettier', () => {
  let root: string;
  let file: string;
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'heapwright-printed-'));
    file = path.join(root, 'pages.js');
    fs.mkdirSync(path.join(root, 'node_modules/prettier'), { recursive: true });
    fs.mkdirSync(path.join(root, 'node_modules/lru-cache'));
    fs.writeFileSync(path.join(root, 'node_modules/prettier/index.js'), PRETTIER);
    const dependencies = { 'lru-cache': '^11.5.0' };
    fs.writeFileSync(path.join(root, 'package.json'), JSON.stringify({ private: true, dependencies }));
  });
  afterEach(() => fs.rmSync(root, { recursive: true }));

  const edit = (before: string) => {
    const start = before.indexOf('new Map()');
    const text = 'new LRUCache({ max: 500, ttl: 60_000 })';
    const placeholder = { start: text.indexOf('500'), end: text.indexOf('500') + 3 };
    return { file, create: false, changes: [{ start, end: start + 9, text, placeholder }] };
  };

  it('are broken as prettier breaks lines, with the limit still to be chosen', async () => {
    const [printed] = await asProjectPrints([edit(LEAKY)], () => LEAKY);
    const after = applyChanges(LEAKY, printed!.changes);
    assert.ok(after.includes('new LRUCache({\n  max: 500, ttl: 60_000,\n});'), after);
    const [change] = printed!.changes;
    assert.equal(printed!.changes.length, 1);
    const { start, end } = change!.placeholder!;
    assert.equal(change!.text.slice(start - 5, end), 'max: 500');
  });

  it('stay as they are in a file that was not printed by it', async () => {
    const other = LEAKY.replace("require('./500');", "require('./500')");
    assert.deepEqual(await asProjectPrints([edit(other)], () => other), [edit(other)]);
  });

  it('stay as they are in a file that it leaves out', async () => {
    fs.writeFileSync(path.join(root, '.prettierignore'), 'pages.js\n');
    assert.deepEqual(await asProjectPrints([edit(LEAKY)], () => LEAKY), [edit(LEAKY)]);
  });

  it('stay as they are where there is no prettier, or it fails', async () => {
    fs.writeFileSync(path.join(root, 'node_modules/prettier/index.js'), 'throw new Error("broken")');
    assert.deepEqual(await asProjectPrints([edit(LEAKY)], () => LEAKY), [edit(LEAKY)]);
    fs.rmSync(path.join(root, 'node_modules/prettier'), { recursive: true });
    assert.deepEqual(await asProjectPrints([edit(LEAKY)], () => LEAKY), [edit(LEAKY)]);
  });

  it('of the command line are printed, too', async () => {
    fs.writeFileSync(file, LEAKY);
    const options = {
      rules: [],
      fix: true,
      proposeFixes: false,
      maxEntries: 500,
      lazyImportMinimumBytes: 1e6,
    };
    const left: unknown[] = [];
    await lintPaths([root], options, ({ smells }) => left.push(...smells));
    const after = fs.readFileSync(file, 'utf8');
    assert.match(after, /new LRUCache\(\{\n {2}max: 500,\n\}\);/);
    assert.deepEqual(left, []);
  });
});

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { applyChanges } from '../../../src/code/apply-edits';
import { detect, rewrite } from '../../../src/code/detect';
import { projectRoot } from '../../host/cache-folder';

/**
 * Every folder `test/fixtures/code/<rewrite>/<case>` holds a `before` file and either the `after` that the rewrite makes
 * of it, or `refused.txt` with words of the reason. Edited TypeScript is compiled in strict mode on the way, since a
 * rewrite that does not compile is refused. `UPDATE_FIXTURES=1` writes what is missing, to be read before it is kept.
 */
const FIXTURES = path.join(projectRoot(), 'test/fixtures/code');
const OPTIONS = { evidence: [], lazyImportMinimumBytes: 1e6 };
const TSCONFIG = {
  compilerOptions: {
    strict: true,
    target: 'ES2022',
    module: 'NodeNext',
    types: [],
    noUncheckedIndexedAccess: true,
  },
};

describe('rewrites of fixtures', function () {
  this.timeout(60_000);
  let root: string;
  before(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'heapwright-fixtures-'));
    fs.writeFileSync(path.join(root, 'package.json'), '{"name":"fixture"}');
    fs.writeFileSync(path.join(root, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  });
  after(() => fs.rmSync(root, { recursive: true }));

  for (const rewriteId of fs.readdirSync(FIXTURES)) {
    describe(rewriteId, () => {
      for (const name of fs.readdirSync(path.join(FIXTURES, rewriteId))) {
        it(name, () => check(root, rewriteId, path.join(FIXTURES, rewriteId, name)));
      }
    });
  }
});

function check(root: string, rewriteId: string, folder: string): void {
  const before = fs.readdirSync(folder).find((file) => file.startsWith('before.'))!;
  const extension = path.extname(before);
  const text = fs.readFileSync(path.join(folder, before), 'utf8');
  const file = path.join(root, `example${extension}`);
  const [smell, ...others] = detect(file, text, OPTIONS);
  assert.ok(smell && others.length === 0, `${others.length + (smell ? 1 : 0)} smells instead of one`);
  const offer = smell.rewrites.find(({ id }) => id === rewriteId);
  assert.ok(offer, `${rewriteId} is not in the menu`);
  const result = rewrite(file, text, smell.id, rewriteId, { maxEntries: 500, ttlMs: 0 }, OPTIONS);
  const refused = path.join(folder, 'refused.txt');
  if (fs.existsSync(refused)) {
    assert.ok(result.kind === 'refused', 'it was rewritten');
    const words = fs.readFileSync(refused, 'utf8').trim();
    assert.ok(result.reason.includes(words), result.reason);
    return;
  }
  assert.ok(result.kind === 'edits', result.kind === 'refused' ? result.reason : '');
  assert.equal(offer.refusal, null);
  const edited = result.edits.find((edit) => edit.file === file)!;
  const after = applyChanges(text, edited.changes);
  const expected = path.join(folder, `after${extension}`);
  if (!fs.existsSync(expected) && process.env.UPDATE_FIXTURES) fs.writeFileSync(expected, after);
  assert.equal(after, fs.readFileSync(expected, 'utf8'));
  const left = detect(file, after, OPTIONS);
  assert.deepEqual(left, [], 'the smell is still there');
}

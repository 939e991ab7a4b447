import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { CodeAnalyzer } from '../../../src/code/client';
import type { RuleId } from '../../../src/protocol/code';
import { distFolder } from '../../host/cache-folder';
import { npmInstall } from '../../host/npm';
import { SampleShop } from '../../ui/sample-shop';
import { applied } from './apply-changes';

/** The sample as a project that is rewritten: it compiles and answers after each rewrite. */
describe('the sample after its rewrites', function () {
  this.timeout(120_000);
  const analyzer = new CodeAnalyzer(path.join(distFolder(), 'code-worker.js'));
  let shop: SampleShop;

  before(async () => {
    shop = await SampleShop.create();
  });
  after(async () => {
    await analyzer.dispose();
    await shop?.dispose();
  });

  /** Carries out a rewrite on disk; the package that it asks for, as a spec for npm. */
  async function rewrite(name: string, rule: RuleId, rewriteId: string): Promise<string | null> {
    const file = path.join(shop.folder, 'src', name);
    const text = await fs.readFile(file, 'utf8');
    const smell = (await analyzer.analyze(file, text)).find((one) => one.rule === rule);
    assert.ok(smell, `${name} has no ${rule}`);
    const result = await analyzer.rewrite(file, text, smell.id, rewriteId, {
      maxEntries: 500,
      ttlMs: 60_000,
    });
    await fs.writeFile(file, applied(text, result));
    const dependency = result.kind === 'edits' ? result.dependency : null;
    return dependency ? `${dependency.name}@${dependency.range}` : null;
  }

  it('loads its PDF library lazily', async () => {
    assert.equal(await rewrite('receipts.ts', 'lazy-import', 'load-lazily'), null);
    assert.match(await shop.read('src/receipts.ts'), /require\('pdf-lib'\) as typeof import\('pdf-lib'\)/);
    assert.doesNotMatch(await shop.read('src/receipts.ts'), /^import .*'pdf-lib'/m);
    await shop.build();
  });

  it('bounds its response cache', async () => {
    const dependency = await rewrite('response-cache.ts', 'unbounded-collection', 'lru-cache');
    assert.match(dependency ?? '', /^lru-cache@\^1[01]\./);
    assert.match(
      await shop.read('src/response-cache.ts'),
      /new LRUCache<string, CachedReply>\(\{ max: 500, ttl: 60_000 \}\)/,
    );
    await npmInstall(shop.folder, [dependency ?? '']);
    await shop.build();
  });

  it('still answers, and keeps no more than its bound', async () => {
    await shop.start();
    await shop.load(800);
    const health = (await (await fetch(new URL('/health', shop.url))).json()) as { pages: number };
    assert.equal(health.pages, 500);
    const receipt = await fetch(new URL('/receipts/3', shop.url));
    assert.equal(receipt.headers.get('content-type'), 'application/pdf');
    assert.equal(
      Buffer.from(await receipt.arrayBuffer())
        .subarray(0, 5)
        .toString(),
      '%PDF-',
    );
  });

  it('has nothing to say of its bounded cache', async () => {
    const file = path.join(shop.folder, 'src/exchange-rates.ts');
    assert.deepEqual(await analyzer.analyze(file, await fs.readFile(file, 'utf8')), []);
  });
});

import assert from 'node:assert/strict';
import { detectIn, rewriteIn } from '../../../src/code/detect';
import { SourceProgram } from '../../../src/code/program/source-program';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: Number.POSITIVE_INFINITY };

/** What each limit of the cache of the first file is refused for; null where it is made. */
export function refusalsOf(files: Readonly<Record<string, string>>): (string | null)[] {
  const program = new SourceProgram();
  for (const [name, text] of Object.entries(files)) program.set(`/project/src/${name}`, text);
  const file = program.parsed(`/project/src/${Object.keys(files)[0]}`)!;
  const smell = detectIn(file, OPTIONS).find(({ identifier }) => /cache$|^results$/i.test(identifier));
  assert.ok(smell, 'nothing was found');
  return ['bounded-map', 'lru-cache'].map((id) => {
    const result = rewriteIn(file, smell.id, id, { maxEntries: 500, ttlMs: 0 }, OPTIONS);
    return result.kind === 'refused' ? result.reason : null;
  });
}

export type RefusedCase = readonly [
  what: string,
  reason: RegExp,
  files: Record<string, string>,
  found: string,
  put: string,
];

/** A test for each: refused as it is, and made with `put` in the place of `found`. */
export function refusedUntilChanged(cases: readonly RefusedCase[]): void {
  for (const [what, reason, files, found, put] of cases)
    it(what, () => {
      for (const refusal of refusalsOf(files)) assert.match(refusal ?? 'made', reason);
      assert.ok(Object.values(files).some((text) => text.includes(found)));
      const others = Object.entries(files).map(([name, text]) => [name, text.replaceAll(found, put)]);
      assert.deepEqual(refusalsOf(Object.fromEntries(others)), [null, null]);
    });
}

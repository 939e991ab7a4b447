import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import type { LintOptions } from '../../../src/code/lint';
import { lintPaths } from '../../../src/code/lint-paths';
import { projectRoot } from '../../host/cache-folder';

const OPTIONS: LintOptions = {
  rules: [],
  fix: true,
  proposeFixes: false,
  maxEntries: 500,
  lazyImportMinimumBytes: 1e6,
};
const PROGRAMS = path.join(projectRoot(), 'test/fixtures/rewritten');
const MODULES = path.join(projectRoot(), 'node_modules');

/** What is rewritten in each, as it was when all of it had been read; of those that are not here nothing may be. */
const REWRITTEN: Readonly<Record<string, readonly string[]>> = {
  cobnutter: ['lib/glob.js'],
  eiderholm: ['src/numbers.js'],
  fennimoor: ['src/jobs.ts'],
  gannetpool: ['lib/statements.js'],
  gorsewell: ['src/template.ts'],
  hollinfell: ['lib/compile.js', 'lib/syntax.js'],
  kestrelnab: ['src/factory.js'],
  lapwinghow: ['src/bind.js'],
  marlstone: ['src/tasks.ts'],
  nettlebarn: ['src/rooms.js'],
  quillhaven: ['src/color.ts', 'src/memoize.ts'],
  slatebrook: ['src/policy.ts', 'src/reverse.ts'],
  wickenby: ['src/lookup.ts'],
};

/**
 * Programs that were written to catch wrong rewrites, by somebody who did not know the rules: their tests ask for what was stored
 * long ago, in which order entries are listed, and what is answered for `undefined`, 0 and `__proto__`.
 */
describe('programs after all fixes', function () {
  this.timeout(300_000);
  for (const name of fs.readdirSync(PROGRAMS)) {
    it(`${name} passes its tests as before`, () => inCopyOf(name, (copy) => check(name, copy)));
  }
});

async function check(name: string, copy: string): Promise<void> {
  const written = new Set<string>();
  await lintPaths([copy], OPTIONS, (linted) => {
    for (const file of linted.written.keys())
      written.add(path.relative(copy, file).split(path.sep).join('/'));
  });
  const rewritten = [...written].filter((file) => !/bounded-map\.[jt]s$/.test(file));
  assert.deepEqual(rewritten.sort(), REWRITTEN[name] ?? []);
  await npm(copy, ['test']);
  await npm(copy, ['run', 'typecheck', '--if-present']);
}

async function inCopyOf(name: string, work: (copy: string) => Promise<void>): Promise<void> {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'heapwright-rewritten-'));
  try {
    fs.cpSync(path.join(PROGRAMS, name), copy, { recursive: true });
    linkModules(path.join(copy, 'node_modules'));
    await work(copy);
  } finally {
    fs.rmSync(copy, { recursive: true });
  }
}

/** All that they load, which is installed for ours. */
function linkModules(folder: string): void {
  fs.mkdirSync(folder);
  for (const name of ['.bin', '@types', 'esbuild', 'typescript', 'undici-types'])
    fs.symlinkSync(path.join(MODULES, name), path.join(folder, name), 'junction');
  fs.symlinkSync(path.join(MODULES, 'lru-cache-11'), path.join(folder, 'lru-cache'), 'junction');
}

/** @throws with all that was printed where it ends with another code than 0 */
async function npm(folder: string, args: readonly string[]): Promise<void> {
  const program = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const options = { cwd: folder, shell: process.platform === 'win32' };
  await promisify(execFile)(program, [...args, '--silent'], options).catch(
    ({ stdout, stderr }: { stdout: string; stderr: string }) =>
      assert.fail(`npm ${args.join(' ')}\n${stdout}\n${stderr}`),
  );
}

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { applyChanges } from '../../../src/code/apply-edits';
import { detectIn, rewriteIn } from '../../../src/code/detect';
import { SourceProgram } from '../../../src/code/program/source-program';
import type { FileEdit, RewriteSettings, Smell } from '../../../src/protocol/code';
import { projectRoot } from '../../host/cache-folder';

/**
 * Every folder `test/fixtures/code/<rewrite>/<case>` holds a `before` file and either the `after` that the rewrite makes
 * of it, or `refused.txt` with words of the reason; in `silent/<case>` nothing may be reported. `project/` holds other
 * files around it, `test/fixtures/packages` what all can import. Edited TypeScript is compiled in strict mode on the way, since a rewrite that does not compile is
 * refused. It is run before and after, and must answer the same: what its own `check()` says, or what the folder's
 * `check.cjs` makes of its exports. `lru-cache` is the real one. `settings.json`
 * holds other limits than the usual. `UPDATE_FIXTURES=1` writes what is missing, to be read before it is kept.
 */
const FIXTURES = path.join(projectRoot(), 'test/fixtures/code');
const PACKAGES = path.join(projectRoot(), 'test/fixtures/packages');
const LRU_CACHE = path.join(projectRoot(), 'node_modules/lru-cache-11');
const PACKAGE_JSON = { name: 'fixture', private: true, dependencies: { 'lru-cache': '^11.5.0' } };
const TSCONFIG = {
  compilerOptions: {
    strict: true,
    target: 'ES2022',
    module: 'NodeNext',
    types: [],
    // The declarations of lru-cache need those of Node.
    skipLibCheck: true,
    noUncheckedIndexedAccess: true,
  },
};

describe('rewrites of fixtures', function () {
  this.timeout(120_000);
  for (const rewriteId of fs.readdirSync(FIXTURES)) {
    describe(rewriteId, () => {
      for (const name of fs.readdirSync(path.join(FIXTURES, rewriteId))) {
        it(name, () =>
          inProject(path.join(FIXTURES, rewriteId, name), (project) => check(project, rewriteId)),
        );
      }
    });
  }
});

interface Project {
  readonly folder: string;
  readonly root: string;
  readonly file: string;
  readonly text: string;
  readonly program: SourceProgram;
}

async function inProject(folder: string, work: (project: Project) => Promise<void>): Promise<void> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'heapwright-fixture-'));
  try {
    fs.writeFileSync(path.join(root, 'package.json'), JSON.stringify(PACKAGE_JSON));
    fs.writeFileSync(path.join(root, 'tsconfig.json'), JSON.stringify(TSCONFIG));
    const around = path.join(folder, 'project');
    if (fs.existsSync(around)) fs.cpSync(around, root, { recursive: true });
    // Under another name, since no repository keeps a folder of theirs.
    const installed = path.join(root, 'node_modules');
    fs.cpSync(PACKAGES, installed, { recursive: true });
    fs.cpSync(LRU_CACHE, path.join(installed, 'lru-cache'), { recursive: true });
    const packages = path.join(root, 'packages');
    if (fs.existsSync(packages)) {
      fs.cpSync(packages, installed, { recursive: true });
      fs.rmSync(packages, { recursive: true });
    }
    const before = fs.readdirSync(folder).find((name) => name.startsWith('before.'))!;
    const file = path.join(root, `example${path.extname(before)}`);
    const text = fs.readFileSync(path.join(folder, before), 'utf8');
    fs.writeFileSync(file, text);
    const program = new SourceProgram();
    for (const name of fs.readdirSync(root, { recursive: true }) as string[]) {
      if (/\.[cm]?[jt]sx?$/.test(name) && !name.startsWith('node_modules')) {
        program.set(path.join(root, name), fs.readFileSync(path.join(root, name), 'utf8'));
      }
    }
    await work({ folder, root, file, text, program });
  } finally {
    fs.rmSync(root, { recursive: true });
  }
}

async function check(project: Project, rewriteId: string): Promise<void> {
  const { folder, file, text, program } = project;
  // Packages of fixtures are tiny.
  const options = { evidence: [], lazyImportMinimumBytes: 1 };
  const smells = (): Smell[] => detectIn(program.parsed(file)!, options);
  const found = smells();
  if (rewriteId === 'silent') {
    assert.deepEqual(found, []);
    return;
  }
  const [smell, ...others] = found;
  assert.ok(smell && others.length === 0, `${found.length} smells instead of one`);
  const offer = smell.rewrites.find(({ id }) => id === rewriteId);
  assert.ok(offer, `${rewriteId} is not in the menu`);
  const given = path.join(folder, 'settings.json');
  const settings = fs.existsSync(given)
    ? (JSON.parse(fs.readFileSync(given, 'utf8')) as RewriteSettings)
    : { maxEntries: 500, ttlMs: 0 };
  const result = rewriteIn(program.parsed(file)!, smell.id, rewriteId, settings, options);
  const refused = path.join(folder, 'refused.txt');
  if (fs.existsSync(refused)) {
    assert.ok(result.kind === 'refused', 'it was rewritten');
    const words = fs.readFileSync(refused, 'utf8').trim();
    assert.ok(result.reason.includes(words), result.reason);
    return;
  }
  assert.ok(result.kind === 'edits', result.kind === 'refused' ? result.reason : '');
  assert.equal(offer.refusal, null);
  const after = applyChanges(text, result.edits.find((edit) => edit.file === file)!.changes);
  const expected = path.join(folder, `after${path.extname(file)}`);
  if (!fs.existsSync(expected) && process.env.UPDATE_FIXTURES) fs.writeFileSync(expected, after);
  assert.equal(after, fs.readFileSync(expected, 'utf8'));
  program.set(file, after);
  for (const { file: name, create, changes } of result.edits) {
    if (create) program.set(name, applyChanges('', changes));
  }
  // At a limit of one byte the import of lru-cache itself is one.
  const left = smells().filter(({ id }) => id !== 'lazy-import:lru-cache');
  assert.deepEqual(left, [], 'the smell is still there');
  const asking = path.join(folder, 'check.cjs');
  if (fs.existsSync(asking)) await runBoth(project, result.edits, require(asking) as Question);
  else if (/\bcheck\b/.test(text)) {
    await runBoth(project, result.edits, (module) => (module as { check(): unknown }).check());
  }
}

/** What a program says, from what it exports. */
type Question = (module: unknown) => unknown;

/** Loads the file before and after, as the module that it is, and compares the answers. */
async function runBoth({ root, file }: Project, edits: readonly FileEdit[], ask: Question): Promise<void> {
  const before = await run(root, file, ask);
  for (const { file: name, create, changes } of edits) {
    fs.writeFileSync(name, applyChanges(create ? '' : fs.readFileSync(name, 'utf8'), changes));
  }
  assert.deepEqual(await run(root, file, ask), before, 'it answers another thing than before');
}

async function run(root: string, file: string, ask: Question): Promise<unknown> {
  const built = fs.mkdtempSync(path.join(root, 'built-'));
  const { type } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { type?: string };
  const { compilerOptions } = JSON.parse(fs.readFileSync(path.join(root, 'tsconfig.json'), 'utf8')) as {
    compilerOptions: { target?: string };
  };
  const isModule = (name: string) => /\.m[jt]s$/.test(name) || (type === 'module' && !/\.c[jt]s$/.test(name));
  for (const name of fs.readdirSync(root)) {
    if (!/\.[cm]?[jt]sx?$/.test(name) || name.endsWith('.d.ts')) continue;
    const { outputText } = ts.transpileModule(fs.readFileSync(path.join(root, name), 'utf8'), {
      fileName: name,
      compilerOptions: {
        module: isModule(name) ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
        target: compilerOptions.target === 'ES5' ? ts.ScriptTarget.ES5 : ts.ScriptTarget.ES2022,
        allowJs: true,
        esModuleInterop: true,
        experimentalDecorators: true,
        jsx: ts.JsxEmit.React,
      },
    });
    fs.writeFileSync(path.join(built, builtName(name)), outputText);
  }
  const entry = path.join(built, builtName(path.basename(file)));
  return await ask(isModule(file) ? await import(pathToFileURL(entry).href) : createRequire(entry)(entry));
}

function builtName(name: string): string {
  return name.replace(/\.([cm]?)[jt]sx?$/, '.$1js');
}

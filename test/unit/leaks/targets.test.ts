import assert from 'node:assert/strict';
import path from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';
import { hunt } from '../../../src/leaks/hunt/hunt';
import { expressionWorkload } from '../../../src/leaks/hunt/workloads';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { nodeBinary } from '../../host/node-binary';
import { Program, workerFile } from '../../leaks/program';

const store = `interface Visit { path: string; at: number }

export class Journal {
  static readonly visits = new Set<Visit>();
  note(path: string): void {
    Journal.visits.add({ path, at: Date.now() });
  }
}
`;
const main = `import { Journal } from './store';

const journal = new Journal();
const answers = new Map<string, string>();
let count = 0;
function answer(): void {
  count++;
  journal.note('/page/' + count);
  answers.set('page-' + count, 'answer');
  (globalThis as any).recent.push({ count });
}
(globalThis as any).recent = [];
(globalThis as any).operation = answer;
(globalThis as any).work = () => {};
setInterval(() => {}, 1000);
`;

type Files = Record<string, string>;

/** One JavaScript file with its source map beside, and the sources. */
async function bundled(format: 'cjs' | 'esm', minify: boolean): Promise<Files> {
  const name = format === 'cjs' ? 'app.cjs' : 'app.mjs';
  const { outputFiles } = await build({
    stdin: { contents: main, loader: 'ts', sourcefile: 'main.ts', resolveDir: '/' },
    plugins: [
      {
        name: 'store',
        setup(setup) {
          setup.onResolve({ filter: /store$/ }, () => ({ path: 'store.ts', namespace: 'memory' }));
          setup.onLoad({ filter: /.*/, namespace: 'memory' }, () => ({ contents: store, loader: 'ts' }));
        },
      },
    ],
    bundle: true,
    write: false,
    minify,
    format,
    sourcemap: 'linked',
    outfile: name,
  });
  const text = (ending: string) => outputFiles.find((file) => file.path.endsWith(ending))!.text;
  const map: { sources: string[] } = JSON.parse(text('.map'));
  map.sources = map.sources.map((source) => source.replace(/^.*[/:]/, ''));
  return { [name]: text(name), [`${name}.map`]: JSON.stringify(map), 'main.ts': main, 'store.ts': store };
}

function compile(fileName: string, text: string): string {
  return ts.transpileModule(text, {
    fileName,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      inlineSourceMap: true,
    },
  }).outputText;
}

/** TypeScript files that are compiled while they are read, as ts-node, tsx and swc do: V8 runs another text. */
function loaded(): Files {
  const texts = { 'main.ts': compile('main.ts', main), 'store.ts': compile('store.ts', store) };
  return {
    'start.cjs': `const texts = ${JSON.stringify(texts)};
require.extensions['.ts'] = (module, file) => module._compile(texts[require('node:path').basename(file)], file);
require('./main.ts');`,
    'main.ts': main,
    'store.ts': store,
  };
}

/** Two CommonJS files as tsc writes them, source maps inline. */
function compiled(): Files {
  return {
    'main.js': compile('main.ts', main),
    'store.js': compile('store.ts', store),
    'main.ts': main,
    'store.ts': store,
  };
}

describe('leaks: hunting in every kind of target', function () {
  this.timeout(120_000);
  const cases: readonly [title: string, major: number, files: () => Files | Promise<Files>][] = [
    ['TypeScript as CommonJS, Node 18', 18, compiled],
    ['bundled CommonJS, Node 20', 20, () => bundled('cjs', false)],
    ['bundled and minified ES module, Node 22', 22, () => bundled('esm', true)],
    ['bundled and minified CommonJS, Node 24', 24, () => bundled('cjs', true)],
    ['TypeScript as CommonJS, Node 26', 26, compiled],
    ['TypeScript by a loader, Node 24', 24, loaded],
  ];
  for (const [title, major, files] of cases) {
    it(`names all three leaks at their TypeScript lines: ${title}`, async () => {
      const engine = new SnapshotEngine(workerFile);
      const program = await Program.start(await files(), await nodeBinary(major));
      try {
        const workload = expressionWorkload(program.session, 'globalThis.operation()');
        const { verdicts } = await hunt(program.session, engine, workload, {
          operations: 31,
          warmup: 0,
          idleMs: 100,
        });
        const said = JSON.stringify(verdicts, null, 1);
        const leaks = verdicts.filter(({ level }) => level === 'leak');
        assert.equal(leaks.length, 3, said);
        const at = (kind: string) => leaks.find((leak) => leak.kind === kind)!;
        const place = (file: string, line: number) => ({ file: path.join(program.folder, file), line });
        const pick = (position: { file: string; line: number } | null) =>
          position && { file: position.file, line: position.line };
        assert.deepEqual(pick(at('map').location), place('main.ts', 4), said);
        assert.deepEqual(pick(at('map').addedAt), place('main.ts', 9), said);
        assert.equal(at('map').name, 'answers');
        assert.deepEqual(pick(at('set').location), place('store.ts', 4), said);
        assert.deepEqual(pick(at('set').addedAt), place('store.ts', 6), said);
        assert.equal(at('set').name, 'Journal.visits');
        assert.deepEqual(pick(at('array').location), place('main.ts', 12), said);
        assert.deepEqual(pick(at('array').addedAt), place('main.ts', 10), said);
        assert.equal(at('array').name, 'globalThis.recent');
      } finally {
        await program.dispose();
        await engine.dispose();
      }
    });
  }
});

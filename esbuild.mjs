// Builds everything that ships (dist) and, with --tests, everything that mocha runs (out).
//   node esbuild.mjs [--watch] [--tests] [--production]
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import promises from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import * as esbuild from 'esbuild';

const root = path.dirname(fileURLToPath(import.meta.url));
const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');
const production = process.argv.includes('--production');

/** Files below a folder whose name ends so. */
function filesBelow(folder, ending) {
  const base = path.join(root, folder);
  if (!existsSync(base)) return [];
  return readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !file.includes(`${path.sep}fixtures${path.sep}`));
}

/** Entry points that exist: a room that is not built yet does not break the build. */
function entries(table) {
  return Object.fromEntries(
    Object.entries(table)
      .map(([name, file]) => [name, path.join(root, file)])
      .filter(([, file]) => existsSync(file)),
  );
}

/** Imports of `x.wasm`: the AssemblyScript beside it, `x.ts`, compiled once for all bundles, as bytes. */
const assemblyScript = {
  name: 'assemblyscript',
  setup(build) {
    build.onLoad({ filter: /\.wasm$/ }, async ({ path: file }) => {
      const source = file.replace(/\.wasm$/, '.ts');
      modules.set(file, modules.get(file) ?? compile(source));
      return { contents: await modules.get(file), loader: 'binary', watchFiles: [source] };
    });
    build.onResolve({ filter: /\.wasm$/ }, ({ path: file, resolveDir }) => ({
      path: path.join(resolveDir, file),
    }));
  },
};
const modules = new Map();

/** Modules that work on the memory of a snapshot, which other threads see too; the others have memory of their own. */
const ON_SHARED_MEMORY = ['blocks.ts', 'graph.ts'];
const SHARED_MEMORY = [
  ...['--importMemory', '--sharedMemory', '--enable', 'threads'],
  ...['--initialMemory', '1', '--maximumMemory', '65536'],
];

async function compile(source) {
  const out = 'module.wasm';
  const files = new Map();
  const { error, stderr } = await asc.main(
    [
      path.relative(root, source),
      '--outFile',
      out,
      '-O3',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--noAssert',
      ...(ON_SHARED_MEMORY.includes(path.basename(source)) ? SHARED_MEMORY : []),
    ],
    {
      readFile: (name, folder) =>
        existsSync(path.join(folder, name)) ? readFileSync(path.join(folder, name), 'utf8') : null,
      writeFile: (name, contents) => void files.set(name, contents),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(stderr.toString());
  return files.get(out);
}

const shared = {
  bundle: true,
  plugins: [assemblyScript],
  sourcemap: production ? false : 'linked',
  minify: production,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
};

/** Packages that are loaded when they are first needed: files of their own, which no start has to read. */
const APART = {
  'chrome-remote-interface': 'chrome-remote-interface',
  autocannon: 'autocannon',
  '@babel/parser': 'babel-parser',
};

const apart = {
  name: 'apart',
  setup(build) {
    for (const [name, file] of Object.entries(APART)) {
      const filter = new RegExp(`^${name}$`);
      build.onResolve({ filter }, () => ({ path: `./${file}.js`, external: true }));
    }
  },
};

/**
 * Modules that dozens of our files import whole. Left to itself, esbuild gives each of these files a copy of the module,
 * name by name; with the hundreds of names of `vscode` that took half of the time in which the extension starts. So they
 * are modules of the bundle that hand on what is required once.
 */
const REQUIRED_ONCE = {
  vscode: vscodeNames,
  'node:path': () => Object.keys(path.posix),
  'node:fs/promises': () => Object.keys(promises),
};

const requiredOnce = {
  name: 'required-once',
  setup(build) {
    const filter = new RegExp(`^(${Object.keys(REQUIRED_ONCE).join('|')})$`);
    build.onResolve({ filter }, ({ path: name, kind }) =>
      kind === 'import-statement'
        ? { path: name, namespace: 'required-once' }
        : { path: name, external: true },
    );
    build.onLoad({ filter: /./, namespace: 'required-once' }, ({ path: name }) => {
      const names = REQUIRED_ONCE[name]().filter((one) => one !== 'default');
      const contents = `const whole = require('${name}');
        export default whole;
        export const { ${names.join(', ')} } = whole;`;
      return { contents, loader: 'js' };
    });
  },
};

/** What the oldest VS Code that we run in gives to extensions, as its types tell. */
function vscodeNames() {
  const types = readFileSync(path.join(root, 'node_modules/@types/vscode/index.d.ts'), 'utf8');
  const declared = types.matchAll(/^\texport (?:abstract )?(?:class|enum|namespace|const|function) (\w+)/gm);
  return [...new Set(Array.from(declared, ([, name]) => name))];
}

/** Node side: the extension, its worker threads and the command line. */
const nodeSide = {
  ...shared,
  plugins: [assemblyScript, apart, requiredOnce],
  platform: 'node',
  format: 'cjs',
  // Electron of VS Code 1.95 and the oldest Node that runs our command line.
  target: 'node20',
  outdir: path.join(root, 'dist'),
  external: ['vscode'],
  // ES modules among the bundled packages ask for their own address, which CommonJS has not.
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { ...shared.define, 'import.meta.url': 'importMetaUrl' },
  entryPoints: entries({
    extension: 'src/extension.ts',
    'snapshot-worker': 'src/snapshot/worker.ts',
    'snapshot-member': 'src/snapshot/threads/member.ts',
    'code-worker': 'src/code/worker.ts',
    'code-engine': 'src/code/engine.ts',
    cli: 'src/cli/main.ts',
  }),
};

const apartSide = {
  ...nodeSide,
  plugins: [],
  entryPoints: Object.fromEntries(Object.entries(APART).map(([name, file]) => [file, name])),
};

/** What is loaded into measured programs, of any Node from 18 on: small, and without names that it would not need. */
const meterSide = ['module-meter', 'module-meter-hooks'].map((name, place) => ({
  ...shared,
  sourcemap: false,
  keepNames: false,
  platform: 'node',
  format: place === 0 ? 'cjs' : 'esm',
  target: 'node18',
  outdir: path.join(root, 'dist'),
  outExtension: { '.js': place === 0 ? '.cjs' : '.mjs' },
  entryPoints: {
    [name]: path.join(root, 'src/modules/meter', place === 0 ? 'meter.entry.ts' : 'hooks.entry.ts'),
  },
}));

/** Browser side: one script and one stylesheet per view. */
const browserSide = {
  ...shared,
  platform: 'browser',
  format: 'esm',
  target: 'chrome128',
  outdir: path.join(root, 'dist/webview'),
  loader: { '.ttf': 'file', '.svg': 'dataurl' },
  entryPoints: filesBelow('src/webview', '.entry.ts').map((file) => ({
    in: file,
    out: path.basename(file, '.entry.ts'),
  })),
};

/** Tests stay separate files; what they import from src is bundled into each, packages are not. */
const testSide = {
  ...shared,
  minify: false,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  outdir: path.join(root, 'out'),
  outbase: root,
  packages: 'external',
  external: ['vscode'],
  entryPoints: filesBelow('test', '.ts').filter((file) => !file.endsWith('.d.ts')),
};

function copyAssets() {
  const codicons = path.join(root, 'dist/webview');
  mkdirSync(codicons, { recursive: true });
  for (const file of ['codicon.css', 'codicon.ttf']) {
    copyFileSync(path.join(root, 'node_modules/@vscode/codicons/dist', file), path.join(codicons, file));
  }
  // The code worker checks edited programs against these; it bundles the compiler, but not its libraries.
  const libraries = path.join(root, 'node_modules/typescript/lib');
  const copies = path.join(root, 'dist/typescript-lib');
  mkdirSync(copies, { recursive: true });
  for (const file of readdirSync(libraries).filter((name) => /^lib\..*d\.ts$/.test(name))) {
    copyFileSync(path.join(libraries, file), path.join(copies, file));
  }
  // ps-list runs these on Windows, and looks for them beside the bundle.
  cpSync(path.join(root, 'node_modules/ps-list/vendor'), path.join(root, 'dist/vendor'), { recursive: true });
}

async function run() {
  const configurations = [nodeSide, apartSide, ...meterSide, browserSide, ...(tests ? [testSide] : [])];
  if (!watch) {
    rmSync(path.join(root, 'dist'), { recursive: true, force: true });
    if (tests) rmSync(path.join(root, 'out'), { recursive: true, force: true });
  }
  copyAssets();
  for (const configuration of configurations) {
    if (configuration.entryPoints.length === 0) continue;
    if (!watch) {
      await esbuild.build(configuration);
      continue;
    }
    const context = await esbuild.context({
      ...configuration,
      logLevel: 'info',
      plugins: [assemblyScript, watchMarks],
    });
    await context.watch();
  }
}

/** The two lines that .vscode/tasks.json waits for, so that F5 starts only after the first build. */
const watchMarks = {
  name: 'watch-marks',
  setup(build) {
    build.onStart(() => console.log('[watch] build started'));
    build.onEnd((result) => console.log(`[watch] build finished, ${result.errors.length} errors`));
  },
};

await run();

import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { CodeAnalyzer } from '../../../src/code/client';
import { projectRoot } from '../../host/cache-folder';

/**
 * How long the lightbulb and the first diagnostics wait: the worker's start, then a file of 5,000 lines when it is opened
 * and after each of 40 changes; and how long a workspace of 500,000 lines takes on the command line. Prints a table.
 * Run: npm run bench:code
 */
const LINES = 5000;
const ROUNDS = 40;
const FILES = 250;
const LINES_OF_FILE = 2000;

const dist = process.env.HEAPWRIGHT_DIST ?? path.join(projectRoot(), 'dist');

async function run(): Promise<void> {
  const editor = await editorTimes();
  const workspace = await workspaceTime();
  const rows: [what: string, measured: string, bar: string][] = [
    ['worker and compiler ready', `${editor.startMs} ms`, ''],
    [`first diagnostics, ${LINES} lines`, `${editor.firstMs} ms`, '300 ms'],
    ['diagnostics and lightbulb after a change, median', `${editor.medianMs} ms`, ''],
    ['the same, 95th percentile', `${editor.p95Ms} ms`, '50 ms'],
    [`lint of ${FILES * LINES_OF_FILE} lines`, `${workspace.seconds.toFixed(1)} s`, '60 s'],
    ['its peak memory', `${Math.round(workspace.peakMb)} MB`, '1,500 MB'],
  ];
  process.stdout.write(`| what | measured | bar |\n| --- | --- | --- |\n`);
  for (const row of rows) process.stdout.write(`| ${row.join(' | ')} |\n`);
}

async function editorTimes() {
  const analyzer = new CodeAnalyzer(path.join(dist, 'code-worker.js'));
  try {
    const file = path.join(projectRoot(), 'src', 'generated-for-benchmark.ts');
    // As the extension does when it starts.
    const start = await timed(async () => {
      analyzer.warmUp();
      await analyzer.analyzeFile('other.ts', '');
    });
    const first = await timed(() => analyzer.analyzeFile(file, source(0, LINES)));
    const warm: number[] = [];
    // Each round another text, as after a key stroke.
    for (let round = 1; round <= ROUNDS; round++) {
      warm.push(await timed(() => analyzer.analyzeFile(file, source(round, LINES))));
    }
    warm.sort((a, b) => a - b);
    const at = (share: number) => Math.round(warm[Math.ceil(share * ROUNDS) - 1]!);
    return { startMs: Math.round(start), firstMs: Math.round(first), medianMs: at(0.5), p95Ms: at(0.95) };
  } finally {
    await analyzer.dispose();
  }
}

async function workspaceTime(): Promise<{ seconds: number; peakMb: number }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapwright-bench-'));
  try {
    fs.writeFileSync(path.join(folder, 'package.json'), '{"name":"bench","private":true}');
    for (let file = 0; file < FILES; file++) {
      const imports =
        file > 0 ? `import { handle1 as other } from './file${file - 1}.js';\nexport { other };\n` : '';
      fs.writeFileSync(path.join(folder, `file${file}.ts`), imports + source(file, LINES_OF_FILE));
    }
    const child = spawn(process.execPath, [path.join(dist, 'cli.js'), 'lint', folder], { stdio: 'ignore' });
    let peakMb = 0;
    const watch = setInterval(() => {
      peakMb = Math.max(peakMb, residentMb(child.pid!));
    }, 50);
    const seconds = (await timed(() => new Promise((resolve) => child.once('exit', resolve)))) / 1000;
    clearInterval(watch);
    return { seconds, peakMb };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** What Linux says of a process; 0 elsewhere. */
function residentMb(pid: number): number {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** A module of small functions, with a cache in every fiftieth block of ten lines. */
function source(round: number, lines: number): string {
  const blocks: string[] = [`export const round = ${round};`];
  for (let block = 0; block < lines / 10; block++) {
    const storage = block % 50 === 0 ? `cache${block}.set(name, value)` : 'value.toFixed(2)';
    blocks.push(
      block % 50 === 0
        ? `const cache${block} = new Map<string, number>();`
        : `const factor${block} = ${block};`,
      `export function handle${block}(name: string, value: number): string {`,
      '  const parts = name.split(":");',
      '  if (parts.length > 2) {',
      '    for (const part of parts) value += part.length;',
      '  }',
      `  const result = ${storage};`,
      '  return `$' + '{result}:$' + '{parts.join("/")}`;',
      '}',
      '',
    );
  }
  return blocks.join('\n');
}

void run();

import * as path from 'node:path';
import { CodeAnalyzer } from '../../../src/code/client';
import { projectRoot } from '../../host/cache-folder';

/**
 * How long the lightbulb and the first diagnostics wait: the worker's start, then a file of 5,000 lines when it is opened
 * and after each of 40 changes. Prints one JSON object with times in ms. Run: node out/test/bench/code/lint-speed.js
 */
const LINES = 5000;
const ROUNDS = 40;

async function run(): Promise<void> {
  const dist = process.env.HEAPWRIGHT_DIST ?? path.join(projectRoot(), 'dist');
  const analyzer = new CodeAnalyzer(path.join(dist, 'code-worker.js'));
  try {
    const file = path.join(projectRoot(), 'src', 'generated-for-benchmark.ts');
    // As the extension does when it starts.
    const start = await timed(async () => {
      analyzer.warmUp();
      await analyzer.analyzeFile('other.ts', '');
    });
    const first = await timed(() => analyzer.analyzeFile(file, source(0)));
    const warm: number[] = [];
    // Each round another text, as after a key stroke.
    for (let round = 1; round <= ROUNDS; round++) {
      warm.push(await timed(() => analyzer.analyzeFile(file, source(round))));
    }
    warm.sort((a, b) => a - b);
    const at = (share: number) => Math.round(warm[Math.ceil(share * ROUNDS) - 1]!);
    process.stdout.write(
      `${JSON.stringify({ lines: LINES, startMs: Math.round(start), firstMs: Math.round(first), medianMs: at(0.5), p95Ms: at(0.95) })}\n`,
    );
  } finally {
    await analyzer.dispose();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** A module of small functions, with a cache in every fiftieth block of ten lines. */
function source(round: number): string {
  const blocks: string[] = [`export const round = ${round};`];
  for (let block = 0; block < LINES / 10; block++) {
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

import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import type { InspectorSession } from '../inspector/session';
import { hunt } from '../leaks/hunt/hunt';
import { compareHunts, type HuntReport, toJson } from '../leaks/hunt/report';
import { huntHtml } from '../leaks/hunt/report-html';
import { huntMarkdown } from '../leaks/hunt/report-markdown';
import type { HttpRequest } from '../leaks/hunt/requests';
import { commandWorkload, expressionWorkload, httpWorkload, type Workload } from '../leaks/hunt/workloads';
import { HeapwrightError } from '../protocol/errors';
import { createEngine } from './engine';
import { exitCodes, ProgressLine, printJson } from './output';
import {
  addTargetOptions,
  attachTarget,
  namedTarget,
  positiveInteger,
  type TargetOptions,
  wholeNumber,
} from './target';

interface HuntCommandOptions extends TargetOptions {
  readonly url: readonly string[];
  readonly method?: string;
  readonly header: readonly string[];
  readonly body?: string;
  readonly connections: number;
  readonly anyStatus?: boolean;
  readonly expression?: string;
  readonly command?: string;
  readonly manual?: boolean;
  readonly rounds: number;
  readonly operations: number;
  readonly warmup: number;
  readonly idle: number;
  readonly adding: boolean;
  readonly json?: boolean;
  readonly markdown?: string;
  readonly html?: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly keep?: string;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `heapwright hunt`: exit code 1 when it proves a leak that the baseline file does not know. */
export function registerHunt(program: Command): void {
  const command = program
    .command('hunt')
    .description('work a program round by round and name what leaks, who holds it, and at which line');
  addTargetOptions(command)
    .option(
      '--url <url>',
      'HTTP request that is one operation, {n} in it a number used once; repeat it for a list sent in turn',
      collect,
      [],
    )
    .option('--method <method>', 'HTTP method', 'GET')
    .option('--header <name: value>', 'HTTP header; repeatable', collect, [])
    .option('--body <text>', 'HTTP body')
    .option('--connections <n>', 'HTTP connections at once', positiveInteger, 1)
    .option('--any-status', 'answers with 4xx and 5xx are what is wanted')
    .option('--expression <js>', 'JavaScript that is one operation, evaluated in the target')
    .option('--command <shell>', 'command that does one round; OPERATIONS tells it how many')
    .option('--manual', 'you do each round by hand and press Enter')
    .option('--rounds <n>', 'rounds to measure', positiveInteger, 3)
    .option('--operations <n>', 'operations in a round', positiveInteger, 97)
    .option('--warmup <n>', 'operations before the first capture', wholeNumber, 97)
    .option(
      '--idle <ms>',
      'rest before the last capture, which tells backlog from leak; 0 for none',
      wholeNumber,
      2000,
    )
    .option('--no-adding', 'do not run the extra operations that find the lines that add entries')
    .option('--json', 'print one JSON object on standard output')
    .option('--markdown <file>', 'write a report as Markdown')
    .option('--html <file>', 'write a report as one HTML page')
    .option(
      '--baseline <file>',
      'JSON of an earlier hunt: only leaks that it does not have fail, and both are compared',
    )
    .option('--write-baseline <file>', 'write the JSON of this hunt for later comparison')
    .option('--keep <folder>', 'keep the snapshots there')
    .action(async (name: string | undefined, options: HuntCommandOptions) => {
      process.exitCode = await runHunt({ ...options, ...(await namedTarget(name, options)) });
    });
}

async function runHunt(options: HuntCommandOptions): Promise<number> {
  const before = options.baseline === undefined ? null : await readBaseline(options.baseline);
  const interruption = new AbortController();
  const stop = () => interruption.abort();
  process.once('SIGINT', stop);
  const progress = new ProgressLine();
  const engine = createEngine();
  const { signal } = interruption;
  const target = await attachTarget(options, signal);
  try {
    const workload = await workloadOf(options, target.session, signal);
    const report = await hunt(target.session, engine, workload, {
      rounds: options.rounds,
      operations: options.operations,
      warmup: options.warmup,
      idleMs: options.idle,
      watchAdding: options.adding,
      folder: options.keep,
      keepSnapshots: options.keep !== undefined,
      signal,
      onProgress: (text, fraction) => progress.show(`${Math.round(fraction * 100)} %  ${text}`),
    });
    progress.end();
    return await publish(report, before, options);
  } finally {
    process.removeListener('SIGINT', stop);
    progress.end();
    target.dispose();
    await engine.dispose();
  }
}

async function publish(
  report: HuntReport,
  before: HuntReport | null,
  options: HuntCommandOptions,
): Promise<number> {
  const comparison = before ? compareHunts(before, report) : null;
  const markdown = huntMarkdown(report, comparison);
  if (options.json) printJson(toJson(report, comparison));
  else process.stdout.write(`${markdown}\n`);
  if (options.markdown !== undefined) await writeFile(options.markdown, markdown);
  if (options.html !== undefined) await writeFile(options.html, huntHtml(report, comparison));
  if (options.writeBaseline !== undefined) {
    await writeFile(options.writeBaseline, `${JSON.stringify(toJson(report, null), null, 2)}\n`);
  }
  const known = new Set(before?.verdicts.filter(({ level }) => level === 'leak').map(({ key }) => key));
  const leaks = report.verdicts.filter(({ level, key }) => level === 'leak' && !known.has(key));
  return leaks.length > 0 ? exitCodes.leak : exitCodes.clean;
}

async function readBaseline(file: string): Promise<HuntReport> {
  try {
    const report = JSON.parse(await readFile(file, 'utf8')) as HuntReport;
    if (report.schema === 1 && Array.isArray(report.verdicts)) return report;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new HeapwrightError('file-not-found', `There is no ${file}.`, 'Write one with --write-baseline.');
    }
  }
  throw new HeapwrightError(
    'bad-argument',
    `${file} is no report of a hunt.`,
    'Write one with --write-baseline.',
  );
}

async function workloadOf(
  options: HuntCommandOptions,
  session: InspectorSession,
  signal: AbortSignal,
): Promise<Workload> {
  const ways = [
    options.url.length > 0,
    options.expression !== undefined,
    options.command !== undefined,
    options.manual,
  ];
  if (ways.filter(Boolean).length !== 1) {
    throw new HeapwrightError(
      'bad-argument',
      'A hunt needs one kind of work to repeat.',
      'Give --url, --expression, --command or --manual.',
    );
  }
  if (options.expression !== undefined) return expressionWorkload(session, options.expression);
  if (options.command !== undefined) return commandWorkload(options.command);
  if (options.manual) return manualWorkload();
  if (options.launch !== undefined) await untilItAnswers(options.url[0]!, signal);
  return httpWorkload(
    options.url.map((url) => requestOf(url, options)),
    { connections: options.connections, anyStatus: options.anyStatus },
  );
}

function requestOf(url: string, { method, header, body }: HuntCommandOptions): HttpRequest {
  const headers = Object.fromEntries(
    header.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
  return { url, method, headers, body };
}

/** A program that was just launched needs a moment until it listens. */
async function untilItAnswers(url: string, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; attempt < 100 && !signal.aborted; attempt++) {
    const answered = await fetch(url, { method: 'HEAD', signal }).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await wait(200);
  }
}

function manualWorkload(): Workload {
  return {
    title: 'operations done by hand',
    byHand: true,
    async run(operations, signal) {
      const prompt = createInterface({ input: process.stdin, output: process.stderr });
      try {
        await prompt.question(`\nDo ${operations} operations now, then press Enter. `, { signal });
      } finally {
        prompt.close();
      }
      return { failed: 0 };
    },
  };
}

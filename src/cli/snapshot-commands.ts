import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { captureSnapshot } from '../inspector/capture';
import { takeCensus } from '../leaks/census/census';
import { findGrowth, type SeriesSnapshot } from '../leaks/series';
import { collectionWords } from '../protocol/census';
import { formatBytes, formatSeries } from '../protocol/figures';
import type { ScriptRecord } from '../protocol/targets';
import { openSnapshot, withEngine } from './engine';
import { ProgressLine, printJson, printTable } from './output';
import { registerCut, registerSearch } from './search-commands';
import { addTargetOptions, attachTarget, namedTarget, positiveInteger, type TargetOptions } from './target';

/** `heapwright snapshot`, `analyze`, `diff` and `census`. */
export function registerSnapshotCommands(program: Command): void {
  registerSnapshot(program);
  registerAnalyze(program);
  registerDiff(program);
  registerCensus(program);
  registerSearch(program);
  registerCut(program);
}

interface SnapshotOptions extends TargetOptions {
  readonly output?: string;
  readonly count: number;
  readonly every: number;
  readonly json?: boolean;
}

function registerSnapshot(program: Command): void {
  const command = program.command('snapshot').description('write heap snapshots of a running process');
  addTargetOptions(command)
    .option('-o, --output <file>', 'file to write; by default named after the time')
    .option(
      '--count <n>',
      'snapshots in a row, which diff can compare: V8 renumbers objects once we detach',
      positiveInteger,
      1,
    )
    .option('--every <ms>', 'pause between them', positiveInteger, 10_000)
    .option('--json', 'print one JSON object on standard output')
    .action(async (name: string | undefined, options: SnapshotOptions) => {
      const target = await attachTarget(await namedTarget(name, options));
      const progress = new ProgressLine();
      const captures: { file: string; fileBytes: number; durationMs: number }[] = [];
      try {
        for (let index = 1; index <= options.count; index++) {
          if (index > 1) await wait(options.every);
          await target.session.collectGarbage();
          const { file, fileBytes, durationMs } = await captureSnapshot(
            target.session,
            nameOf(options, index),
            {
              onProgress: ({ fraction, text }) =>
                progress.show(fraction === null ? text : `${Math.round(fraction * 100)} %  ${text}`),
            },
          );
          captures.push({ file, fileBytes, durationMs });
        }
        progress.end();
        if (options.json) printJson({ schema: 1, snapshots: captures });
        else
          for (const { file, fileBytes } of captures)
            process.stdout.write(`${file} (${formatBytes(fileBytes)})\n`);
      } finally {
        progress.end();
        target.dispose();
      }
    });
}

/** `heap.heapsnapshot`, or `heap-1.heapsnapshot` and so on for a series. */
function nameOf({ output, count }: SnapshotOptions, index: number): string {
  const stamp = new Date().toISOString().replaceAll(':', '-').slice(0, 19);
  const file = path.resolve(output ?? `heap-${stamp}.heapsnapshot`);
  if (count === 1) return file;
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}-${index}${ext}`);
}

function registerAnalyze(program: Command): void {
  program
    .command('analyze')
    .description('what a heap snapshot holds: its constructors, largest retained size first')
    .argument('<file>', '.heapsnapshot file')
    .option('--limit <n>', 'constructors to print', positiveInteger, 30)
    .option('--json', 'print one JSON object on standard output')
    .action(async (file: string, options: { limit: number; json?: boolean }) => {
      await withEngine(async (engine) => {
        const snapshot = await openSnapshot(engine, file);
        const { rows, total } = await snapshot.constructors({ limit: options.limit });
        const collections = await snapshot.collections({ minEntries: 10, limit: 15 });
        if (options.json) {
          printJson({
            schema: 1,
            snapshot: snapshot.info,
            constructors: rows,
            constructorCount: total,
            collections: collections.rows,
          });
          return;
        }
        const { nodeCount, totalSize } = snapshot.info;
        process.stdout.write(`${formatBytes(totalSize)} in ${nodeCount.toLocaleString('en-US')} nodes\n\n`);
        printTable(
          ['constructor', 'count', 'self size', 'retained size'],
          rows.map((row) => [row.name, row.count, row.selfSize, row.retainedSize]),
        );
        process.stdout.write('\n');
        printTable(
          ['largest collections', 'id', 'entries', 'retained size'],
          collections.rows.map(({ kind, node, entries }) => [
            kind,
            `@${node.id}`,
            entries,
            node.retainedSize,
          ]),
        );
      });
    });
}

function registerDiff(program: Command): void {
  program
    .command('diff')
    .description('what came and went between snapshots of one process, and which collections grew in each')
    .argument('<files...>', 'two or more .heapsnapshot files of one series (snapshot --count), oldest first')
    .option('--limit <n>', 'constructors to print', positiveInteger, 20)
    .option('--json', 'print one JSON object on standard output')
    .action(async (files: string[], options: { limit: number; json?: boolean }) => {
      await withEngine(async (engine) => {
        const series: SeriesSnapshot[] = [];
        for (const file of files) {
          series.push({ snapshot: await openSnapshot(engine, file), scripts: await scriptsBeside(file) });
        }
        const findings = await findGrowth(engine, series, { allowTwo: series.length === 2 });
        const diff = await engine.diff(series[0]!.snapshot, series.at(-1)!.snapshot, {
          limit: options.limit,
        });
        if (options.json) {
          printJson({
            schema: 1,
            files: series.map(({ snapshot }) => snapshot.info),
            growth: findings,
            constructors: diff.rows,
          });
          return;
        }
        for (const { name, kind, holder, entries, location } of findings) {
          const at = location ? ` (${location.file}:${location.line})` : '';
          process.stdout.write(`${kind} ${name}, ${holder}: ${formatSeries(entries)} entries${at}\n`);
        }
        if (findings.length === 0) process.stdout.write('No collection grew in every snapshot.\n');
        process.stdout.write('\n');
        printTable(
          ['constructor', 'added', 'removed', 'count', 'size'],
          diff.rows.map((row) => [row.name, row.addedCount, row.removedCount, row.countDelta, row.sizeDelta]),
        );
      });
    });
}

function registerCensus(program: Command): void {
  const command = program
    .command('census')
    .description(
      'the largest living Maps, Sets, arrays and emitters of a running process, without a snapshot',
    );
  addTargetOptions(command)
    .option('--limit <n>', 'collections to print', positiveInteger, 20)
    .option('--json', 'print one JSON object on standard output')
    .action(async (name: string | undefined, options: TargetOptions & { limit: number; json?: boolean }) => {
      const target = await attachTarget(await namedTarget(name, options));
      try {
        const rows = await takeCensus(target.session, { limit: options.limit });
        if (options.json) printJson({ schema: 1, collections: rows });
        else {
          printTable(
            ['collection', 'entries', 'keys', 'holds'],
            rows.map((row) => [collectionWords(row), row.entries, row.keys.join(', '), row.holds.join(', ')]),
          );
        }
      } finally {
        target.dispose();
      }
    });
}

/** The script table that a capture left beside a snapshot; a foreign file has none and gets no lines. */
async function scriptsBeside(file: string): Promise<readonly ScriptRecord[]> {
  try {
    const table: unknown = JSON.parse(await readFile(`${file}.scripts.json`, 'utf8'));
    if (typeof table === 'object' && table !== null && 'scripts' in table && Array.isArray(table.scripts)) {
      return table.scripts;
    }
  } catch {
    // No table: a snapshot from elsewhere.
  }
  return [];
}

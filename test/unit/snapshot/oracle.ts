import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../host/cache-folder';
import { nodeBinary } from '../../host/node-binary';

const run = promisify(execFile);

/** A row of DevTools' own summary. */
export interface OracleRow {
  readonly name: string;
  readonly count: number;
  readonly selfSize: number;
  readonly retainedSize: number;
  readonly distance: number;
}

/** An object as DevTools sees it. */
export interface OracleObject {
  readonly id: number;
  readonly selfSize: number;
  readonly retainedSize: number;
  readonly distance: number;
}

/** What DevTools says of a snapshot: its constructors, and every object of each. */
export interface OracleAnswer {
  readonly constructors: OracleRow[];
  readonly objects: OracleObject[];
  readonly statistics: {
    readonly total: number;
    readonly native: { readonly total: number; readonly typedArrays: number };
    readonly v8heap: {
      readonly code: number;
      readonly jsArrays: number;
      readonly strings: number;
      readonly system: number;
    };
  };
}

/** A row of DevTools' comparison of two snapshots. */
export interface OracleDiffRow {
  readonly name: string;
  readonly addedCount: number;
  readonly removedCount: number;
  readonly addedSize: number;
  readonly removedSize: number;
}

/** Runs in a newer Node than ours may be: what Chrome DevTools' engine says of snapshots, one after the other. */
const PROGRAM = `
import { writeFileSync } from 'node:fs';
const [, , manager, ...files] = process.argv;
const out = files.pop();
const { HeapSnapshotManager } = await import(manager);
const answers = [];
for (const file of files) answers.push(await answerOf(file).catch((error) => ({ error: String(error) })));
writeFileSync(out, JSON.stringify(answers));
process.exit(0);

async function answerOf(file) {
  const snapshots = new HeapSnapshotManager();
  const { proxy } = await snapshots.getSnapshot(file);
  const aggregates = await proxy.aggregatesWithFilter({});
  const constructors = Object.values(aggregates).map((a) => ({ name: a.name, count: a.count, selfSize: a.self, retainedSize: a.maxRet, distance: a.distance }));
  const objects = [];
  for (const key of Object.keys(aggregates)) {
    const provider = proxy.createNodesProviderForClass(key, {});
    const { items } = await provider.serializeItemsRange(0, aggregates[key].count);
    for (const { id, selfSize, retainedSize, distance } of items) objects.push({ id, selfSize, retainedSize, distance });
  }
  return { constructors, objects, statistics: await proxy.getStatistics() };
}
`;

const DIFF_PROGRAM = `
import { writeFileSync } from 'node:fs';
const [, , manager, base, target, out] = process.argv;
const { HeapSnapshotManager } = await import(manager);
const snapshots = new HeapSnapshotManager();
const a = (await snapshots.getSnapshot(base)).proxy;
const b = (await snapshots.getSnapshot(target)).proxy;
const diff = await b.calculateSnapshotDiff('base', await a.aggregatesForDiff(await b.interfaceDefinitions()));
writeFileSync(out, JSON.stringify(Object.values(diff).map(({ name, addedCount, removedCount, addedSize, removedSize }) => ({ name, addedCount, removedCount, addedSize, removedSize }))));
process.exit(0);
`;

/** What Chrome DevTools' own engine answers about snapshots, or why it cannot. */
export async function askDevTools(
  ...files: string[]
): Promise<(OracleAnswer | { readonly error: string })[]> {
  return await ask(PROGRAM, ...files);
}

/** What DevTools' comparison view shows. */
export async function askDevToolsDiff(base: string, target: string): Promise<OracleDiffRow[]> {
  return await ask(DIFF_PROGRAM, base, target);
}

async function ask<Answer>(source: string, ...files: string[]): Promise<Answer> {
  const manager = path.join(
    projectRoot(),
    'node_modules/chrome-devtools-mcp/build/src/processors/HeapSnapshotManager.js',
  );
  // Its worker inherits the flags of the command line, and an inline program's would stop it: hence a file.
  const program = path.join(path.dirname(files[0]!), 'oracle.mjs');
  const out = `${files[0]}.oracle.json`;
  await fs.writeFile(program, source);
  await run(await nodeBinary(24), [program, `file://${manager}`, ...files, out]);
  return JSON.parse(await fs.readFile(out, 'utf8'));
}

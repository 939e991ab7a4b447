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

/** Runs in a newer Node than ours may be: what Chrome DevTools' engine says of a snapshot. */
const PROGRAM = `
const [, , manager, file] = process.argv;
const { HeapSnapshotManager } = await import(manager);
const { proxy } = await new HeapSnapshotManager().getSnapshot(file);
const aggregates = await proxy.aggregatesWithFilter({});
const rows = Object.values(aggregates).map((a) => ({ name: a.name, count: a.count, selfSize: a.self, retainedSize: a.maxRet, distance: a.distance }));
process.stdout.write(JSON.stringify(rows), () => process.exit(0));
`;

/** The constructors of a snapshot as Chrome DevTools counts them. */
export async function askDevTools(file: string): Promise<OracleRow[]> {
  const manager = path.join(
    projectRoot(),
    'node_modules/chrome-devtools-mcp/build/src/processors/HeapSnapshotManager.js',
  );
  // Its worker inherits the flags of the command line, and an inline program's would stop it: hence a file.
  const program = path.join(path.dirname(file), 'oracle.mjs');
  await fs.writeFile(program, PROGRAM);
  const { stdout } = await run(await nodeBinary(24), [program, `file://${manager}`, file], {
    maxBuffer: 1 << 28,
  });
  return JSON.parse(stdout);
}

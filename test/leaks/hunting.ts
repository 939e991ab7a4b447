import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type HuntOptions, hunt } from '../../src/leaks/hunt/hunt';
import type { HuntReport } from '../../src/leaks/hunt/report';
import { expressionWorkload } from '../../src/leaks/hunt/workloads';
import type { SourcePosition } from '../../src/protocol/source';
import { SnapshotEngine } from '../../src/snapshot/client';
import { Program, workerFile } from './program';

/** Keeps the process alive and makes `operation` callable. */
const tail = `
;globalThis.work = () => {};
globalThis.operation = operation;
setInterval(() => {}, 1000);
`;

export interface HuntedProgram {
  readonly report: HuntReport;
  /** The text of the declaring line of each verdict, read while the program's files were there. */
  readonly declaredLines: readonly string[];
}

/**
 * Runs a program that defines `operation()` and hunts in it, cold unless told otherwise.
 * @param folder Where the program is written, so that it finds the packages there; a fresh one by default.
 */
export async function huntIn(
  source: string,
  nodePath: string,
  { folder, fileName = 'program.cjs', ...options }: HuntOptions & { fileName?: string } = {},
): Promise<HuntedProgram> {
  const engine = new SnapshotEngine(workerFile);
  const program = folder
    ? await runIn(folder, fileName, source + tail, nodePath)
    : await Program.start({ [fileName]: source + tail }, nodePath);
  try {
    const workload = expressionWorkload(program.session, 'globalThis.operation()');
    const report = await hunt(program.session, engine, workload, {
      operations: 31,
      warmup: 0,
      idleMs: 400,
      ...options,
    });
    return { report, declaredLines: report.verdicts.map(({ location }) => textOf(location)) };
  } finally {
    await program.dispose();
    await engine.dispose();
    if (folder) rmSync(path.join(folder, fileName), { force: true });
  }
}

async function runIn(folder: string, fileName: string, source: string, nodePath: string): Promise<Program> {
  const file = path.join(folder, fileName);
  writeFileSync(file, source);
  return Program.run(file, nodePath, folder);
}

function textOf(location: SourcePosition | null): string {
  if (!location || !existsSync(location.file)) return '';
  return readFileSync(location.file, 'utf8').split('\n')[location.line - 1] ?? '';
}

import { type HuntOptions, hunt } from '../../src/leaks/hunt/hunt';
import type { HuntReport } from '../../src/leaks/hunt/report';
import { expressionWorkload } from '../../src/leaks/hunt/workloads';
import { SnapshotEngine } from '../../src/snapshot/client';
import { Program, workerFile } from './program';

/** Keeps the process alive and makes `operation` callable. */
const tail = `
;globalThis.work = () => {};
globalThis.operation = operation;
setInterval(() => {}, 1000);
`;

/** Runs a program that defines `operation()` and hunts in it, cold unless told otherwise. */
export async function huntIn(
  source: string,
  nodePath: string,
  options: HuntOptions = {},
  fileName = 'program.cjs',
): Promise<{ report: HuntReport; folder: string }> {
  const engine = new SnapshotEngine(workerFile);
  const program = await Program.start({ [fileName]: source + tail }, nodePath);
  try {
    const workload = expressionWorkload(program.session, 'globalThis.operation()');
    const report = await hunt(program.session, engine, workload, {
      operations: 31,
      warmup: 0,
      idleMs: 400,
      ...options,
    });
    return { report, folder: program.folder };
  } finally {
    await program.dispose();
    await engine.dispose();
  }
}

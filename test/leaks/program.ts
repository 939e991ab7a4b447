import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { captureSnapshot } from '../../src/inspector/capture';
import { type LaunchedTarget, launch } from '../../src/inspector/launch';
import type { InspectorSession } from '../../src/inspector/session';
import type { SeriesSnapshot } from '../../src/leaks/series';
import type { SnapshotEngine } from '../../src/snapshot/client';
import { distFolder } from '../host/cache-folder';

/** The built worker of the snapshot engine. */
export const workerFile = path.join(distFolder(), 'snapshot-worker.js');

/** A real Node process that does work when told: its program defines `globalThis.work(operations)`. */
export class Program {
  readonly folder: string;
  readonly session: InspectorSession;
  readonly #target: LaunchedTarget;
  readonly #ownFolder: boolean;
  #captures = 0;

  private constructor(folder: string, ownFolder: boolean, target: LaunchedTarget, session: InspectorSession) {
    this.folder = folder;
    this.#ownFolder = ownFolder;
    this.#target = target;
    this.session = session;
  }

  /** Writes `files` into a fresh folder and runs the first of them with `nodePath`. */
  static async start(files: Readonly<Record<string, string>>, nodePath: string): Promise<Program> {
    const folder = mkdtempSync(path.join(tmpdir(), 'heapwright-program-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    return Program.run(path.join(folder, Object.keys(files)[0]!), nodePath, folder, true);
  }

  /** Runs a program that lies on disk already. */
  static async run(file: string, nodePath: string, folder: string, ownFolder = false): Promise<Program> {
    const target = await launch({
      kind: 'program',
      title: path.basename(file),
      program: file,
      args: [],
      cwd: folder,
      nodePath,
    });
    try {
      const session = await target.session();
      const program = new Program(folder, ownFolder, target, session);
      await program.#ready();
      return program;
    } catch (error) {
      target.dispose();
      throw error;
    }
  }

  /** An ES module with top-level work is attached before it has run. */
  async #ready(): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      // Not awaited as a promise, which V8 may collect while the program is still starting.
      const { result } = await this.session.connection.send('Runtime.evaluate', {
        expression: 'typeof globalThis.work',
        returnByValue: true,
      });
      if (result.value === 'function') return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('The program never defined globalThis.work');
  }

  async work(operations: number): Promise<void> {
    // V8 lets go of a promise that only the inspector awaits, so the program holds it meanwhile.
    await this.session.evaluate(
      `globalThis.working = Promise.resolve(globalThis.work(${operations})).then(() => { delete globalThis.working; })`,
    );
  }

  async capture(engine: SnapshotEngine): Promise<SeriesSnapshot> {
    const file = path.join(this.folder, `capture-${++this.#captures}.heapsnapshot`);
    await this.session.collectGarbage();
    const { scripts } = await captureSnapshot(this.session, file);
    const snapshot = await engine.open(file);
    rmSync(file);
    return { snapshot, scripts };
  }

  /** Ends the process and removes what was written for it. */
  async dispose(): Promise<void> {
    this.session.dispose();
    const ended = new Promise<void>((resolve) => this.#target.onExit(() => resolve()));
    this.#target.dispose();
    await ended;
    if (this.#ownFolder) rmSync(this.folder, { recursive: true, force: true });
  }
}

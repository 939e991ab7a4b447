import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { startProgram, type TargetProgram } from '../unit/inspector/target-program';
import { HeapPanel } from './workbench/heap-panel';
import { Workbench } from './workbench/workbench';

/** A program of a few lines, running with its inspector open, and a window on an empty folder that is attached to it. */
export class AttachedProgram {
  readonly folder: string;
  readonly program: TargetProgram;
  readonly workbench: Workbench;
  readonly panel: HeapPanel;

  private constructor(folder: string, program: TargetProgram, workbench: Workbench) {
    this.folder = folder;
    this.program = program;
    this.workbench = workbench;
    this.panel = new HeapPanel(workbench);
  }

  /** Runs the program's source text and attaches by its address; a picture is left when that fails. */
  static async open(
    source: string,
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<AttachedProgram> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-attached-'));
    const program = await startProgram(source);
    let workbench: Workbench | undefined;
    try {
      workbench = await Workbench.open({ workspace: folder, settings });
      const attached = new AttachedProgram(folder, program, workbench);
      await workbench.attachTo(program.url);
      await attached.panel.get('heap-used').waitFor();
      return attached;
    } catch (error) {
      await workbench?.saveScreenshot('attach-failed');
      await workbench?.close();
      await program.dispose();
      await fs.rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.workbench.close();
    await this.program.dispose();
    await fs.rm(this.folder, { recursive: true, force: true });
  }
}

import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { text } from 'node:stream/consumers';
import {
  EXACT,
  type ModuleRecord,
  type ModuleReport,
  REPORT_FOLDER,
} from '../../../src/protocol/module-report';
import { projectRoot } from '../../host/cache-folder';
import { nodeBinary } from '../../host/node-binary';

/** What a program did. */
export interface Run {
  readonly output: string;
  readonly code: number | null;
  /** Null when it ran without the meter. */
  readonly report: ModuleReport | null;
}

/** Files of a program in a folder of their own. */
export class MeasuredProgram {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(files: Readonly<Record<string, string>>): Promise<MeasuredProgram> {
    const folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-modules-')));
    for (const [name, content] of Object.entries(files)) {
      await fs.mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await fs.writeFile(path.join(folder, name), content);
    }
    return new MeasuredProgram(folder);
  }

  /** Runs it to its end, with the meter or without. */
  async run(
    main: string,
    {
      node,
      metered = true,
      exact = false,
      flags = [] as readonly string[],
    }: {
      node: number;
      metered?: boolean;
      exact?: boolean;
      flags?: readonly string[];
    },
  ): Promise<Run> {
    const reports = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-reports-'));
    const meter = path.join(projectRoot(), 'dist/module-meter.cjs');
    const env = {
      ...process.env,
      ...(metered ? { [REPORT_FOLDER]: reports, [EXACT]: exact ? '1' : '0' } : {}),
    };
    const args = [...(metered ? ['--require', meter] : []), ...flags, main];
    const child = spawn(await nodeBinary(node), args, {
      cwd: this.folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const printed = [child.stdout, child.stderr].map((stream) => text(stream));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    const names = await fs.readdir(reports);
    const report: ModuleReport | null = names[0]
      ? JSON.parse(await fs.readFile(path.join(reports, names[0]), 'utf8'))
      : null;
    await fs.rm(reports, { recursive: true });
    const output = (await Promise.all(printed)).join('');
    // Warnings name the process.
    return { output: output.replaceAll(/\(node:\d+\)/g, '(node)'), code, report };
  }

  async dispose(): Promise<void> {
    await fs.rm(this.folder, { recursive: true, force: true });
  }
}

export function recordOf(report: ModuleReport | null, name: string): ModuleRecord {
  const found = report?.modules.find(({ file }) => file.endsWith(name));
  if (!found) throw new Error(`${name} is not among ${report?.modules.map(({ file }) => file).join(', ')}`);
  return found;
}

/** The files that a file imports, by their names. */
export function importsOf(report: ModuleReport, name: string): string[] {
  const from = report.modules.indexOf(recordOf(report, name));
  return report.edges
    .filter(([source]) => source === from)
    .map(([, target]) => path.basename(report.modules[target]!.file))
    .sort();
}

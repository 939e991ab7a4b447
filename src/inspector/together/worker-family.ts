import type { LocalProcess } from '../../protocol/targets';
import { InspectorProbe } from '../discovery/inspector-probe';
import { listLocalProcesses } from '../discovery/local-processes';
import { hasProcFilesystem, readRss } from '../discovery/proc-filesystem';
import { connect } from '../session';
import type { MemberSource } from './group-member';
import type { ProcessGroup } from './process-group';

const LOOK_EVERY_MS = 2000;

/** A process of this machine as a member of a group. `timeoutMs` is how long attaching may take. */
export function processSource(process: LocalProcess, timeoutMs: number): MemberSource {
  const { pid, title, parentPid, inspector } = process;
  return {
    id: idOf(process),
    title,
    pid,
    thread: null,
    kin: `${parentPid}/${title}`,
    connect: inspector && (async (signal) => await connect(inspector, { signal, timeoutMs })),
    readRss: async () => await rssOf(pid),
  };
}

/** Names one life of a process: a process id may be given again. */
export function idOf({ pid, startedAt }: Pick<LocalProcess, 'pid' | 'startedAt'>): string {
  return `${pid}@${startedAt === null ? '' : Math.round(startedAt / 1000)}`;
}

/** Bytes; null where the system does not tell, undefined when the process is gone. */
async function rssOf(pid: number): Promise<number | null | undefined> {
  try {
    if (await hasProcFilesystem()) return await readRss(pid);
    process.kill(pid, 0);
    return null;
  } catch {
    return undefined;
  }
}

export interface FamilyOptions {
  /** How long attaching to one may take, in ms. */
  readonly timeoutMs: number;
  readonly log: (message: string) => void;
  /** The list of processes; this machine's by default. */
  readonly list?: typeof listLocalProcesses;
}

/**
 * Keeps a group in step with the workers of one process: those that it starts later join by themselves. Looks at the
 * list of processes every other second while it lives.
 */
export class WorkerFamily {
  readonly #group: ProcessGroup;
  readonly #parent: LocalProcess;
  readonly #options: FamilyOptions;
  readonly #probe = new InspectorProbe();
  readonly #ended = new AbortController();
  /** Those that are, or have been, members. */
  #joined = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #leftOut = 0;

  constructor(group: ProcessGroup, parent: LocalProcess, options: FamilyOptions) {
    this.#group = group;
    this.#parent = parent;
    this.#options = options;
    void this.#look();
  }

  /** The process whose workers these are. */
  get parent(): LocalProcess {
    return this.#parent;
  }

  /** How many of them found no place in the group. */
  get leftOut(): number {
    return this.#leftOut;
  }

  async #look(): Promise<void> {
    try {
      await this.#join();
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#options.log(String(error));
    }
    if (!this.#ended.signal.aborted) this.#timer = setTimeout(() => void this.#look(), LOOK_EVERY_MS);
  }

  async #join(): Promise<void> {
    const { signal } = this.#ended;
    const { pid } = this.#parent;
    const all = await (this.#options.list ?? listLocalProcesses)({ signal, probe: this.#probe });
    if (signal.aborted) return;
    const family = all.filter((process) => process.pid === pid || process.parentPid === pid);
    const present = new Set(family.map(idOf));
    this.#joined = new Set([...this.#joined].filter((id) => present.has(id)));
    const welcome = family.filter(
      (process) => !this.#joined.has(idOf(process)) || this.#group.has(idOf(process)),
    );
    this.#group.add(welcome.map((process) => processSource(process, this.#options.timeoutMs)));
    for (const id of present) if (this.#group.has(id)) this.#joined.add(id);
    this.#leftOut = family.filter((process) => !this.#joined.has(idOf(process))).length;
  }

  dispose(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
  }
}

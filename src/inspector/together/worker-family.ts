import type { InspectorAddress, LocalProcess } from '../../protocol/targets';
import { InspectorProbe } from '../discovery/inspector-probe';
import { listLocalProcesses } from '../discovery/local-processes';
import { openInspectors } from '../discovery/move-inspector';
import { connect } from '../session';
import type { MemberSource } from './group-member';
import type { ProcessGroup } from './process-group';

const LOOK_EVERY_MS = 2000;

/** A process of this machine as a member of a group. */
export function processSource(
  process: LocalProcess,
  inspector: InspectorAddress,
  timeoutMs: number,
): MemberSource {
  return {
    id: idOf(process),
    title: process.title,
    pid: process.pid,
    parentPid: process.parentPid,
    connect: async (signal) => await connect(inspector, { signal, timeoutMs }),
  };
}

/** Names one life of a process: a process id may be given again. */
export function idOf({ pid, startedAt }: LocalProcess): string {
  return `${pid}@${startedAt === null ? '' : Math.round(startedAt / 1000)}`;
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
  /** Members by now, or not to be opened again. */
  #handled = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #leftOut = 0;

  constructor(group: ProcessGroup, parent: LocalProcess, options: FamilyOptions) {
    this.#group = group;
    this.#parent = parent;
    this.#options = options;
    void this.#look();
  }

  /** Of the process whose workers these are. */
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
    const all = await (this.#options.list ?? listLocalProcesses)({ signal, probe: this.#probe });
    const family = all.filter(
      ({ pid, parentPid }) => pid === this.#parent.pid || parentPid === this.#parent.pid,
    );
    const present = new Set(family.map(idOf));
    this.#handled = new Set([...this.#handled].filter((id) => present.has(id)));
    const fresh = family.filter((process) => !this.#handled.has(idOf(process)));
    this.#add(
      fresh.flatMap((process) => (process.inspector ? [{ process, inspector: process.inspector }] : [])),
    );
    const closed = fresh.filter(({ inspector }) => inspector === null);
    if (this.#options.mayOpen) await this.#open(closed.slice(0, Math.max(0, this.#group.room)));
    const candidates = this.#options.mayOpen ? fresh : fresh.filter(({ inspector }) => inspector !== null);
    this.#leftOut = candidates.filter((process) => !this.#handled.has(idOf(process))).length;
  }

  /** One by one: each is a member as soon as its inspector is open. */
  async #open(closed: readonly LocalProcess[]): Promise<void> {
    const { signal } = this.#ended;
    const byPid = new Map(closed.map((process) => [process.pid, process]));
    await openInspectors([...byPid.keys()], {
      signal,
      opened: (pid, outcome) => {
        const process = byPid.get(pid)!;
        if (!(outcome instanceof Error)) this.#add([{ process, inspector: outcome }]);
        else {
          this.#handled.add(idOf(process));
          this.#options.log(`${process.title} (pid ${pid}): ${outcome.message}`);
        }
      },
    });
  }

  #add(found: readonly { process: LocalProcess; inspector: InspectorAddress }[]): void {
    if (found.length === 0 || this.#ended.signal.aborted) return;
    this.#group.add(
      found.map(({ process, inspector }) => processSource(process, inspector, this.#options.timeoutMs)),
    );
    for (const { process } of found) {
      if (this.#group.has(idOf(process))) this.#handled.add(idOf(process));
    }
  }

  dispose(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
  }
}

export interface FamilyOptions {
  /** Whether the user agreed to have closed inspectors opened. */
  readonly mayOpen: boolean;
  /** How long attaching to one may take, in ms. */
  readonly timeoutMs: number;
  readonly log: (message: string) => void;
  /** The list of processes; this machine's by default. */
  readonly list?: typeof listLocalProcesses;
}

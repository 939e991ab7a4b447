import type { Subscription } from '../listeners';
import { ThreadRoster } from '../thread-roster';
import { sessionOfThread, threadTitle } from '../worker-session';
import type { GroupMember, MemberSource } from './group-member';
import type { ProcessGroup } from './process-group';

/**
 * Keeps a group in step with the worker threads of its processes: each thread of a process that is watched joins by
 * itself, as far as there is room, and leaves with its process.
 */
export class GroupThreads {
  readonly #group: ProcessGroup;
  readonly #rosters = new Map<string, ThreadRoster>();
  /** Threads that are, or have been, members; by the process's id. */
  readonly #joined = new Map<string, Set<string>>();
  readonly #subscription: Subscription;
  #isLooking = false;

  constructor(group: ProcessGroup) {
    this.#group = group;
    this.#subscription = group.onDidChange(() => this.#look());
  }

  /** How many threads found no place in the group. */
  get leftOut(): number {
    let count = 0;
    for (const [id, roster] of this.#rosters) {
      const joined = this.#joined.get(id);
      count += roster.threads.filter((thread) => !joined?.has(thread.id)).length;
    }
    return count;
  }

  /** What it does to the group comes back here. */
  #look(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      this.#follow();
      this.#join();
    } finally {
      this.#isLooking = false;
    }
  }

  #follow(): void {
    const processes = new Map(
      this.#group.members.flatMap((member) =>
        member.source.thread === null ? [[member.source.id, member] as const] : [],
      ),
    );
    for (const [id, roster] of this.#rosters) {
      if (processes.get(id)?.session === roster.session) continue;
      roster.dispose();
      this.#rosters.delete(id);
      if (!processes.has(id)) this.#leave(id);
    }
    for (const id of this.#joined.keys()) if (!processes.has(id)) this.#joined.delete(id);
    for (const [id, { session }] of processes) {
      if (!session || this.#rosters.has(id)) continue;
      const roster = new ThreadRoster(session);
      roster.onDidChange(() => this.#look());
      this.#rosters.set(id, roster);
    }
  }

  /** The threads of a process that is watched no more. */
  #leave(processId: string): void {
    for (const id of this.#joined.get(processId) ?? []) this.#group.remove(idOfThread(processId, id));
    this.#joined.delete(processId);
  }

  #join(): void {
    for (const member of this.#group.members) {
      const roster = this.#rosters.get(member.source.id);
      if (roster) this.#joinFrom(member, roster);
    }
  }

  #joinFrom({ source }: GroupMember, { session, threads }: ThreadRoster): void {
    const running = new Set(threads.map(({ id }) => id));
    const joined = new Set([...(this.#joined.get(source.id) ?? [])].filter((id) => running.has(id)));
    this.#joined.set(source.id, joined);
    const welcome = threads.filter(({ id }) => !joined.has(id)).slice(0, Math.max(0, this.#group.room));
    for (const { id } of welcome) joined.add(id);
    if (welcome.length === 0) return;
    this.#group.add(
      welcome.map(
        (thread): MemberSource => ({
          id: idOfThread(source.id, thread.id),
          title: threadTitle(thread),
          pid: source.pid,
          thread: thread.id,
          kin: `${source.kin}/${threadTitle(thread)}`,
          connect: async () => sessionOfThread(session, thread),
          readRss: async () => null,
        }),
      ),
    );
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const roster of this.#rosters.values()) roster.dispose();
    this.#rosters.clear();
  }
}

function idOfThread(processId: string, threadId: string): string {
  return `${processId}/thread-${threadId}`;
}

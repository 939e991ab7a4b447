import { availableParallelism } from 'node:os';
import { MessageChannel, Worker } from 'node:worker_threads';
import { type MemberLink, Word } from './mailbox';

/** More threads than this gain nothing: memory becomes the limit. */
const MOST_MEMBERS = 3;

/** Threads that were started to help another one. */
export interface Members {
  /** For that other thread, to which their ports have to be transferred. */
  readonly links: readonly MemberLink[];
  /** Ends the threads. */
  dispose(): void;
}

/**
 * Starts threads that do tasks for another one, see {@link Team}. It is done by the thread that starts that one too,
 * since all start at the same time then; and it has an event loop to learn of a thread that dies.
 * @param threadFile Absolute path of the bundled src/snapshot/threads/member.ts.
 * @param size How many: one per further core unless said otherwise.
 */
export function startMembers(threadFile: string, size = defaultSize()): Members {
  const members = Array.from({ length: size }, () => startMember(threadFile));
  return {
    links: members.map(({ link }) => link),
    dispose: () => {
      for (const { worker } of members) void worker.terminate();
    },
  };
}

function defaultSize(): number {
  return Math.min(MOST_MEMBERS, availableParallelism() - 1);
}

function startMember(threadFile: string): { worker: Worker; link: MemberLink } {
  const { port1, port2 } = new MessageChannel();
  const words = new Int32Array(new SharedArrayBuffer(4 * Word.count));
  const workerData: MemberLink = { port: port2, words };
  const worker = new Worker(threadFile, { workerData, transferList: [port2], name: 'heapwright-team' });
  // Without a listener an error would end the process; whoever waits for the thread does the work then.
  worker.on('error', () => {});
  worker.once('exit', () => {
    Atomics.store(words, Word.ended, 1);
    Atomics.notify(words, Word.answers);
  });
  worker.unref();
  return { worker, link: { port: port1, words } };
}

import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { cancelled, fromPlainError } from '../../protocol/errors';
import { type MemberData, type TaskReply, Word } from './mailbox';
import { runTask, type Tasks } from './tasks';

/** More threads than this gain nothing: memory becomes the limit. */
const MOST_MEMBERS = 3;
const WAIT_MS = 50;
/** A thread that has not started by then does not start: its work is done without it. */
const START_TIMEOUT_MS = 10_000;

/** Work that was handed out; call it to have the answer, for which the thread waits. */
export type Promised<Answer> = () => Answer;

/**
 * Threads that share the work of opening one snapshot with the thread that answers questions. Each does one task at
 * a time in the order given. Nobody runs an event loop meanwhile: a task takes milliseconds.
 */
export class Team {
  readonly #members: readonly Member[];

  /**
   * Starts the threads.
   * @param threadFile Absolute path of the bundled src/snapshot/threads/member.ts.
   * @param isCancelled Looked at while waiting.
   * @param size How many besides the calling thread: one per further core unless said otherwise.
   */
  constructor(threadFile: string, isCancelled: () => boolean, size = defaultSize()) {
    this.#members = Array.from({ length: size }, () => new Member(threadFile, isCancelled));
  }

  get size(): number {
    return this.#members.length;
  }

  /** Hands a task to member `index`, counted round; without members the calling thread does it now. */
  start<Name extends keyof Tasks>(
    index: number,
    name: Name,
    input: Tasks[Name]['input'],
  ): Promised<Tasks[Name]['answer']> {
    const member = this.#members[index % this.size];
    if (member) return member.start(name, input);
    const answer = runTask(name, input);
    return () => answer;
  }

  /** Ends the threads. */
  dispose(): void {
    for (const member of this.#members) member.dispose();
  }
}

function defaultSize(): number {
  return Math.min(MOST_MEMBERS, availableParallelism() - 1);
}

class Member {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #words = new Int32Array(new SharedArrayBuffer(4 * Word.count));
  readonly #isCancelled: () => boolean;
  readonly #replies: TaskReply[] = [];
  #started = 0;

  constructor(threadFile: string, isCancelled: () => boolean) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#isCancelled = isCancelled;
    const workerData: MemberData = { port: port2, words: this.#words };
    this.#worker = new Worker(threadFile, { workerData, transferList: [port2], name: 'heapwright-team' });
    // Without it an error would end the process; the task's own thread does the work then.
    this.#worker.on('error', () => {});
    this.#worker.unref();
    port1.unref();
  }

  start<Name extends keyof Tasks>(name: Name, input: Tasks[Name]['input']): Promised<Tasks[Name]['answer']> {
    const number = this.#started++;
    this.#port.postMessage({ name, input });
    Atomics.store(this.#words, Word.requests, this.#started);
    Atomics.notify(this.#words, Word.requests);
    return () => {
      if (!this.#wait(number)) return runTask(name, input);
      const reply = this.#replies[number];
      if (reply && 'answer' in reply) return reply.answer as Tasks[Name]['answer'];
      throw fromPlainError(reply!.error);
    };
  }

  /** False when the thread has not started in time. */
  #wait(number: number): boolean {
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (this.#replies.length <= number) {
      const answers = Atomics.load(this.#words, Word.answers);
      const received = receiveMessageOnPort(this.#port);
      if (received) this.#replies.push(received.message);
      else {
        Atomics.wait(this.#words, Word.answers, answers, WAIT_MS);
        if (this.#isCancelled()) throw cancelled();
        if (Atomics.load(this.#words, Word.ready) === 0 && performance.now() > deadline) return false;
      }
    }
    return true;
  }

  dispose(): void {
    Atomics.store(this.#words, Word.closed, 1);
    Atomics.add(this.#words, Word.requests, 1);
    Atomics.notify(this.#words, Word.requests);
    this.#port.close();
    void this.#worker.terminate();
  }
}

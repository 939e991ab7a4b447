import { receiveMessageOnPort } from 'node:worker_threads';
import { cancelled, fromPlainError } from '../../protocol/errors';
import { type MemberLink, type TaskReply, Word } from './mailbox';
import { runTask, type Tasks } from './tasks';

const WAIT_MS = 50;
/** A thread that has not started by then does not start: its work is done without it. */
const START_TIMEOUT_MS = 10_000;

/** Work that was handed out; call it to have the answer, for which the thread waits. */
export type Promised<Answer> = (isCancelled?: () => boolean) => Answer;

/**
 * Threads that share the work of opening snapshots with the thread that answers questions. Each does one task at a
 * time in the order given. Nobody runs an event loop meanwhile: a task takes milliseconds.
 */
export class Team {
  readonly #members: readonly Member[];

  /** @param links Of the threads, see {@link startMembers}; none to do everything in the calling thread. */
  constructor(links: readonly MemberLink[]) {
    this.#members = links.map((link) => new Member(link));
  }

  get size(): number {
    return this.#members.length;
  }

  /** Whether one of the threads has died. */
  get isBroken(): boolean {
    return this.#members.some(({ hasEnded }) => hasEnded);
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

  /** Has all threads, the calling one as well, start and compile what they will run; returns when they have. */
  prepare(): void {
    const others = this.#members.map((_, index) => this.start(index, 'compile', null));
    runTask('compile', null);
    for (const answer of others) answer();
  }

  /** Lets go of all that was handed out, answered or not, and has the threads free their memory. */
  rest(): void {
    for (const member of this.#members) member.rest();
  }
}

class Member {
  readonly #link: MemberLink;
  readonly #replies = new Map<number, TaskReply>();
  #started = 0;
  #received = 0;
  /** Nobody asks for the answers to the tasks before this one. */
  #wanted = 0;

  constructor(link: MemberLink) {
    this.#link = link;
    link.port.unref();
  }

  get hasEnded(): boolean {
    return Atomics.load(this.#link.words, Word.ended) === 1;
  }

  start<Name extends keyof Tasks>(name: Name, input: Tasks[Name]['input']): Promised<Tasks[Name]['answer']> {
    const { port, words } = this.#link;
    const number = this.#started++;
    port.postMessage({ name, input });
    Atomics.store(words, Word.requests, this.#started);
    Atomics.notify(words, Word.requests);
    return (isCancelled = () => false) => {
      if (!this.#wait(number, isCancelled)) return runTask(name, input);
      const reply = this.#replies.get(number)!;
      this.#replies.delete(number);
      if ('answer' in reply) return reply.answer as Tasks[Name]['answer'];
      throw fromPlainError(reply.error);
    };
  }

  /** False when the thread has not started in time, or has died. */
  #wait(number: number, isCancelled: () => boolean): boolean {
    const { port, words } = this.#link;
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (this.#received <= number) {
      const answers = Atomics.load(words, Word.answers);
      const received = receiveMessageOnPort(port);
      if (received) this.#receive(received.message);
      else {
        if (this.hasEnded) return false;
        Atomics.wait(words, Word.answers, answers, WAIT_MS);
        if (isCancelled()) throw cancelled();
        if (Atomics.load(words, Word.ready) === 0 && performance.now() > deadline) return false;
      }
    }
    return true;
  }

  #receive(reply: TaskReply): void {
    const number = this.#received++;
    if (number >= this.#wanted) this.#replies.set(number, reply);
  }

  rest(): void {
    this.#replies.clear();
    this.start('rest', null);
    this.#wanted = this.#started;
  }
}

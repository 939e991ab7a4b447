import * as vscode from 'vscode';
import { cancelled } from '../../protocol/errors';
import type { BusyJob } from '../panel/busy-state';

const DONE = 'Operation Done';

/**
 * The person who does the operations of a round by hand. They are asked in a message and in the panel; either button,
 * or the command, says that the round is done. A message that is closed unanswered leaves the other two.
 */
export class Person {
  #answer: (() => void) | undefined;

  /** Resolves when the person says so. @throws `cancelled` */
  async ask(operations: number, job: BusyJob, signal?: AbortSignal): Promise<void> {
    const times = operations === 1 ? 'once' : `${operations} times`;
    const text = `Use the program ${times} now: the operation that you suspect. Then press ${DONE}.`;
    job.report(text, null);
    job.ask(DONE);
    void vscode.commands.executeCommand('setContext', 'heapwright.awaitsOperation', true);
    try {
      await new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(cancelled());
        this.#answer = resolve;
        signal?.addEventListener('abort', () => reject(cancelled()), { once: true });
        void vscode.window.showInformationMessage(text, DONE).then((answer) => {
          if (answer === DONE) resolve();
        });
        return undefined;
      });
    } finally {
      this.#answer = undefined;
      job.ask(null);
      void vscode.commands.executeCommand('setContext', 'heapwright.awaitsOperation', false);
    }
  }

  /** What the panel's button and the command do. */
  done(): void {
    this.#answer?.();
  }
}

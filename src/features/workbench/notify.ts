import * as vscode from 'vscode';
import { HeapwrightError, isCancelled } from '../../protocol/errors';

/**
 * The place where an error reaches the user: once, as one sentence of what happened and one of what to do.
 * A cancelled operation says nothing, since the user asked for it.
 */
export class Notifier {
  readonly #log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /** Shows `error`, with `action` (what was being done, as in "Take heap snapshot") in front of unexpected ones. */
  error(action: string, error: unknown): void {
    if (isCancelled(error)) {
      this.#log.info(`${action}: cancelled`);
      return;
    }
    if (error instanceof HeapwrightError) {
      this.#log.error(`${action}: ${error.code}: ${error.message}`, error.cause ?? '');
      void this.#show(`${error.message} ${error.advice}`);
      return;
    }
    this.#log.error(`${action}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    void this.#show(`${action} failed: ${error instanceof Error ? error.message : String(error)}`);
  }

  /** Runs a command's body; what it throws is shown. Undefined when it failed. */
  async guard<T>(action: string, body: () => Promise<T> | T): Promise<T | undefined> {
    try {
      return await body();
    } catch (error) {
      this.error(action, error);
      return undefined;
    }
  }

  async #show(text: string): Promise<void> {
    const choice = await vscode.window.showErrorMessage(text, 'Show Log');
    if (choice === 'Show Log') this.#log.show();
  }
}

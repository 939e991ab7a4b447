import * as vscode from 'vscode';
import type { PanelState } from '../../protocol/panel';

/** A piece of work that the panel shows a progress line for. */
export interface BusyJob extends vscode.Disposable {
  /** Aborts when the caller's signal does, or when the user presses Cancel in the panel. */
  readonly signal: AbortSignal;
  /** `fraction` is 0 to 1, or null when unknown. */
  report(text: string, fraction: number | null): void;
  /** Shows a button with this word in the progress line, which runs heapwright.operationDone; null takes it away. */
  ask(question: string | null): void;
}

/** What is under way. The panel shows the latest job; Cancel ends that one. */
export class BusyState implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #jobs: {
    text: string;
    fraction: number | null;
    question: string | null;
    controller: AbortController;
  }[] = [];

  readonly onDidChange = this.#changed.event;

  get current(): PanelState['busy'] {
    const job = this.#jobs.at(-1);
    if (!job) return null;
    const { text, fraction, question } = job;
    return { text, fraction, question, cancellable: true };
  }

  start(text: string, outer?: AbortSignal): BusyJob {
    const controller = new AbortController();
    const job = { text, fraction: null as number | null, question: null as string | null, controller };
    this.#jobs.push(job);
    this.#changed.fire();
    return {
      signal: outer ? AbortSignal.any([outer, controller.signal]) : controller.signal,
      report: (newText, fraction) => {
        job.text = newText;
        job.fraction = fraction;
        this.#changed.fire();
      },
      ask: (question) => {
        job.question = question;
        this.#changed.fire();
      },
      dispose: () => {
        const index = this.#jobs.indexOf(job);
        if (index < 0) return;
        this.#jobs.splice(index, 1);
        this.#changed.fire();
      },
    };
  }

  cancel(): void {
    this.#jobs.at(-1)?.controller.abort();
  }

  dispose(): void {
    for (const job of this.#jobs.splice(0)) job.controller.abort();
    this.#changed.dispose();
  }
}

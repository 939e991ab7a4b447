import * as vscode from 'vscode';
import type { LaunchRequest } from '../../inspector/launch';
import { MemorySampler } from '../../inspector/memory-sampler';
import type { InspectorSession } from '../../inspector/session';
import type { MemorySample } from '../../protocol/samples';
import type { TargetInfo } from '../../protocol/targets';
import { SampleHistory } from './sample-history';

/** What belongs to an attachment to a program that Heapwright started. */
export interface LaunchedProgram {
  /** Disposed with the attachment, which ends the program. */
  readonly terminal: vscode.Disposable;
  /** How it was started, to start it again. */
  readonly request: LaunchRequest;
}

/** A target while it is attached: its session, the sampler that reads it, and what was read so far. */
export class AttachedTarget implements vscode.Disposable {
  readonly session: InspectorSession;
  readonly history: SampleHistory;
  /** When the program was restarted before, in ms since the epoch, oldest first. */
  readonly restarts: readonly number[];
  readonly #sampler: MemorySampler;
  readonly #sampled = new vscode.EventEmitter<MemorySample>();
  readonly #troubled = new vscode.EventEmitter<void>();
  readonly #ended = new vscode.EventEmitter<string>();
  readonly #subscriptions: { dispose(): void }[];
  /** Undefined when it was running before. */
  readonly launched: LaunchedProgram | undefined;

  #trouble: string | null = null;
  #endReason: string | null = null;

  readonly onSample = this.#sampled.event;
  readonly onDidChangeTrouble = this.#troubled.event;
  /** Fires once, with a sentence that says why, when the connection is gone without `dispose`. */
  readonly onDidEnd = this.#ended.event;

  constructor(
    session: InspectorSession,
    intervalMs: number,
    log: vscode.LogOutputChannel,
    { launched, before }: { launched?: LaunchedProgram; before?: AttachedTarget } = {},
  ) {
    this.session = session;
    this.launched = launched;
    this.history = before?.history ?? new SampleHistory();
    this.restarts = before ? [...before.restarts, session.info.startedAt ?? Date.now()] : [];
    this.#sampler = new MemorySampler(session, { intervalMs });
    this.#subscriptions = [
      this.#sampler,
      this.#sampler.onSample((sample) => {
        this.history.add(sample);
        this.#sampled.fire(sample);
      }),
      this.#sampler.onTrouble((trouble) => {
        if (trouble) log.warn(`${session.info.title}: ${trouble}`);
        this.#trouble = trouble;
        this.#troubled.fire();
      }),
      session.onDidClose(({ message }) => {
        this.#endReason = message;
        this.#ended.fire(message);
      }),
      this.#sampled,
      this.#troubled,
      this.#ended,
    ];
  }

  /** Why no good samples come now, in one sentence. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Why the connection is gone, in a sentence; null while it is there, and after it was left. */
  get endReason(): string | null {
    return this.#endReason;
  }

  get info(): TargetInfo {
    return this.session.info;
  }

  set sampleIntervalMs(intervalMs: number) {
    this.#sampler.intervalMs = intervalMs;
  }

  /** Ends sampling and the connection; a launched process is ended too. */
  dispose(): void {
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
    this.session.dispose();
    this.launched?.terminal.dispose();
  }
}

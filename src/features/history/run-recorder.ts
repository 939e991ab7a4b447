import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { RunArchive } from '../../history/run-archive';
import { RunWriter } from '../../history/run-writer';
import { isCancelled } from '../../protocol/errors';
import type { RunEvent } from '../../protocol/history';
import type { MemorySample } from '../../protocol/samples';
import type { MemoryAlerts } from '../alerts/memory-alerts';
import type { AttachedTarget } from '../attach/attached-target';
import type { TargetSlot } from '../attach/target-slot';
import { readSettings } from '../workbench/settings';

/** From this share of a limit on each sample goes to disk at once: the next one may not come. */
const NEAR_LIMIT = 0.7;

/**
 * Keeps every run on disk while it goes on: the samples by itself, and what other features {@link RunRecorder.note}. A
 * process that is killed, or a window that crashes, loses a second of it at most.
 */
export class RunRecorder implements vscode.Disposable {
  /** Where all runs are kept. */
  readonly archive: RunArchive;
  readonly #slot: TargetSlot;
  readonly #alerts: MemoryAlerts;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #writer: RunWriter | undefined;
  /** The target whose samples {@link #writer} gets. */
  #target: AttachedTarget | undefined;
  #failure: string | null = null;

  /** A run has begun or ended, or cannot be kept. */
  readonly onDidChange = this.#changed.event;

  constructor(slot: TargetSlot, folder: string, alerts: MemoryAlerts, log: vscode.LogOutputChannel) {
    this.#slot = slot;
    this.archive = new RunArchive(folder);
    this.#alerts = alerts;
    this.#log = log;
    this.#subscriptions = [
      this.#changed,
      slot.onDidChange((target) => this.#follow(target)),
      slot.onSample((sample) => this.#add(sample)),
      alerts.onAlert(({ message }) => this.note({ kind: 'alert', text: message })),
    ];
  }

  /** The run that is being recorded. */
  get recording(): string | null {
    return this.#writer?.subject.id ?? null;
  }

  /** Why nothing is recorded, in one sentence. */
  get failure(): string | null {
    return this.#failure;
  }

  /**
   * Remembers something that happened in the run that is recorded now: an operation with its figures, a snapshot, a
   * finding. It is on disk when this returns, is shown in the tab History and goes into exports. Nothing is kept while
   * nothing is attached.
   */
  note(event: Omit<RunEvent, 'at'> & { readonly at?: number }): void {
    this.#writer?.note({ at: Date.now(), ...event });
  }

  /** So that what is read from disk has all there is. */
  flush(): void {
    this.#writer?.flush();
  }

  dispose(): void {
    this.#end();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #follow(target: AttachedTarget | null): void {
    if (this.#target === (target ?? undefined)) return;
    this.#end();
    this.#target = target ?? undefined;
    this.#failure = null;
    if (target && readSettings().history.enabled) this.#begin(target);
    this.#changed.fire();
  }

  #begin({ info: { title, pid, nodeVersion, workingDirectory } }: AttachedTarget): void {
    const from = Date.now();
    const moment = new Date(from).toISOString().replaceAll(/[:.]/g, '-');
    const id = `${moment}-${pid ?? 'remote'}-${randomBytes(3).toString('hex')}`;
    const onFailure = (error: Error) => this.#fail(error);
    try {
      const subject = { id, title, pid, nodeVersion, workingDirectory, from };
      this.#writer = new RunWriter(this.archive.folder, subject, { onFailure });
    } catch (error) {
      this.#fail(error as Error);
      return;
    }
    void this.archive.cleanUp(readSettings().history).catch((error: unknown) => {
      if (!isCancelled(error)) this.#log.warn(`Runs that are too many stay: ${String(error)}`);
    });
  }

  #end(): void {
    const reason = this.#target?.endReason;
    if (reason) this.note({ kind: 'end', text: reason });
    this.#writer?.dispose();
    this.#writer = undefined;
  }

  #add(sample: MemorySample): void {
    if (this.#slot.current === this.#target) this.#writer?.add(sample, { urgent: this.#isNearLimit(sample) });
  }

  #isNearLimit({ heapUsed, heapLimit, rss }: MemorySample): boolean {
    const limit = this.#alerts.limits?.bytes ?? Number.POSITIVE_INFINITY;
    return rss >= NEAR_LIMIT * limit || (heapLimit > 0 && heapUsed >= NEAR_LIMIT * heapLimit);
  }

  #fail(error: Error): void {
    this.#writer = undefined;
    this.#failure = `This run is not kept: ${error.message}.`;
    this.#log.warn(this.#failure);
    this.#changed.fire();
  }
}

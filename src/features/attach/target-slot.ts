import * as vscode from 'vscode';
import type { InspectorSession } from '../../inspector/session';
import type { MemorySample } from '../../protocol/samples';
import { onSettingsChanged, readSettings } from '../workbench/settings';
import { AttachedTarget, type LaunchedProgram } from './attached-target';

/** What "ten times a second" means, ms. */
const FAST_MS = 100;

/**
 * The one target this window profiles. Everything that shows or asks a target listens here, so that attaching to
 * another, or losing one, reaches all of them in one place. Owns the target.
 */
export class TargetSlot implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<AttachedTarget | null>();
  readonly #sampled = new vscode.EventEmitter<MemorySample>();
  readonly #lost = new vscode.EventEmitter<AttachedTarget>();
  readonly #sampling = new vscode.EventEmitter<void>();
  readonly #settings: vscode.Disposable;
  #current: AttachedTarget | null = null;
  #fast = false;

  readonly onDidChange = this.#changed.event;
  readonly onSample = this.#sampled.event;
  /** Fires when the current target has ended by itself, after it was released. */
  readonly onDidLose = this.#lost.event;
  /** Samples are taken at another pace, or do not come as they should. */
  readonly onDidChangeSampling = this.#sampling.event;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
    this.#settings = onSettingsChanged(() => {
      if (this.#current) this.#current.sampleIntervalMs = this.sampleIntervalMs;
    });
  }

  /** How often the target is read, ms. */
  get sampleIntervalMs(): number {
    const { sampleIntervalMs } = readSettings();
    return this.#fast ? Math.min(FAST_MS, sampleIntervalMs) : sampleIntervalMs;
  }

  /** Ten samples a second, whatever the setting says, until it is switched off or another target comes. */
  get fast(): boolean {
    return this.#fast;
  }

  set fast(fast: boolean) {
    this.#fast = fast;
    if (this.#current) this.#current.sampleIntervalMs = this.sampleIntervalMs;
    this.#sampling.fire();
  }

  get current(): AttachedTarget | null {
    return this.#current;
  }

  /**
   * Makes `session` the current target, in place of another; a terminal that came with it is disposed with it. With
   * `before`, it is the same program after a restart, and its time line goes on.
   */
  attach(
    session: InspectorSession,
    origin: { readonly launched?: LaunchedProgram; readonly before?: AttachedTarget } = {},
  ): AttachedTarget {
    this.#current?.dispose();
    // A restart is the same program still.
    if (!origin.before) this.#fast = false;
    const target = new AttachedTarget(session, this.sampleIntervalMs, this.#log, origin);
    this.#current = target;
    target.onDidChangeTrouble(() => this.#sampling.fire());
    target.onSample((sample) => this.#sampled.fire(sample));
    target.onDidEnd((reason) => {
      if (this.#current !== target) return;
      this.#log.warn(`${target.info.title}: ${reason}`);
      this.#release();
      void vscode.window.showWarningMessage(`${target.info.title}: ${reason}`);
      this.#lost.fire(target);
    });
    this.#log.info(`Attached to ${target.info.title} (${target.info.url})`);
    this.#publish();
    return target;
  }

  detach(): void {
    if (!this.#current) return;
    this.#log.info(`Detached from ${this.#current.info.title}`);
    this.#release();
  }

  #release(): void {
    this.#current?.dispose();
    this.#current = null;
    this.#publish();
  }

  /** The context key decides which commands the palette and the panel's title show. */
  #publish(): void {
    void vscode.commands.executeCommand('setContext', 'heapwright.attached', this.#current !== null);
    this.#changed.fire(this.#current);
  }

  dispose(): void {
    this.#settings.dispose();
    this.#current?.dispose();
    this.#current = null;
    this.#changed.dispose();
    this.#sampled.dispose();
    this.#lost.dispose();
    this.#sampling.dispose();
  }
}

import * as vscode from 'vscode';
import { findMemoryLimit, type MemoryLimit } from '../../inspector/memory-limit';
import { type MemoryAlert, MemoryWatch, type WatchedLimit } from '../../leaks/memory-watch';
import type { MemoryLimits } from '../../protocol/panel';
import type { MemorySample } from '../../protocol/samples';
import type { AttachedTarget } from '../attach/attached-target';
import type { TargetSlot } from '../attach/target-slot';
import { onSettingsChanged, readSettings } from '../workbench/settings';

const TAKE_SNAPSHOT = 'Take Heap Snapshot';
const COLLECT = 'Collect Garbage';
/** Timers are some ms early or late. */
const EARLY = 0.8;

/**
 * Watches the attached target's memory against its limits: says when it comes near them and when the heap
 * keeps growing, and does by itself what the settings ask for. Tells the panel where the limits are.
 */
export class MemoryAlerts implements vscode.Disposable {
  readonly #slot: TargetSlot;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #alerted = new vscode.EventEmitter<MemoryAlert>();
  readonly #subscriptions: vscode.Disposable[];
  #target: AttachedTarget | null = null;
  /** Read once: reading settings for each of ten samples a second is felt. */
  #settings = readSettings();
  #watch = new MemoryWatch(this.#settings.alerts.thresholds);
  #found: MemoryLimit | null = null;
  #outlook: string | null = null;
  #judgedAt = 0;

  readonly onDidChange = this.#changed.event;
  /** Fires for each alert, also when the settings leave the user in peace. */
  readonly onAlert = this.#alerted.event;

  constructor(slot: TargetSlot) {
    this.#slot = slot;
    this.#subscriptions = [
      this.#changed,
      this.#alerted,
      slot.onDidChange((target) => void this.#follow(target)),
      slot.onSample((sample) => this.#judge(sample)),
      onSettingsChanged(() => this.#readSettings()),
    ];
  }

  /** What the panel draws and says; null while nothing is attached. */
  get limits(): MemoryLimits | null {
    if (!this.#target) return null;
    const set = this.#settings.memoryLimitBytes;
    if (set > 0) return { bytes: set, source: 'setting', outlook: this.#outlook };
    return this.#found ? { ...this.#found, outlook: this.#outlook } : null;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #readSettings(): void {
    const before = JSON.stringify(this.#settings.alerts.thresholds);
    this.#settings = readSettings();
    const { thresholds } = this.#settings.alerts;
    if (JSON.stringify(thresholds) !== before) this.#watch = new MemoryWatch(thresholds);
    this.#changed.fire();
  }

  async #follow(target: AttachedTarget | null): Promise<void> {
    this.#target = target;
    this.#watch = new MemoryWatch(this.#settings.alerts.thresholds);
    this.#found = null;
    this.#outlook = null;
    const { pid, isLocal } = target?.info ?? { pid: null, isLocal: false };
    if (pid === null || !isLocal) return;
    const found = await findMemoryLimit(pid);
    if (this.#target !== target) return;
    this.#found = found;
    this.#changed.fire();
  }

  #watched(sample: MemorySample): WatchedLimit[] {
    const names = {
      container: 'the container’s limit',
      machine: 'the machine’s memory',
      setting: 'your limit',
    };
    const { limits } = this;
    const watched: WatchedLimit[] = [{ name: 'the heap limit', bytes: sample.heapLimit, of: 'heapUsed' }];
    if (limits) watched.push({ name: names[limits.source], bytes: limits.bytes, of: 'rss' });
    return watched.filter(({ bytes }) => bytes > 0);
  }

  /** Ten samples a second would make the window of samples a short one: more than the setting asks for are skipped. */
  #isDue({ at }: MemorySample): boolean {
    const due = this.#judgedAt + EARLY * this.#settings.sampleIntervalMs;
    if (at < due && at > this.#judgedAt) return false;
    this.#judgedAt = at;
    return true;
  }

  #judge(sample: MemorySample): void {
    if (!this.#isDue(sample)) return;
    const watched = this.#watched(sample);
    const alerts = this.#watch.add(sample, watched);
    const outlook = this.#watch.outlook(watched);
    if (outlook !== this.#outlook) {
      this.#outlook = outlook;
      this.#changed.fire();
    }
    for (const alert of alerts) this.#alerted.fire(alert);
    if (!this.#settings.alerts.enabled) return;
    for (const alert of alerts) void this.#tell(alert);
  }

  async #tell({ kind, message }: MemoryAlert): Promise<void> {
    const target = this.#target;
    if (!target) return;
    const { alerts } = this.#settings;
    const done: string[] = [];
    if (kind === 'warning' && alerts.collectGarbage) {
      await target.session.collectGarbage().catch(() => {});
      done.push('Garbage is collected.');
    }
    if (kind === 'alert' && alerts.takeSnapshot) {
      void vscode.commands.executeCommand('heapwright.takeSnapshot');
      done.push('A snapshot is being taken.');
    }
    const text = [`${target.info.title}: ${message}`, ...done].join(' ');
    const show = kind === 'alert' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
    const choice = await show(text, ...(done.length > 0 ? [] : [TAKE_SNAPSHOT, COLLECT]));
    if (this.#slot.current !== target) return;
    if (choice === TAKE_SNAPSHOT) await vscode.commands.executeCommand('heapwright.takeSnapshot');
    if (choice === COLLECT) await vscode.commands.executeCommand('heapwright.collectGarbage');
  }
}

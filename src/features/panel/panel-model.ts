import * as vscode from 'vscode';
import type { PanelState, SnapshotDetail, SnapshotEntry } from '../../protocol/panel';
import type { MemoryAlerts } from '../alerts/memory-alerts';
import type { RssExplainer } from '../alerts/rss-explainer';
import type { TargetSlot } from '../attach/target-slot';
import type { FindingsStore } from '../findings/findings-store';
import type { OperationsStore } from '../operations/operations-store';
import type { SnapshotLibrary } from '../snapshots/snapshot-library';
import type { BusyState } from './busy-state';

/** What the panel shows besides the chart: one readonly state, made anew when any of its parts changes. */
export class PanelModel implements vscode.Disposable {
  readonly #slot: TargetSlot;
  readonly #library: SnapshotLibrary;
  readonly #findings: FindingsStore;
  readonly #busy: BusyState;
  readonly #alerts: MemoryAlerts;
  readonly #rss: RssExplainer;
  readonly #operations: OperationsStore;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #selected: readonly string[] = [];
  #detail: SnapshotDetail | null = null;

  readonly onDidChange = this.#changed.event;

  constructor(
    slot: TargetSlot,
    library: SnapshotLibrary,
    findings: FindingsStore,
    busy: BusyState,
    alerts: MemoryAlerts,
    rss: RssExplainer,
    operations: OperationsStore,
  ) {
    this.#slot = slot;
    this.#library = library;
    this.#findings = findings;
    this.#busy = busy;
    this.#alerts = alerts;
    this.#rss = rss;
    this.#operations = operations;
    const changed = () => this.#changed.fire();
    this.#subscriptions = [
      slot.onDidChange(changed),
      library.onDidChange(() => this.#libraryChanged()),
      findings.onDidChange(changed),
      busy.onDidChange(changed),
      alerts.onDidChange(changed),
      rss.onDidChange(changed),
      operations.onDidChange(changed),
      slot.onDidChangeSampling(changed),
      vscode.workspace.onDidChangeConfiguration(changed),
      vscode.debug.onDidChangeActiveStackItem(changed),
      this.#changed,
    ];
  }

  get state(): PanelState {
    return {
      target: this.#slot.current?.info ?? null,
      limits: this.#alerts.limits,
      restarts: this.#slot.current?.restarts ?? [],
      operations: this.#measured(),
      busy: this.#busy.current,
      snapshots: this.#library.entries.map(toEntry),
      selected: this.#selected,
      report: this.#findings.current?.report ?? null,
      detail: this.#detail,
      stoppedInDebugger: vscode.debug.activeStackItem instanceof vscode.DebugStackFrame,
      sampleIntervalMs: this.#slot.sampleIntervalMs,
      fast: this.#slot.fast,
      trouble: this.#slot.current?.trouble ?? null,
      rssGrowth: this.#rss.explanation,
    };
  }

  get selected(): readonly string[] {
    return this.#selected;
  }

  set selected(ids: readonly string[]) {
    const chosen = new Set(ids);
    this.#selected = this.#library.entries.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
    this.#changed.fire();
  }

  get detail(): SnapshotDetail | null {
    return this.#detail;
  }

  set detail(detail: SnapshotDetail | null) {
    this.#detail = detail;
    this.#changed.fire();
  }

  /** Of the process that is attached: another may have had its pid before this one was started. */
  #measured(): PanelState['operations'] {
    const info = this.#slot.current?.info;
    if (!info) return [];
    return this.#operations.records
      .filter(({ pid, startedAt }) => pid === info.pid && startedAt >= (info.startedAt ?? 0))
      .map(({ startedAt, durationMs, name }) => ({ from: startedAt, to: startedAt + durationMs, name }));
  }

  /** What refers to a snapshot goes with it. */
  #libraryChanged(): void {
    const present = new Set(this.#library.entries.map(({ id }) => id));
    this.#selected = this.#selected.filter((id) => present.has(id));
    if (this.#detail && !present.has(this.#detail.snapshotId)) this.#detail = null;
    this.#changed.fire();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** The webview has no use for paths on disk. */
function toEntry({ id, name, takenAt, fileBytes, targetTitle, processKey }: SnapshotEntry): SnapshotEntry {
  return { id, name, takenAt, fileBytes, targetTitle, processKey };
}

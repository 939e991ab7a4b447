import type * as vscode from 'vscode';
import type { AllocationsView } from '../allocations/allocations-view';
import type { TargetSlot } from '../attach/target-slot';
import type { DebugBridge } from '../debug/debug-bridge';
import type { DebugTargets } from '../debug/debug-targets';
import type { FindingsStore } from '../findings/findings-store';
import type { TrackedFindings } from '../findings/tracked-findings';
import type { HistoryView } from '../history/history-view';
import type { RunRecorder } from '../history/run-recorder';
import type { HuntFeature } from '../hunt/hunt-feature';
import type { ModulesView } from '../modules/modules-view';
import type { Operations } from '../operations/operations';
import type { LivePanel } from '../panel/panel';
import type { PanelModel } from '../panel/panel-model';
import type { ProcessesView } from '../processes/processes-view';
import type { FixAll } from '../quick-fixes/fix-all';
import type { OpenSnapshots } from '../snapshots/open-snapshots';
import type { SnapshotLibrary } from '../snapshots/snapshot-library';
import type { SnapshotWorkflow } from '../snapshots/snapshot-workflow';
import type { TogetherView } from '../together/together-view';
import type { Notifier } from '../workbench/notify';

/** What commands are carried out by. */
export interface Parts {
  readonly slot: TargetSlot;
  readonly allocations: AllocationsView;
  readonly modules: ModulesView;
  readonly library: SnapshotLibrary;
  readonly open: OpenSnapshots;
  readonly findings: FindingsStore;
  readonly tracked: TrackedFindings;
  readonly model: PanelModel;
  readonly workflow: SnapshotWorkflow;
  readonly panel: LivePanel;
  readonly processes: ProcessesView;
  readonly together: TogetherView;
  readonly debugTargets: DebugTargets;
  readonly debugBridge: DebugBridge;
  readonly hunts: HuntFeature;
  readonly recorder: RunRecorder;
  readonly history: HistoryView;
  readonly operations: Operations;
  readonly fixAll: FixAll;
  readonly notifier: Notifier;
  readonly log: vscode.LogOutputChannel;
}

/** As `package.json` names it, as an error of it is headed, and what it does. */
export type Command = readonly [id: string, title: string, run: (...args: unknown[]) => unknown];

import * as path from 'node:path';
import type * as vscode from 'vscode';
import { MemoryAlerts } from './features/alerts/memory-alerts';
import { RssExplainer } from './features/alerts/rss-explainer';
import { AllocationsView } from './features/allocations/allocations-view';
import { ProfileEditor } from './features/allocations/profile-editor';
import { RestartFollower } from './features/attach/restart-follower';
import { TargetSlot } from './features/attach/target-slot';
import { CollectionLens } from './features/collections/collection-lens';
import { CollectionsView } from './features/collections/collections-view';
import { learnFromFindings } from './features/collections/learn-from-findings';
import { LiveCollections } from './features/collections/live-collections';
import { LocatedCollections } from './features/collections/located-collections';
import { registerCommands } from './features/commands/register-commands';
import { DebugBridge } from './features/debug/debug-bridge';
import { DebugTargets } from './features/debug/debug-targets';
import { DeclarationDiagnostics } from './features/diagnostics/declaration-diagnostics';
import { FindingsStore } from './features/findings/findings-store';
import { GrowthLens } from './features/findings/growth-lens';
import { TrackedFindings } from './features/findings/tracked-findings';
import { HistoryView } from './features/history/history-view';
import { noteResults } from './features/history/note-results';
import { RunRecorder } from './features/history/run-recorder';
import { HuntFeature } from './features/hunt/hunt-feature';
import { ModuleLens } from './features/modules/module-lens';
import { ModuleMeasurement } from './features/modules/module-measurement';
import { ModulesView } from './features/modules/modules-view';
import { Operations } from './features/operations/operations';
import { OperationsStore } from './features/operations/operations-store';
import { OperationsView } from './features/operations/operations-view';
import { BusyState } from './features/panel/busy-state';
import { LivePanel } from './features/panel/panel';
import { PanelActions } from './features/panel/panel-actions';
import { PanelModel } from './features/panel/panel-model';
import { PanelTabs } from './features/panel/panel-tabs';
import type { AnyPanelView } from './features/panel/panel-view';
import { ProcessesView } from './features/processes/processes-view';
import { FixActions } from './features/quick-fixes/fix-actions';
import { FixAll } from './features/quick-fixes/fix-all';
import { RefusalHover } from './features/quick-fixes/refusal-hover';
import { SmellCache } from './features/quick-fixes/smell-cache';
import { OpenSnapshots } from './features/snapshots/open-snapshots';
import { SnapshotLibrary } from './features/snapshots/snapshot-library';
import { SnapshotWorkflow } from './features/snapshots/snapshot-workflow';
import { StatusBar } from './features/status/status-bar';
import { HeapComparison } from './features/together/heap-comparison';
import { TogetherView } from './features/together/together-view';
import { createLog } from './features/workbench/log';
import { Notifier } from './features/workbench/notify';

/** Builds the features and hands them to each other; what they do is theirs. */
export function activate(context: vscode.ExtensionContext): void {
  const own = <T extends vscode.Disposable>(disposable: T): T => {
    context.subscriptions.push(disposable);
    return disposable;
  };
  const storage = (context.storageUri ?? context.globalStorageUri).fsPath;
  const workerFile = (name: string) => path.join(context.extensionPath, 'dist', `${name}-worker.js`);

  const log = own(createLog());
  const notifier = new Notifier(log);
  const slot = own(new TargetSlot(log));
  own(new RestartFollower(slot, log));
  const busy = own(new BusyState());
  const library = own(new SnapshotLibrary(path.join(storage, 'snapshots'), log));
  const open = own(new OpenSnapshots(workerFile('snapshot')));
  const findings = own(new FindingsStore(path.join(storage, 'reports')));
  const tracked = own(new TrackedFindings(findings));
  const alerts = own(new MemoryAlerts(slot));
  const rss = own(new RssExplainer(slot));
  const operationsStore = own(new OperationsStore(path.join(storage, 'operations')));
  const model = own(new PanelModel(slot, library, findings, busy, alerts, rss, operationsStore));
  const workflow = new SnapshotWorkflow({ slot, library, open, findings, model, busy });
  const hunts = new HuntFeature({ slot, open, findings, busy, memory: context.workspaceState, storage });
  const actions = new PanelActions({ slot, model, library, workflow, busy, notifier });
  const allocations = own(new AllocationsView(slot));
  const collections = own(new LiveCollections(slot, busy, context.workspaceState));
  const located = own(new LocatedCollections(collections));
  own(new CollectionLens(collections, located));
  own(learnFromFindings(findings, slot, collections, log));
  const collectionsView = new CollectionsView(collections, located, { open, busy, storage });
  const recorder = own(new RunRecorder(slot, path.join(storage, 'runs'), alerts, log));
  const history = own(new HistoryView(recorder));
  const together = own(new TogetherView(own(new HeapComparison(open, busy, storage)), log));
  const measurement = own(
    new ModuleMeasurement(slot, {
      meter: path.join(context.extensionPath, 'dist', 'module-meter.cjs'),
      reports: path.join(storage, 'module-reports'),
    }),
  );
  const modules = own(new ModulesView(measurement));
  const operations = own(
    new Operations({ slot, open, busy, store: operationsStore, memory: context.workspaceState, storage }),
  );
  const operationsView = own(new OperationsView(operations, operationsStore, slot, busy));
  const views: readonly AnyPanelView[] = [
    together,
    collectionsView,
    operationsView,
    allocations,
    modules,
    history,
  ];
  const tabs = own(new PanelTabs(views, notifier));
  const panel = own(
    new LivePanel(context.extensionUri, slot, model, tabs, (message) => actions.handle(message)),
  );
  const smells = own(new SmellCache(workerFile('code'), tracked, measurement, log));
  own(new ProfileEditor(context.extensionUri, notifier));
  own(new StatusBar(slot));
  const processes = own(new ProcessesView(slot, log));
  const debugTargets = own(new DebugTargets(slot, log));
  const debugBridge = new DebugBridge({ targets: debugTargets, slot, library, workflow, open, model });
  own(new GrowthLens(tracked));
  own(new DeclarationDiagnostics(tracked, findings, smells));
  own(new ModuleLens(measurement, smells));
  own(new FixActions(smells, notifier));
  own(new RefusalHover(smells));
  const fixAll = own(new FixAll(smells, notifier));
  own(
    registerCommands({
      slot,
      allocations,
      modules,
      library,
      open,
      findings,
      tracked,
      model,
      workflow,
      panel,
      processes,
      together,
      debugTargets,
      debugBridge,
      hunts,
      recorder,
      history,
      operations,
      fixAll,
      notifier,
      log,
    }),
  );

  for (const store of [library, findings, operationsStore]) store.load();
  own(noteResults(recorder, library, findings, operationsStore));
}

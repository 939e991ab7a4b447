import * as vscode from 'vscode';
import type { LocalProcess } from '../protocol/targets';
import type { AllocationsView } from './allocations/allocations-view';
import { openProfileFile } from './allocations/profile-editor';
import {
  attachByUrl,
  attachTo,
  attachToOther,
  attachToProcess,
  attachToWorker,
} from './attach/attach-commands';
import { launchAndProfile } from './attach/launch-command';
import { requireTrust } from './attach/process-picker';
import type { TargetSlot } from './attach/target-slot';
import type { DebugBridge } from './debug/debug-bridge';
import type { DebugTargets } from './debug/debug-targets';
import type { FindingsStore } from './findings/findings-store';
import { openFinding } from './findings/open-finding';
import type { TrackedFindings } from './findings/tracked-findings';
import { deleteRun, exportRunAs } from './history/history-commands';
import type { HistoryView } from './history/history-view';
import type { RunRecorder } from './history/run-recorder';
import type { HuntFeature } from './hunt/hunt-feature';
import { showFixes } from './modules/module-lens';
import type { ModulesView } from './modules/modules-view';
import type { Operations } from './operations/operations';
import type { LivePanel } from './panel/panel';
import type { PanelModel } from './panel/panel-model';
import type { ProcessNode } from './processes/process-tree';
import type { ProcessesView } from './processes/processes-view';
import type { FixAll } from './quick-fixes/fix-all';
import { type AppliedFix, afterFix } from './quick-fixes/verify-fix';
import type { OpenSnapshots } from './snapshots/open-snapshots';
import {
  deleteSnapshot,
  openSnapshotFile,
  pickSeries,
  pickSnapshot,
  saveSnapshot,
} from './snapshots/snapshot-commands';
import type { SnapshotLibrary, StoredSnapshot } from './snapshots/snapshot-library';
import type { SnapshotWorkflow } from './snapshots/snapshot-workflow';
import { requireTarget } from './snapshots/take-snapshot';
import { showStatusMenu } from './status/status-menu';
import type { TogetherView } from './together/together-view';
import type { Notifier } from './workbench/notify';

interface Parts {
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

/** Registers every command of package.json. Each one's errors are shown here, once. */
export function registerCommands(parts: Parts): vscode.Disposable {
  const registrations = [
    ...attachCommands(parts),
    ...processCommands(parts),
    ...debugCommands(parts),
    ...snapshotCommands(parts),
    ...findingCommands(parts),
    ...allocationCommands(parts),
    ...moduleCommands(parts),
    ...huntCommands(parts),
    ...historyCommands(parts),
    ...operationCommands(parts),
    ...codeCommands(parts),
  ];
  return vscode.Disposable.from(
    ...registrations.map(([id, title, run]) =>
      vscode.commands.registerCommand(id, (...args: unknown[]) =>
        parts.notifier.guard(title, () => run(...args)),
      ),
    ),
  );
}

type Command = readonly [id: string, title: string, run: (...args: unknown[]) => unknown];

function attachCommands({ slot, panel, log }: Parts): Command[] {
  const showWhenAttached = (target: unknown) => {
    if (target) panel.show();
  };
  return [
    ['heapwright.attach', 'Attach', async () => showWhenAttached(await attachToProcess(slot))],
    ['heapwright.attachByUrl', 'Attach', async () => showWhenAttached(await attachByUrl(slot))],
    ['heapwright.launch', 'Launch', async () => showWhenAttached(await launchAndProfile(slot))],
    ['heapwright.detach', 'Detach', () => slot.detach()],
    ['heapwright.openPanel', 'Open panel', () => panel.show()],
    ['heapwright.showCollections', 'Show living collections', () => panel.show({ tab: 'collections' })],
    ['heapwright.showMenu', 'Menu', () => showStatusMenu(slot.current !== null)],
    ['heapwright.showLog', 'Show log', () => log.show()],
    [
      'heapwright.collectGarbage',
      'Collect garbage',
      async () => {
        await requireTarget(slot.current).session.collectGarbage();
      },
    ],
  ];
}

/** Whatever stands in the tree. */
async function attachToNode(slot: TargetSlot, node: ProcessNode): Promise<unknown> {
  if (node.kind === 'worker') return await attachToWorker(slot, node.process, node.worker);
  if (node.kind === 'other') return await attachToOther(slot, node.target);
  return await attachTo(slot, node.process);
}

/** The process that a command of the tree was given. */
function processOf(node: unknown): LocalProcess {
  return (node as { readonly process: LocalProcess }).process;
}

function processCommands({ slot, panel, processes, together }: Parts): Command[] {
  return [
    ['heapwright.processes.refresh', 'Refresh', () => processes.refresh()],
    [
      'heapwright.processes.attach',
      'Attach',
      async (node) => {
        requireTrust();
        if (await attachToNode(slot, node as ProcessNode)) panel.show();
      },
    ],
    [
      'heapwright.processes.watch',
      'Watch all workers',
      (node) => {
        together.watchWorkers(processOf(node));
        panel.show({ tab: 'together' });
      },
    ],
    [
      'heapwright.watchProcesses',
      'Watch processes together',
      async () => {
        if (await together.choose()) panel.show({ tab: 'together' });
      },
    ],
    [
      'heapwright.processes.copyPid',
      'Copy process id',
      (node) => vscode.env.clipboard.writeText(String(processOf(node).pid)),
    ],
  ];
}

function debugCommands({ debugTargets, debugBridge, panel }: Parts): Command[] {
  return [
    [
      'heapwright.debug.profile',
      'Profile memory',
      async () => {
        if (await debugTargets.profile()) panel.show({ tab: 'memory' });
      },
    ],
    [
      'heapwright.debug.retainedSize',
      'Retained size of this variable',
      (variable) =>
        debugBridge.retainedSize(variable, () => panel.show({ preserveFocus: true, tab: 'memory' })),
    ],
    [
      'heapwright.debug.showInConsole',
      'Show in debug console',
      (snapshotId, objectId) => debugBridge.showInConsole(String(snapshotId), Number(objectId)),
    ],
  ];
}

function snapshotCommands({ library, open, model, workflow, panel }: Parts): Command[] {
  /** The snapshot that a button of the panel names, or the one that the user picks. */
  const chosen = async (id: unknown, title: string): Promise<StoredSnapshot | undefined> =>
    typeof id === 'string' ? library.require(id) : await pickSnapshot(library, title);

  return [
    [
      'heapwright.takeSnapshot',
      'Take heap snapshot',
      async () => {
        panel.show({ preserveFocus: true });
        await workflow.take();
      },
    ],
    [
      'heapwright.compareSnapshots',
      'Compare snapshots',
      async () => {
        const series = await pickSeries(library, new Set(model.selected));
        if (!series || series.length === 0) return;
        model.selected = series.map(({ id }) => id);
        panel.show({ preserveFocus: true });
        await workflow.compare(series);
      },
    ],
    [
      'heapwright.openSnapshot',
      'Open snapshot',
      async () => {
        const entry = await pickSnapshot(library, 'Open Snapshot');
        if (!entry) return;
        panel.show();
        await workflow.showConstructors(entry);
      },
    ],
    [
      'heapwright.openSnapshotFile',
      'Open snapshot file',
      async () => {
        const entry = await openSnapshotFile(library);
        if (!entry) return;
        panel.show();
        await workflow.showConstructors(entry);
      },
    ],
    [
      'heapwright.saveSnapshot',
      'Save snapshot',
      async (id) => {
        const entry = await chosen(id, 'Save Snapshot As');
        if (entry) await saveSnapshot(library, entry);
      },
    ],
    [
      'heapwright.deleteSnapshot',
      'Delete snapshot',
      async (id) => {
        const entry = await chosen(id, 'Delete Snapshot');
        if (entry && (await deleteSnapshot(library, entry))) await open.close(entry.id);
      },
    ],
  ];
}

function allocationCommands({ allocations, panel }: Parts): Command[] {
  return [
    [
      'heapwright.recordAllocations',
      'Record allocations',
      async () => {
        panel.show({ tab: 'allocations' });
        await allocations.handle({ type: 'start', includesFreed: false });
      },
    ],
    ['heapwright.openAllocationProfile', 'Open allocation profile', () => openProfileFile()],
    ['heapwright.saveAllocationProfile', 'Save allocation profile', () => allocations.save()],
    ['heapwright.clearAllocationMarks', 'Clear allocations', () => allocations.clearMarks()],
  ];
}

function moduleCommands({ modules, panel }: Parts): Command[] {
  return [
    [
      'heapwright.measureModules',
      'Measure modules',
      async () => {
        panel.show({ preserveFocus: true, tab: 'modules' });
        await modules.measure();
      },
    ],
    ['heapwright.showModules', 'Show module costs', () => panel.show({ tab: 'modules' })],
    ['heapwright.showFixes', 'Show fixes', (uri, line) => showFixes(uri as vscode.Uri, Number(line))],
  ];
}

function huntCommands({ hunts, panel }: Parts): Command[] {
  const showPanel = () => panel.show({ preserveFocus: true });
  return [
    ['heapwright.hunt', 'Hunt for leaks', () => hunts.hunt(showPanel)],
    ['heapwright.huntAgain', 'Hunt again', () => hunts.huntAgain(showPanel)],
    ['heapwright.operationDone', 'Operation done', () => hunts.operationDone()],
    ['heapwright.saveHuntReport', 'Save report of hunt', () => hunts.saveReport()],
  ];
}

function historyCommands(parts: Parts): Command[] {
  return [
    ['heapwright.showHistory', 'Show history', () => parts.panel.show({ tab: 'history' })],
    ['heapwright.exportRun', 'Export run', (id) => exportRunAs(parts, id)],
    ['heapwright.deleteRun', 'Delete run', (id) => deleteRun(parts, id)],
  ];
}

function operationCommands({ operations, panel }: Parts): Command[] {
  const show = () => panel.show({ preserveFocus: true, tab: 'operations' });
  return [
    ['heapwright.showOperations', 'Show operations', show],
    [
      'heapwright.markOperation',
      'Mark operation',
      async () => {
        show();
        await operations.mark();
      },
    ],
    [
      'heapwright.measureRequests',
      'Measure requests',
      async () => {
        show();
        await operations.measureLoad();
      },
    ],
  ];
}

function codeCommands({ fixAll }: Parts): Command[] {
  return [
    ['heapwright.fixAllInFile', 'Fix all in file', () => fixAll.inFile()],
    ['heapwright.fixAllInWorkspace', 'Fix all in workspace', () => fixAll.inWorkspace()],
  ];
}

function findingCommands({ tracked, findings, panel }: Parts): Command[] {
  return [
    [
      'heapwright.openFinding',
      'Open source',
      (key, place) => openFinding(tracked, String(key), place === 'added' ? place : undefined),
    ],
    ['heapwright.showFinding', 'Show finding', () => panel.show()],
    ['heapwright.clearFindings', 'Clear findings', () => findings.clear()],
    ['heapwright.afterFix', 'After the fix', (applied) => afterFix(applied as AppliedFix)],
  ];
}

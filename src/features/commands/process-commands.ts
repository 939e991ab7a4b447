import * as vscode from 'vscode';
import type { LocalProcess } from '../../protocol/targets';
import {
  attachByUrl,
  attachTo,
  attachToOther,
  attachToProcess,
  attachToWorker,
} from '../attach/attach-commands';
import { launchAndProfile } from '../attach/launch-command';
import { requireTrust } from '../attach/process-picker';
import type { TargetSlot } from '../attach/target-slot';
import type { ProcessNode } from '../processes/process-tree';
import { requireTarget } from '../snapshots/take-snapshot';
import { showStatusMenu } from '../status/status-menu';
import type { Command, Parts } from './command';

/** Attaching, and what is done with the attached process. */
export function attachCommands({ slot, panel, log }: Parts): Command[] {
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

/** The tree of processes. */
export function processCommands({ slot, panel, processes, together }: Parts): Command[] {
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

/** Processes that a debugger holds. */
export function debugCommands({ debugTargets, debugBridge, panel }: Parts): Command[] {
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

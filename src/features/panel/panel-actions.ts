import * as vscode from 'vscode';
import type { FromPanel } from '../../protocol/panel';
import type { TargetSlot } from '../attach/target-slot';
import type { SnapshotLibrary } from '../snapshots/snapshot-library';
import type { SnapshotWorkflow } from '../snapshots/snapshot-workflow';
import type { Notifier } from '../workbench/notify';
import type { BusyState } from './busy-state';
import type { PanelModel } from './panel-model';

/** Buttons that do just what a command does. */
const COMMANDS: Partial<Record<FromPanel['type'], string>> = {
  attach: 'heapwright.attach',
  launch: 'heapwright.launch',
  detach: 'heapwright.detach',
  takeSnapshot: 'heapwright.takeSnapshot',
  collectGarbage: 'heapwright.collectGarbage',
  exportRun: 'heapwright.exportRun',
  hunt: 'heapwright.hunt',
  huntAgain: 'heapwright.huntAgain',
  operationDone: 'heapwright.operationDone',
};

/** Carries out what the user clicked in the panel. */
export class PanelActions {
  readonly #slot: TargetSlot;
  readonly #model: PanelModel;
  readonly #library: SnapshotLibrary;
  readonly #workflow: SnapshotWorkflow;
  readonly #busy: BusyState;
  readonly #notifier: Notifier;

  constructor(parts: {
    slot: TargetSlot;
    model: PanelModel;
    library: SnapshotLibrary;
    workflow: SnapshotWorkflow;
    busy: BusyState;
    notifier: Notifier;
  }) {
    this.#slot = parts.slot;
    this.#model = parts.model;
    this.#library = parts.library;
    this.#workflow = parts.workflow;
    this.#busy = parts.busy;
    this.#notifier = parts.notifier;
  }

  handle(message: FromPanel): void {
    void this.#notifier.guard('Heapwright panel', () => this.#run(message));
  }

  async #run(message: FromPanel): Promise<void> {
    const command = COMMANDS[message.type];
    if (command) {
      await vscode.commands.executeCommand(command);
      return;
    }
    switch (message.type) {
      case 'cancel':
        this.#busy.cancel();
        return;
      case 'sampleFast':
        this.#slot.fast = message.fast;
        return;
      case 'select':
        this.#model.selected = message.snapshotIds;
        return;
      case 'compare':
        await this.#workflow.compare(this.#model.selected.map((id) => this.#library.require(id)));
        return;
      case 'openSnapshot':
        await this.#workflow.showConstructors(this.#library.require(message.snapshotId));
        return;
      case 'saveSnapshot':
        await vscode.commands.executeCommand('heapwright.saveSnapshot', message.snapshotId);
        return;
      case 'deleteSnapshot':
        await vscode.commands.executeCommand('heapwright.deleteSnapshot', message.snapshotId);
        return;
      case 'showInstances':
        await this.#workflow.showPaths(this.#library.require(message.snapshotId), message.constructorKey);
        return;
      case 'openFinding':
        await vscode.commands.executeCommand('heapwright.openFinding', message.key, message.place);
        return;
      case 'showInDebugger':
        await vscode.commands.executeCommand(
          'heapwright.debug.showInConsole',
          message.snapshotId,
          message.objectId,
        );
        return;
      case 'closeDetail':
        this.#model.detail = null;
        return;
    }
  }
}

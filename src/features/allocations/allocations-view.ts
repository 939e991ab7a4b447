import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { formatProfile } from '../../allocations/profile-file';
import type { AllocationsAction, AllocationsState } from '../../protocol/allocations';
import { HeapwrightError } from '../../protocol/errors';
import type { TargetSlot } from '../attach/target-slot';
import type { PanelView } from '../panel/panel-view';
import { AllocationRecorder } from './allocation-recorder';
import { handleExploring } from './exploring';
import { LineMarks } from './line-marks';
import { openProfileFile } from './profile-editor';

/** A line that allocates less than this share is not worth a mark. */
const LEAST_MARKED_SHARE = 0.005;

/** The tab of allocations: records which functions of the attached program allocate, and shows it. */
export class AllocationsView implements PanelView<'allocations'>, vscode.Disposable {
  readonly name = 'allocations';
  readonly #recorder: AllocationRecorder;
  readonly #marks = new LineMarks();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #marked = true;

  readonly onDidChange = this.#changed.event;

  constructor(slot: TargetSlot) {
    this.#recorder = new AllocationRecorder(slot);
    this.#subscriptions = [
      this.#recorder,
      this.#marks,
      this.#changed,
      this.#recorder.onDidChange(() => {
        this.#mark();
        this.#changed.fire();
      }),
    ];
  }

  get state(): AllocationsState {
    return {
      recorder: this.#recorder.state,
      profile: this.#recorder.explorer?.state ?? null,
      failure: this.#recorder.failure,
      marked: this.#marks.shown,
    };
  }

  setVisible(visible: boolean): void {
    this.#recorder.visible = visible;
  }

  async handle(action: AllocationsAction): Promise<void> {
    if (action.type === 'start') await this.#recorder.start(action.includesFreed);
    else if (action.type === 'stop') await this.#recorder.stop();
    else if (action.type === 'save') await this.save();
    else if (action.type === 'openFile') await openProfileFile();
    else if (action.type === 'mark') this.#setMarked(action.on);
    else if (this.#recorder.explorer) {
      await handleExploring(this.#recorder.explorer, action);
      this.#changed.fire();
    }
  }

  /** Takes the shares out of the editors, until they are asked for again. */
  clearMarks(): void {
    this.#setMarked(false);
  }

  /** "Save Allocation Profile As…", as DevTools reads it. */
  async save(): Promise<void> {
    const { raw } = this.#recorder;
    if (!raw) {
      throw new HeapwrightError(
        'nothing-recorded',
        'No allocations were recorded yet.',
        'Start recording in the panel’s tab Allocations.',
      );
    }
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const name = `heapwright-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.heapprofile`;
    const destination = await vscode.window.showSaveDialog({
      title: 'Save Allocation Profile As',
      defaultUri: folder ? vscode.Uri.joinPath(folder, name) : vscode.Uri.file(path.resolve(name)),
      filters: { 'Allocation profiles': ['heapprofile'] },
    });
    if (destination) await fs.writeFile(destination.fsPath, formatProfile(raw));
  }

  #setMarked(on: boolean): void {
    this.#marked = on;
    this.#mark();
    this.#changed.fire();
  }

  #mark(): void {
    const { explorer } = this.#recorder;
    if (this.#marked && explorer) this.#marks.show(explorer.lines(LEAST_MARKED_SHARE));
    else if (this.#marks.shown) this.#marks.clear();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

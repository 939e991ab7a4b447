import * as vscode from 'vscode';
import type { RunArchive } from '../../history/run-archive';
import type { HistoryAction, HistoryState, RunSummary, ShownRun } from '../../protocol/history';
import { sampleToRow } from '../../protocol/sample-rows';
import type { PanelView } from '../panel/panel-view';
import type { RunRecorder } from './run-recorder';

/** More points than a screen has; the file keeps them all. */
const MOST_ROWS = 50_000;

/** The tab of runs: what was watched before, also in windows that are long closed. */
export class HistoryView implements PanelView<'history'>, vscode.Disposable {
  readonly name = 'history';
  readonly #archive: RunArchive;
  readonly #recorder: RunRecorder;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #runs: readonly RunSummary[] | null = null;
  #chosen: ShownRun | null = null;
  #visible = false;

  readonly onDidChange = this.#changed.event;

  constructor(recorder: RunRecorder) {
    this.#archive = recorder.archive;
    this.#recorder = recorder;
    this.#subscriptions = [
      this.#changed,
      recorder.onDidChange(() => {
        if (this.#visible) void this.refresh();
      }),
    ];
  }

  get state(): HistoryState {
    return {
      runs: this.#runs,
      recording: this.#recorder.recording,
      chosen: this.#chosen,
      failure: this.#recorder.failure,
    };
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) void this.refresh();
  }

  async handle(action: HistoryAction): Promise<void> {
    switch (action.type) {
      case 'choose':
        await this.choose(action.id);
        return;
      case 'close':
        this.#chosen = null;
        this.#changed.fire();
        return;
      case 'delete':
        await vscode.commands.executeCommand('heapwright.deleteRun', action.id);
        return;
      case 'export':
        await vscode.commands.executeCommand('heapwright.exportRun', action.id);
        return;
    }
  }

  /** Shows a run with its chart. @throws `file-not-found` */
  async choose(id: string): Promise<void> {
    this.#recorder.flush();
    const { summary, samples, events } = await this.#archive.read(id);
    const step = Math.ceil(samples.length / MOST_ROWS);
    const rows = samples.filter(({ gap }, i) => i % step === 0 || gap).map(sampleToRow);
    this.#chosen = { summary, rows, events };
    this.#changed.fire();
  }

  /** Reads the list anew. */
  async refresh(): Promise<void> {
    this.#recorder.flush();
    this.#runs = await this.#archive.list();
    const chosen = this.#chosen?.summary.id;
    if (chosen && !this.#runs.some(({ id }) => id === chosen)) this.#chosen = null;
    this.#changed.fire();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

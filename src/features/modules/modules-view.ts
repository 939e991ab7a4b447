import * as vscode from 'vscode';
import type { ModulesAction, ModulesState } from '../../protocol/modules';
import { pickLaunchRequest } from '../attach/launch-command';
import type { PanelView } from '../panel/panel-view';
import { showPosition } from '../workbench/show-position';
import type { ModuleMeasurement } from './module-measurement';

/** The tab of modules: what each import cost when the program was loaded. */
export class ModulesView implements PanelView<'modules'>, vscode.Disposable {
  readonly name = 'modules';
  readonly #measurement: ModuleMeasurement;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidChange = this.#changed.event;

  constructor(measurement: ModuleMeasurement) {
    this.#measurement = measurement;
    this.#subscriptions = [this.#changed, measurement.onDidChange(() => this.#changed.fire())];
  }

  get state(): ModulesState {
    const { measured, measuring, canRepeat, exact, failure } = this.#measurement;
    return {
      measuring,
      canRepeat,
      exact,
      failure,
      summary: measured?.summary ?? null,
      tree: measured?.tree ?? [],
      packages: measured?.packages ?? [],
      unloaded: measured?.unloaded ?? [],
      unused: measured?.unused ?? null,
    };
  }

  /** What is counted is counted whether it is seen or not. */
  setVisible(): void {}

  async handle(action: ModulesAction): Promise<void> {
    if (action.type === 'measure') await this.measure();
    else if (action.type === 'measureAgain') await this.#measurement.measureAgain();
    else if (action.type === 'open') await showPosition(action.file, 0, 0);
    else {
      this.#measurement.exact = action.on;
      this.#changed.fire();
    }
  }

  /** "Launch and Measure Modules…" */
  async measure(): Promise<void> {
    const request = await pickLaunchRequest('Launch and Measure Modules');
    if (request) await this.#measurement.measure(request);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

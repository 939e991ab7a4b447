import * as vscode from 'vscode';
import { listLocalProcesses } from '../../inspector/discovery/local-processes';
import { GroupThreads } from '../../inspector/together/group-threads';
import { ProcessGroup } from '../../inspector/together/process-group';
import { idOf, processSource, WorkerFamily } from '../../inspector/together/worker-family';
import { HeapwrightError } from '../../protocol/errors';
import type { LocalProcess } from '../../protocol/targets';
import type { TogetherAction, TogetherState } from '../../protocol/together';
import { requireTrust } from '../attach/process-picker';
import type { PanelView } from '../panel/panel-view';
import type { ProcessNode } from '../processes/process-tree';
import { readSettings } from '../workbench/settings';
import { showPosition } from '../workbench/show-position';
import { chooseProcesses } from './choose-processes';
import { groupRows, sumOf } from './group-figures';
import { GroupLimit } from './group-limit';
import type { HeapComparison } from './heap-comparison';

/**
 * The tab of processes that are watched together: the workers of one process, which join and leave by themselves, or
 * those that were ticked; each with its worker threads. They are read once a second until the user stops it or closes the panel.
 */
export class TogetherView implements PanelView<'together'>, vscode.Disposable {
  readonly name = 'together';
  readonly #log: vscode.LogOutputChannel;
  readonly #comparison: HeapComparison;
  readonly #group = new ProcessGroup();
  readonly #threads = new GroupThreads(this.#group);
  readonly #limit = new GroupLimit();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: { dispose(): void }[];
  /** A line keeps its colour for as long as it is there. */
  readonly #styles = new Map<string, number>();
  #family: WorkerFamily | undefined;
  #visible = false;

  readonly onDidChange = this.#changed.event;

  constructor(comparison: HeapComparison, log: vscode.LogOutputChannel) {
    this.#comparison = comparison;
    this.#log = log;
    const changed = () => {
      if (this.#visible) this.#changed.fire();
    };
    this.#subscriptions = [
      this.#changed,
      this.#threads,
      this.#group,
      this.#group.onDidChange(changed),
      comparison.onDidChange(changed),
    ];
  }

  get state(): TogetherState {
    const { times, rows } = groupRows(this.#group, (id) => this.#styleOf(id));
    return {
      rows,
      times,
      sum: sumOf(rows),
      limit: this.#limit.of(this.#group.living.map(({ source }) => source.pid)),
      following: this.#family?.parent.title ?? null,
      leftOut: (this.#family?.leftOut ?? 0) + this.#threads.leftOut,
      comparing: this.#comparison.progress,
      copies: this.#comparison.report,
    };
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.#changed.fire();
  }

  panelClosed(): void {
    this.#stop();
  }

  /** Watches a process and all that it started, and from then on those that it starts later. */
  watchWorkers(parent: LocalProcess): void {
    requireTrust();
    this.#stop();
    this.#family = new WorkerFamily(this.#group, parent, {
      timeoutMs: readSettings().attachTimeoutMs,
      log: (message) => this.#log.info(`Watching the workers of ${parent.title}: ${message}`),
    });
  }

  /** Lets the user tick what is watched. @returns Whether anything is. */
  async choose(): Promise<boolean> {
    requireTrust();
    const chosen = await chooseProcesses((process) => this.#group.has(idOf(process)));
    if (!chosen) return false;
    this.#family?.dispose();
    this.#family = undefined;
    const ids = new Set(chosen.map(idOf));
    for (const { source } of this.#group.members)
      if (source.thread === null && !ids.has(source.id)) this.#group.remove(source.id);
    const { attachTimeoutMs } = readSettings();
    this.#group.add(chosen.map((process) => processSource(process, attachTimeoutMs)));
    return this.#group.members.length > 0;
  }

  async handle(action: TogetherAction): Promise<void> {
    switch (action.type) {
      case 'choose':
        await this.choose();
        return;
      case 'stop':
        this.#stop();
        return;
      case 'remove':
        this.#group.remove(action.id);
        return;
      case 'attach':
        await this.#attach(action.id);
        return;
      case 'compare':
        await this.#compare();
        return;
      case 'open': {
        const location = this.#comparison.locationOf(action.key);
        if (location) await showPosition(location.file, location.line - 1, location.column - 1);
        return;
      }
    }
  }

  async #compare(): Promise<void> {
    const processes = this.#group.living.flatMap(({ source, session }) =>
      session ? [{ pid: source.pid, title: source.title, session }] : [],
    );
    if (processes.length < 2) {
      throw new HeapwrightError(
        'bad-argument',
        'It takes two heaps to compare.',
        'Watch more processes with an open inspector, or wait until they are attached.',
      );
    }
    await this.#comparison.run(processes);
  }

  /** In the window's one slot, for everything that is done with a single process. */
  async #attach(id: string): Promise<void> {
    const source = this.#group.members.find((member) => member.source.id === id)?.source;
    const process = (await listLocalProcesses()).find(
      (candidate) => id === idOf(candidate) || id.startsWith(`${idOf(candidate)}/`),
    );
    if (!source || !process) return;
    const { thread, title } = source;
    const node: ProcessNode =
      thread === null
        ? { kind: 'process', process, children: [] }
        : { kind: 'worker', process, worker: { id: thread, title, url: '', heapUsed: null } };
    await vscode.commands.executeCommand('heapwright.processes.attach', node);
  }

  /** The lowest number that no other line has. */
  #styleOf(id: string): number {
    const members = new Set(this.#group.members.map(({ source }) => source.id));
    for (const other of this.#styles.keys()) if (!members.has(other)) this.#styles.delete(other);
    const taken = new Set(this.#styles.values());
    let style = this.#styles.get(id) ?? 0;
    if (!this.#styles.has(id)) while (taken.has(style)) style++;
    this.#styles.set(id, style);
    return style;
  }

  #stop(): void {
    this.#family?.dispose();
    this.#family = undefined;
    this.#comparison.clear();
    this.#group.clear();
  }

  dispose(): void {
    this.#family?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

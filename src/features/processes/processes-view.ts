import * as vscode from 'vscode';
import { InspectorProbe } from '../../inspector/discovery/inspector-probe';
import { listLocalProcesses } from '../../inspector/discovery/local-processes';
import { OtherEngines } from '../../inspector/discovery/other-engines';
import { listWorkers, workersOf } from '../../inspector/discovery/worker-threads';
import { isCancelled } from '../../protocol/errors';
import { formatBytes } from '../../protocol/figures';
import type { LocalProcess, OtherTarget, WorkerThread } from '../../protocol/targets';
import { isNotOurHost } from '../attach/process-picker';
import type { TargetSlot } from '../attach/target-slot';
import { formatAge, type ProcessNode, toNodes, topProcesses } from './process-tree';

const VIEW_ID = 'heapwright.processes';
const REFRESH_MS = 2000;
/** Asking for workers opens a connection: not at every refresh. */
const WORKERS_KEPT_MS = 10_000;

/** The tree "Node Processes": read anew every other second while somebody can see it. */
export class ProcessesView implements vscode.TreeDataProvider<ProcessNode>, vscode.Disposable {
  readonly #slot: TargetSlot;
  readonly #log: vscode.LogOutputChannel;
  readonly #probe = new InspectorProbe();
  readonly #engines = new OtherEngines();
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<ProcessNode>;
  readonly #subscriptions: vscode.Disposable[];
  readonly #workers = new Map<number, { readonly at: number; readonly workers: readonly WorkerThread[] }>();
  readonly #ended = new AbortController();
  #processes: readonly LocalProcess[] = [];
  #others: readonly OtherTarget[] = [];
  #timer: NodeJS.Timeout | undefined;
  #reading = false;
  #hasRead = false;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(slot: TargetSlot, log: vscode.LogOutputChannel) {
    this.#slot = slot;
    this.#log = log;
    this.#view = vscode.window.createTreeView(VIEW_ID, { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = [
      this.#view,
      this.#changed,
      this.#view.onDidChangeVisibility(() => this.#follow()),
      slot.onDidChange(() => this.#changed.fire(undefined)),
    ];
    this.#follow();
  }

  /** Reads the list now. */
  async refresh(): Promise<void> {
    this.#workers.clear();
    await this.#read();
  }

  getChildren(node?: ProcessNode): vscode.ProviderResult<ProcessNode[]> {
    if (!node)
      return [
        ...topProcesses(this.#processes),
        ...this.#others.map((target) => ({ kind: 'other', target }) as const),
      ];
    return node.kind === 'process' ? this.#below(node.process, node.children) : [];
  }

  getTreeItem(node: ProcessNode): vscode.TreeItem {
    if (node.kind === 'process') return this.#processItem(node.process, node.children);
    if (node.kind === 'worker')
      return workerItem(node.process, node.worker, this.#isAttached(node.process, node.worker.id));
    if (node.kind === 'other')
      return otherItem(node.target, this.#slot.current?.info.url === node.target.url);
    const item = new vscode.TreeItem(node.text);
    item.id = `${node.process.pid}/nothing`;
    return item;
  }

  dispose(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Starts or stops reading with the view's visibility. */
  #follow(): void {
    clearTimeout(this.#timer);
    if (this.#view.visible) void this.#readOn();
  }

  async #readOn(): Promise<void> {
    await this.#read();
    if (this.#ended.signal.aborted || !this.#view.visible) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#readOn(), REFRESH_MS);
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      const { signal } = this.#ended;
      const processes = await listLocalProcesses({ signal, probe: this.#probe });
      this.#processes = processes.filter(isNotOurHost);
      this.#others = await this.#engines.list(processes, signal);
      // Until then the view says that it is looking.
      if (!this.#hasRead) void vscode.commands.executeCommand('setContext', 'heapwright.processesRead', true);
      this.#hasRead = true;
      this.#changed.fire(undefined);
    } catch (error) {
      if (!isCancelled(error) && !this.#ended.signal.aborted) this.#log.warn(`Processes: ${String(error)}`);
    } finally {
      this.#reading = false;
    }
  }

  async #below(process: LocalProcess, children: readonly LocalProcess[]): Promise<ProcessNode[]> {
    const workers = await this.#workersOf(process);
    const nodes: ProcessNode[] = [
      ...workers.map((worker) => ({ kind: 'worker', process, worker }) as const),
      ...toNodes(children, this.#processes),
    ];
    const text = 'No worker threads or child processes';
    return nodes.length > 0 ? nodes : [{ kind: 'nothing', process, text }];
  }

  async #workersOf(process: LocalProcess): Promise<readonly WorkerThread[]> {
    if (!process.inspector) return [];
    const known = this.#workers.get(process.pid);
    if (known && performance.now() - known.at < WORKERS_KEPT_MS) return known.workers;
    const current = this.#slot.current;
    const { signal } = this.#ended;
    try {
      const workers =
        current && this.#isAttached(process)
          ? await workersOf(current.session.connection, { signal })
          : await listWorkers(process.inspector, { signal });
      this.#workers.set(process.pid, { at: performance.now(), workers });
      return workers;
    } catch (error) {
      this.#log.debug(`Workers of ${process.pid}: ${String(error)}`);
      return known?.workers ?? [];
    }
  }

  /** To the main thread of a process, or to one of its worker threads. */
  #isAttached({ pid }: LocalProcess, workerId?: string): boolean {
    const info = this.#slot.current?.info;
    return info?.pid === pid && info.workerId === workerId;
  }

  #processItem(process: LocalProcess, children: readonly LocalProcess[]): vscode.TreeItem {
    const isAttached = this.#isAttached(process);
    const hasMore = children.length > 0 || process.inspector !== null;
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const state = children.length > 0 ? Expanded : hasMore ? Collapsed : None;
    const item = new vscode.TreeItem(process.title, state);
    item.id = `${process.pid}@${process.startedAt ?? ''}`;
    item.description = factsOf(process, isAttached).join(' · ');
    item.tooltip = tooltipOf(process, isAttached);
    item.iconPath = isAttached
      ? new vscode.ThemeIcon('pulse', new vscode.ThemeColor('charts.green'))
      : new vscode.ThemeIcon(process.inspector ? 'debug-alt' : 'circle-outline');
    const kind = isAttached ? 'process.attached' : 'process';
    item.contextValue = hasMore ? `${kind}.parent` : kind;
    item.accessibilityInformation = { label: `${process.title}, ${factsOf(process, isAttached).join(', ')}` };
    return item;
  }
}

function factsOf({ pid, rss, startedAt, inspector }: LocalProcess, isAttached: boolean): string[] {
  const facts = rss === null ? [] : [formatBytes(rss)];
  facts.push(`pid ${pid}`);
  if (startedAt !== null) facts.push(formatAge(startedAt, Date.now()));
  if (isAttached) facts.push('attached');
  else if (inspector) facts.push(`inspector ${inspector.port}`);
  return facts;
}

function tooltipOf(process: LocalProcess, isAttached: boolean): vscode.MarkdownString {
  const { commandLine, workingDirectory, inspector, rss, startedAt } = process;
  const text = new vscode.MarkdownString();
  text.appendCodeblock(commandLine, 'shellscript');
  if (workingDirectory) text.appendMarkdown('\n\nin ').appendText(workingDirectory);
  if (rss !== null) text.appendMarkdown(`\n\nResident memory: ${formatBytes(rss)}`);
  if (startedAt !== null) text.appendMarkdown(`\n\nStarted: ${new Date(startedAt).toLocaleString()}`);
  const state = isAttached
    ? 'Heapwright is attached.'
    : inspector
      ? `Inspector open on ${inspector.host}:${inspector.port}.`
      : 'Inspector closed; Heapwright asks before it opens it.';
  return text.appendMarkdown(`\n\n${state}`);
}

function otherItem({ id, kind, title, page, port }: OtherTarget, isAttached: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(title);
  item.id = `${port}/${id}`;
  item.description = [kind, isAttached ? 'attached' : `inspector ${port}`].join(' · ');
  item.tooltip = page;
  item.iconPath = isAttached
    ? new vscode.ThemeIcon('pulse', new vscode.ThemeColor('charts.green'))
    : new vscode.ThemeIcon(kind === 'Tab' ? 'browser' : 'server-process');
  item.contextValue = isAttached ? 'other.attached' : 'other';
  return item;
}

function workerItem(
  process: LocalProcess,
  { id, title, url, heapUsed }: WorkerThread,
  isAttached: boolean,
): vscode.TreeItem {
  const item = new vscode.TreeItem(url.split('/').at(-1) || title);
  item.id = `${process.pid}/worker-${id}`;
  item.description = [`worker ${id}`, heapUsed === null ? 'busy' : `heap ${formatBytes(heapUsed)}`].join(
    ' · ',
  );
  item.tooltip = url || title;
  item.iconPath = isAttached
    ? new vscode.ThemeIcon('pulse', new vscode.ThemeColor('charts.green'))
    : new vscode.ThemeIcon('server-process');
  item.contextValue = isAttached ? 'worker.attached' : 'worker';
  return item;
}

import { randomUUID } from 'node:crypto';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { headroom } from '../../inspector/headroom';
import { parseRequests } from '../../leaks/hunt/requests';
import { httpWorkload } from '../../leaks/hunt/workloads';
import { BegunOperation, type Exactly } from '../../leaks/operations/measure';
import { HeapwrightError } from '../../protocol/errors';
import type { OperationLoad, OperationRecord, OperationsState } from '../../protocol/operations';
import type { AttachedTarget } from '../attach/attached-target';
import { requireTrust } from '../attach/process-picker';
import type { TargetSlot } from '../attach/target-slot';
import { portsOf } from '../hunt/hunt-target';
import { onCurrentPort } from '../hunt/hunt-work';
import { withBusyProgress } from '../panel/busy-progress';
import type { BusyJob, BusyState } from '../panel/busy-state';
import type { OpenSnapshots } from '../snapshots/open-snapshots';
import { confirmHeadroom, requireTarget } from '../snapshots/take-snapshot';
import { readSettings } from '../workbench/settings';
import { askLoad } from './ask-load';
import type { OperationsStore } from './operations-store';

interface Parts {
  readonly slot: TargetSlot;
  readonly open: OpenSnapshots;
  readonly busy: BusyState;
  readonly store: OperationsStore;
  readonly memory: vscode.Memento;
  /** Absolute path of a folder for snapshots while they are looked at. */
  readonly storage: string;
}

/** An operation that a person has begun. */
interface Open {
  readonly operation: BegunOperation;
  readonly target: AttachedTarget;
  readonly name: string;
}

const QUICK = 'heapwright.operations.quick';
const END = 'End Operation';

/** Measures what operations leave in the heap: marked by a person, or done by HTTP requests. */
export class Operations implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #open: Open | null = null;
  /** The record that was measured last in this window. */
  #latest: OperationRecord | null = null;

  readonly onDidChange = this.#changed.event;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#subscriptions = [
      this.#changed,
      parts.slot.onDidChange((target) => {
        if (this.#open && this.#open.target !== target) this.discard();
        this.#changed.fire();
      }),
      parts.busy.onDidChange(() => this.#changed.fire()),
    ];
  }

  get open(): OperationsState['open'] {
    return this.#open && { name: this.#open.name, startedAt: this.#open.operation.startedAt };
  }

  get latest(): OperationRecord | null {
    return this.#latest;
  }

  /** Whether snapshots are taken; remembered for the workspace. */
  get exact(): boolean {
    return !this.#parts.memory.get(QUICK, false);
  }

  async setExact(on: boolean): Promise<void> {
    await this.#parts.memory.update(QUICK, !on);
    this.#changed.fire();
  }

  /** Begins an operation, or ends the one that was begun. */
  async mark(): Promise<void> {
    if (this.#open) await this.end();
    else await this.begin();
  }

  async begin(): Promise<void> {
    if (this.#open) throw alreadyBegun(this.#open.name);
    const target = requireTarget(this.#parts.slot.current);
    const exactly = await this.#exactly(target);
    const name = `Operation ${this.#parts.store.records.filter(({ load }) => load === null).length + 1}`;
    const operation = await this.#withProgress(`Preparing to measure ${name}`, (job) =>
      BegunOperation.begin(target.session, exactly, progressOf(job)),
    );
    this.#set({ operation, target, name });
    void this.#offerEnd(operation, name);
  }

  /** The message's button runs the command, which shows what goes wrong. */
  async #offerEnd(operation: BegunOperation, name: string): Promise<void> {
    const answer = await vscode.window.showInformationMessage(`${name} has begun: use the program now.`, END);
    if (answer === END && this.#open?.operation === operation)
      await vscode.commands.executeCommand('heapwright.markOperation');
  }

  async end(): Promise<void> {
    const open = this.#open;
    if (!open) throw notBegun();
    this.#set(null);
    const { operation, target, name } = open;
    const measured = await this.#withProgress(`Measuring what ${name} left`, (job) =>
      operation.end(progressOf(job)),
    );
    await this.#keep(target, { ...measured, name, load: null, operations: 1, failed: 0 });
  }

  /** Forgets the operation that was begun. */
  discard(): void {
    this.#open?.operation.dispose();
    this.#set(null);
  }

  /** Asks for requests, sends them, and measures what they left. */
  async measureLoad(): Promise<void> {
    requireTrust();
    const target = requireTarget(this.#parts.slot.current);
    const ports = await portsOf(target.info);
    const last = this.#parts.store.records.findLast(({ load }) => load !== null);
    const asked = await askLoad(last, ports);
    if (asked) await this.#measure(target, asked.load, asked.operations);
  }

  /** The same requests as in a record once more, in the program as it runs now. */
  async again({ load, operations, name }: OperationRecord): Promise<void> {
    requireTrust();
    if (!load) return;
    const target = requireTarget(this.#parts.slot.current);
    const ports = await portsOf(target.info);
    const { requests } = load;
    const work = onCurrentPort({ kind: 'http', requests, connections: load.connections }, load.ports, ports);
    const now = { ...load, ports, requests: work.kind === 'http' ? work.requests : requests };
    await this.#measure(target, now, operations, name);
  }

  async #measure(
    target: AttachedTarget,
    load: OperationLoad,
    operations: number,
    name?: string,
  ): Promise<void> {
    if (this.#open) throw alreadyBegun(this.#open.name);
    const exactly = await this.#exactly(target);
    const workload = httpWorkload(parseRequests(load.requests), { connections: load.connections });
    const { measured, failed } = await this.#withProgress(`Measuring ${workload.title}`, async (job) => {
      const progress = progressOf(job);
      progress.onProgress('Warming up');
      // What is loaded, compiled or cached at first use is no operation's own.
      const warmup = Math.min(readSettings().hunt.warmup, operations);
      if (warmup > 0) await workload.run(warmup, job.signal);
      const operation = await BegunOperation.begin(target.session, exactly, progress);
      try {
        progress.onProgress(`${operations} operations`);
        const { failed } = await workload.run(operations, job.signal);
        return { measured: await operation.end(progress), failed };
      } finally {
        operation.dispose();
      }
    });
    const called = name ?? nameOf(load);
    await this.#keep(target, { ...measured, name: called, load, operations, failed });
  }

  async #keep(
    target: AttachedTarget,
    record: Omit<OperationRecord, 'id' | 'program' | 'pid'>,
  ): Promise<void> {
    const { title, pid } = target.info;
    this.#latest = { ...record, id: randomUUID(), program: title, pid };
    await this.#parts.store.add(this.#latest);
  }

  /** What snapshots need, if they are wanted and the user lets them be taken. */
  async #exactly(target: AttachedTarget): Promise<Exactly | null> {
    if (!this.exact) return null;
    await confirmHeadroom(await headroom(target.session), target.info.title);
    return { engine: this.#parts.open.engine, folder: path.join(this.#parts.storage, 'operations') };
  }

  async #withProgress<T>(title: string, work: (job: BusyJob) => Promise<T>): Promise<T> {
    return await withBusyProgress(this.#parts.busy, title, work);
  }

  #set(open: Open | null): void {
    this.#open = open;
    this.#changed.fire();
  }

  dispose(): void {
    this.#open?.operation.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function progressOf(job: BusyJob) {
  return { signal: job.signal, onProgress: (text: string) => job.report(text, null) };
}

/** "GET /products/1, POST /orders": the program's address says nothing. */
function nameOf({ requests }: OperationLoad): string {
  const names = parseRequests(requests).map(({ method, url }) => {
    const { pathname, search } = new URL(url);
    return `${method} ${decodeURI(pathname + search)}`;
  });
  return [...new Set(names)].join(', ');
}

function alreadyBegun(name: string): HeapwrightError {
  return new HeapwrightError(
    'bad-argument',
    `${name} has begun and was not ended.`,
    'End or discard it in the Operations tab first: two at once could not be told apart.',
  );
}

function notBegun(): HeapwrightError {
  return new HeapwrightError(
    'bad-argument',
    'No operation has begun.',
    'Begin one in the Operations tab, or attach again if the program was restarted.',
  );
}

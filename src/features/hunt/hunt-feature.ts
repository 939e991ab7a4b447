import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { headroom } from '../../inspector/headroom';
import { hunt } from '../../leaks/hunt/hunt';
import type { HuntReport } from '../../leaks/hunt/report';
import { HeapwrightError } from '../../protocol/errors';
import type { AttachedTarget } from '../attach/attached-target';
import { requireTrust } from '../attach/process-picker';
import type { TargetSlot } from '../attach/target-slot';
import type { FindingsStore } from '../findings/findings-store';
import { withBusyProgress } from '../panel/busy-progress';
import type { BusyJob, BusyState } from '../panel/busy-state';
import type { OpenSnapshots } from '../snapshots/open-snapshots';
import { confirmHeadroom } from '../snapshots/take-snapshot';
import { readSettings } from '../workbench/settings';
import { askWork } from './ask-work';
import { chooseTarget, confirmFresh, findTargetAgain, type HuntedProgram, portsOf } from './hunt-target';
import { type HuntWork, onCurrentPort, workloadOf } from './hunt-work';
import { Person } from './person';
import { toStoredReport } from './publish-hunt';
import { saveHuntReport } from './save-report';

/** The last hunt of a workspace: enough to make it again without a question. */
interface RememberedHunt {
  readonly work: HuntWork;
  readonly program: HuntedProgram;
}

const REMEMBERED = 'heapwright.lastHunt';

interface Parts {
  readonly slot: TargetSlot;
  readonly open: OpenSnapshots;
  readonly findings: FindingsStore;
  readonly busy: BusyState;
  readonly memory: vscode.Memento;
  /** Absolute path of a folder for snapshots while they are looked at. */
  readonly storage: string;
}

/** "Hunt for Leaks" and "Hunt Again": from a question or none to findings at their lines. */
export class HuntFeature {
  readonly #parts: Parts;
  readonly #person = new Person();
  #running = false;
  #lastReport: HuntReport | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    if (this.#remembered) setCanHuntAgain();
  }

  get #remembered(): RememberedHunt | undefined {
    return this.#parts.memory.get<RememberedHunt>(REMEMBERED);
  }

  /** Asks for what is needed, then hunts; `onStart` is called when all is answered. */
  async hunt(onStart: () => void): Promise<void> {
    await this.#once(async () => {
      requireTrust();
      const target = await chooseTarget(this.#parts.slot);
      if (!target) return;
      const ports = await portsOf(target.info);
      const last = this.#remembered;
      const address = ports.length > 0 ? `http://127.0.0.1:${ports[0]}/` : undefined;
      const lastWork = last && onCurrentPort(last.work, last.program.ports, ports);
      const work = await askWork(lastWork, address);
      if (!work) return;
      onStart();
      await this.#run(target, work, ports);
    });
  }

  /** The last hunt of this workspace once more, in the program as it runs now. */
  async huntAgain(onStart: () => void): Promise<void> {
    const last = this.#remembered;
    if (!last) return await this.hunt(onStart);
    await this.#once(async () => {
      requireTrust();
      const target = await findTargetAgain(this.#parts.slot, last.program);
      if (!target) return;
      const before = this.#parts.findings.lastHunt(target.info.title);
      await confirmFresh(target.info, before?.report.findings ?? []);
      onStart();
      const ports = await waitForPorts(target, last);
      await this.#run(target, onCurrentPort(last.work, last.program.ports, ports), ports);
    });
  }

  /** The person who does the operations says that a round is done. */
  operationDone(): void {
    this.#person.done();
  }

  /** "Save Report of Hunt…": HTML, Markdown or JSON, as the name ends. */
  async saveReport(): Promise<void> {
    await saveHuntReport(this.#lastReport);
  }

  async #run(target: AttachedTarget, work: HuntWork, ports: readonly number[]): Promise<void> {
    const { slot, findings, busy, memory } = this.#parts;
    await confirmHeadroom(await headroom(target.session), target.info.title);
    const { title, workingDirectory } = target.info;
    const program = { title, workingDirectory, launch: target.launched?.request ?? null, ports };
    await memory.update(REMEMBERED, { work, program } satisfies RememberedHunt);
    setCanHuntAgain();
    const report = await withBusyProgress(busy, `Hunting for leaks in ${title}`, (job) =>
      this.#measure(target, work, job),
    );
    this.#lastReport = report;
    void vscode.commands.executeCommand('setContext', 'heapwright.hasHuntReport', true);
    const stored = toStoredReport(report, findings.lastHunt(title, report.workload));
    await findings.publish(stored);
    void announce(stored.report.summary, report, slot.current !== null);
  }

  async #measure(target: AttachedTarget, work: HuntWork, job: BusyJob): Promise<HuntReport> {
    const { open, storage } = this.#parts;
    const { rounds, operations, warmup, idleMs } = readSettings().hunt;
    const byHand = work.kind === 'byHand';
    const folder = path.join(storage, `hunt-${randomUUID()}`);
    await fs.mkdir(folder, { recursive: true });
    try {
      const workload = workloadOf(work, target.session, (count, signal) =>
        this.#person.ask(count, job, signal),
      );
      return await hunt(target.session, open.engine, workload, {
        rounds,
        operations: byHand ? work.operations : operations,
        // Nobody clicks a hundred times to warm a program up.
        warmup: byHand ? work.operations : warmup,
        idleMs,
        folder,
        signal: job.signal,
        onProgress: (text, fraction) => job.report(text, fraction),
      });
    } finally {
      await fs.rm(folder, { recursive: true, force: true });
    }
  }

  async #once(work: () => Promise<void>): Promise<void> {
    if (this.#running) {
      throw new HeapwrightError(
        'bad-argument',
        'A hunt is under way.',
        'Wait for its end, or cancel it in its notification.',
      );
    }
    this.#running = true;
    try {
      await work();
    } finally {
      this.#running = false;
    }
  }
}

/** What was just launched takes a moment until it listens. */
async function waitForPorts(target: AttachedTarget, { work, program }: RememberedHunt): Promise<number[]> {
  const patience = work.kind === 'http' && program.ports.length > 0 ? 50 : 1;
  for (let attempt = 1; ; attempt++) {
    const ports = await portsOf(target.info);
    if (ports.length >= program.ports.length || attempt >= patience) return ports;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function setCanHuntAgain(): void {
  void vscode.commands.executeCommand('setContext', 'heapwright.canHuntAgain', true);
}

/** One message with the outcome; the first leak's line is one click away. */
async function announce(summary: string, { verdicts }: HuntReport, attached: boolean): Promise<void> {
  const first = verdicts.find(({ level }) => level === 'leak');
  const openLine = 'Open Line';
  if (!first) {
    void vscode.window.showInformationMessage(summary);
    return;
  }
  const buttons = first.location ? [openLine] : [];
  if (attached) buttons.push('Hunt Again');
  const answer = await vscode.window.showWarningMessage(summary, ...buttons);
  if (answer === openLine) await vscode.commands.executeCommand('heapwright.openFinding', first.key);
  if (answer === 'Hunt Again') await vscode.commands.executeCommand('heapwright.huntAgain');
}

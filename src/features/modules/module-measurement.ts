import * as vscode from 'vscode';
import type { LaunchRequest } from '../../inspector/launch';
import { MeasuredModules } from '../../modules/measured-modules';
import { ReportFolder } from '../../modules/report-folder';
import type { MeasuredImport } from '../../protocol/code';
import { isCancelled } from '../../protocol/errors';
import type { AttachedTarget } from '../attach/attached-target';
import { launchRequest } from '../attach/launch-command';
import type { TargetSlot } from '../attach/target-slot';
import type { ImportMeasurements } from '../quick-fixes/smell-cache';

/** How often it is looked for a report, in ms. */
const LOOK_EVERY_MS = 400;

/**
 * Starts programs with the meter and keeps what was measured last, for the tab and for the editors. The program runs on,
 * attached, in a terminal of its own.
 */
export class ModuleMeasurement implements ImportMeasurements, vscode.Disposable {
  readonly #slot: TargetSlot;
  readonly #meter: string;
  readonly #reports: string;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #request: LaunchRequest | null = null;
  #folder: ReportFolder | null = null;
  #target: AttachedTarget | null = null;
  #measuring: string | null = null;
  #measured: MeasuredModules | null = null;
  #writtenAt = 0;
  #failure: string | null = null;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChange = this.#changed.event;

  /** Garbage is collected after each module: exact, and slow. */
  exact = false;

  /** @param meter The file to preload. @param reports Where measured programs write meanwhile. */
  constructor(slot: TargetSlot, { meter, reports }: { meter: string; reports: string }) {
    this.#slot = slot;
    this.#meter = meter;
    this.#reports = reports;
    this.#subscription = slot.onDidChange((current) => {
      if (this.#target && current !== this.#target) void this.#finish();
    });
  }

  get measured(): MeasuredModules | null {
    return this.#measured;
  }

  /** What is being measured, by its title. */
  get measuring(): string | null {
    return this.#measuring;
  }

  get canRepeat(): boolean {
    return this.#request !== null;
  }

  /** Why there is no newer report, in one sentence. */
  get failure(): string | null {
    return this.#failure;
  }

  /** What the imports of a document cost, for the rule of lazy imports. */
  importsOf(document: vscode.TextDocument): MeasuredImport[] {
    const imports = this.#measured?.importsIn(document.fileName, document.getText()) ?? [];
    return imports.map(({ specifier, cost: { total, saved } }) => ({
      specifier,
      total: total.heap,
      saved: saved.heap,
    }));
  }

  async measureAgain(): Promise<void> {
    if (this.#request) await this.measure(this.#request);
  }

  /** Starts a program and follows what it reports. @throws `launch-failed`, when it failed before it reported anything. */
  async measure(request: LaunchRequest): Promise<void> {
    this.#forget();
    const folder = await ReportFolder.create(this.#reports);
    this.#folder = folder;
    this.#request = request;
    this.#measuring = request.title;
    this.#failure = null;
    this.#writtenAt = 0;
    this.#changed.fire();
    this.#lookLater(folder);
    const env = { ...request.env, ...folder.environment(this.exact) };
    try {
      this.#target = await launchRequest(this.#slot, { ...request, env, preload: this.#meter });
    } catch (error) {
      // One that ran to its end before it could be attached has reported all the same.
      await this.#finish();
      if (isCancelled(error) || this.#writtenAt === 0) throw error;
    }
  }

  /** The program has gone: it wrote its last report at its very end. */
  async #finish(): Promise<void> {
    await this.#read();
    this.#forget();
    this.#changed.fire();
  }

  #lookLater(folder: ReportFolder): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#read().finally(() => {
        if (this.#folder === folder) this.#lookLater(folder);
      });
    }, LOOK_EVERY_MS);
  }

  async #read(): Promise<void> {
    const folder = this.#folder;
    const found = await folder?.read(this.#slot.current?.info.pid ?? null);
    if (!found || found.writtenAt === this.#writtenAt || this.#folder !== folder) return;
    try {
      const measured = await MeasuredModules.from(found.report);
      if (this.#folder !== folder) return;
      this.#writtenAt = found.writtenAt;
      this.#measured = measured;
      this.#failure = null;
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
    }
    this.#measuring = null;
    this.#changed.fire();
  }

  #forget(): void {
    clearTimeout(this.#timer);
    const folder = this.#folder;
    this.#folder = null;
    this.#target = null;
    this.#measuring = null;
    folder?.dispose();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#forget();
    this.#changed.dispose();
  }
}

import type { Protocol } from 'devtools-protocol';
import * as vscode from 'vscode';
import { locateFunctions } from '../../allocations/located-functions';
import { exploreProfile, type ProfileExplorer } from '../../allocations/profile-explorer';
import { AllocationSampling } from '../../inspector/allocation-sampling';
import type { RecorderState } from '../../protocol/allocations';
import type { ScriptRecord } from '../../protocol/targets';
import type { AttachedTarget } from '../attach/attached-target';
import type { TargetSlot } from '../attach/target-slot';
import { requireTarget } from '../snapshots/take-snapshot';

type RawProfile = Protocol.HeapProfiler.SamplingHeapProfile;

/** A profile is read this often while somebody looks, in ms; a large one less often. */
const READ_EVERY_MS = 2000;
/** Reading may take this share of the time. */
const READING_SHARE = 0.1;

/** A recording under way. */
interface Recording {
  readonly target: AttachedTarget;
  readonly sampling: AllocationSampling;
  readonly startedAt: number;
  /** As listed when a script was met that was not known yet. */
  scripts: readonly ScriptRecord[];
}

/** Records what the attached program allocates, and keeps what was recorded last when the program has gone. */
export class AllocationRecorder implements vscode.Disposable {
  readonly #slot: TargetSlot;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #recording: Recording | null = null;
  #includesFreed = false;
  #raw: RawProfile | null = null;
  #explorer: ProfileExplorer | null = null;
  #failure: string | null = null;
  #visible = false;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(slot: TargetSlot) {
    this.#slot = slot;
    this.#subscription = slot.onDidChange(() => this.#targetChanged());
  }

  get state(): RecorderState {
    return {
      attached: this.#slot.current !== null,
      startedAt: this.#recording?.startedAt ?? null,
      includesFreed: this.#includesFreed,
    };
  }

  /** As V8 sent it last. */
  get raw(): RawProfile | null {
    return this.#raw;
  }

  get explorer(): ProfileExplorer | null {
    return this.#explorer;
  }

  /** Why there is no newer profile, in one sentence. */
  get failure(): string | null {
    return this.#failure;
  }

  set visible(visible: boolean) {
    this.#visible = visible;
    clearTimeout(this.#timer);
    if (visible && this.#recording) this.#readLater(this.#recording, 0);
  }

  async start(includesFreed: boolean): Promise<void> {
    const target = requireTarget(this.#slot.current);
    if (this.#recording) return;
    const sampling = await AllocationSampling.start(target.session, includesFreed);
    this.#raw = null;
    this.#explorer = null;
    this.#failure = null;
    this.#includesFreed = includesFreed;
    this.#recording = { target, sampling, startedAt: Date.now(), scripts: [] };
    this.#changed.fire();
    if (this.#visible) this.#readLater(this.#recording, READ_EVERY_MS / 2);
  }

  async stop(): Promise<void> {
    const recording = this.#recording;
    if (!recording) return;
    clearTimeout(this.#timer);
    this.#recording = null;
    const raw = await recording.sampling.stop();
    await this.#take(recording, raw);
  }

  #readLater(recording: Recording, delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(recording), delayMs);
  }

  async #read(recording: Recording): Promise<void> {
    const startedAt = performance.now();
    try {
      const raw = await recording.sampling.read();
      if (this.#recording !== recording) return;
      await this.#take(recording, raw);
    } catch (error) {
      if (this.#recording !== recording) return;
      // A hunt takes V8's one sampler for itself.
      this.#recording = null;
      this.#failure = `Recording has ended: ${error instanceof Error ? error.message : String(error)}`;
      this.#changed.fire();
      return;
    }
    const delay = Math.max(READ_EVERY_MS, (performance.now() - startedAt) / READING_SHARE);
    if (this.#visible && this.#recording === recording) this.#readLater(recording, delay);
  }

  async #take(recording: Recording, raw: RawProfile): Promise<void> {
    const explorer = await exploreProfile(raw, async (functions) => {
      const known = new Set(recording.scripts.map(({ scriptId }) => scriptId));
      const isNew = functions.some(({ scriptId, url }) => url !== '' && !known.has(Number(scriptId)));
      if (isNew) recording.scripts = (await recording.target.session.scripts()).scripts;
      return await locateFunctions(functions, recording.scripts);
    });
    if (this.#explorer) explorer.continueFrom(this.#explorer);
    this.#raw = raw;
    this.#explorer = explorer;
    this.#failure = null;
    this.#changed.fire();
  }

  #targetChanged(): void {
    if (this.#recording && this.#recording.target !== this.#slot.current) {
      clearTimeout(this.#timer);
      this.#recording = null;
      this.#failure = this.#explorer
        ? 'The program has ended; this is what was recorded last.'
        : 'The program has ended before anything was recorded.';
    }
    this.#changed.fire();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.#changed.dispose();
    // An end of ours must not leave the target sampling; the connection's own end stops it as well.
    void this.#recording?.sampling.stop().catch(() => {});
    this.#recording = null;
  }
}

import * as vscode from 'vscode';
import { CensusWatch, type KnownCollection, type KnownPlaces, type Located } from '../../leaks/census/watch';
import type { CollectionPlace, CollectionsState, LivingCollection } from '../../protocol/census';
import type { AttachedTarget } from '../attach/attached-target';
import type { TargetSlot } from '../attach/target-slot';
import type { BusyState } from '../panel/busy-state';
import { requireTarget } from '../snapshots/take-snapshot';

/** Who looks: the tab has all counted anew from time to time, the editor only follows the sizes of what it shows. */
export type Onlooker = 'tab' | 'editor';

/** A glance at another tab and back does not lose what was followed; after this nothing is left in the target. */
const LINGER_MS = 20_000;
/** How often it is looked whether what else is under way is done, in ms. */
const BUSY_PAUSE_MS = 1000;
/** A list takes several collections: in a heap beyond this, in bytes, or where one took longer, the user decides. */
const LARGE_HEAP = 256e6;
const LONG_MS = 2000;
const MANUAL = 'heapwright.collections.manual';

const LARGE =
  'Counting would hold the program up for seconds, since its heap is large. It is done when you press Count Now.';

const NOTHING: Omit<CollectionsState, 'attached' | 'automatic'> = {
  rows: [],
  hidden: 0,
  countedAt: null,
  lastCountMs: null,
  nextCountAt: null,
  activity: null,
  notice: null,
};

/** The living collections of the attached target, counted and followed while somebody looks. */
export class LiveCollections implements vscode.Disposable {
  readonly #slot: TargetSlot;
  readonly #busy: BusyState;
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #onlookers = new Set<Onlooker>();
  #known: KnownPlaces = new Map();
  #watch: CensusWatch | null = null;
  #timer: NodeJS.Timeout | undefined;
  #linger: NodeJS.Timeout | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(slot: TargetSlot, busy: BusyState, memory: vscode.Memento) {
    this.#slot = slot;
    this.#busy = busy;
    this.#memory = memory;
    this.#subscriptions = [this.#changed, slot.onDidChange(() => this.#targetChanged())];
  }

  get state(): CollectionsState {
    const state = this.#watch?.state ?? NOTHING;
    return {
      ...state,
      attached: this.#slot.current !== null,
      automatic: this.automatic,
      nextCountAt: this.automatic && !this.#isLong ? state.nextCountAt : null,
      notice:
        state.notice ?? (this.#isLarge && state.countedAt === null && state.activity === null ? LARGE : null),
    };
  }

  get rows(): readonly LivingCollection[] {
    return this.#watch?.rows ?? [];
  }

  /** Whether it counts again by itself; remembered for the workspace. */
  get automatic(): boolean {
    return !this.#memory.get(MANUAL, false);
  }

  async setAutomatic(on: boolean): Promise<void> {
    await this.#memory.update(MANUAL, !on);
    this.#changed.fire();
  }

  /** From now on somebody looks there, or nobody does any more. */
  look(onlooker: Onlooker, looks: boolean): void {
    if (looks === this.#onlookers.has(onlooker)) return;
    if (looks) this.#onlookers.add(onlooker);
    else this.#onlookers.delete(onlooker);
    clearTimeout(this.#linger);
    if (this.#onlookers.size === 0) this.#linger = setTimeout(() => this.#leave(), LINGER_MS);
    else this.#schedule(0);
  }

  /** Counts now, after what is under way. */
  async count(): Promise<void> {
    await this.#watchOf(requireTarget(this.#slot.current)).refresh('aloud');
  }

  /** Lets `find` find out who holds what, while nothing else is asked of the target. */
  async locate(
    find: (target: AttachedTarget, objectIds: () => Promise<readonly number[]>) => Promise<Located>,
  ): Promise<void> {
    const target = requireTarget(this.#slot.current);
    await this.#watchOf(target).locate((objectIds) => find(target, objectIds));
  }

  /** Somebody found out who holds collections of the attached target: they are named, and followed if it is looked. */
  async learn(found: readonly (KnownCollection & { readonly place: CollectionPlace })[]): Promise<void> {
    for (const { objectId, place } of found) this.#known.set(objectId, place);
    if (this.#onlookers.size > 0 && this.#slot.current) await this.#watchOf(this.#slot.current).follow(found);
  }

  #watchOf(target: AttachedTarget): CensusWatch {
    this.#watch ??= new CensusWatch(target.session, this.#known, () => this.#changed.fire());
    return this.#watch;
  }

  #targetChanged(): void {
    this.#known = new Map();
    this.#leave();
    this.#schedule(0);
  }

  /** Nothing stays in the target. */
  #leave(): void {
    clearTimeout(this.#timer);
    this.#watch?.dispose();
    this.#watch = null;
    this.#changed.fire();
  }

  #schedule(pauseMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#turn(), pauseMs);
  }

  async #turn(): Promise<void> {
    const target = this.#slot.current;
    if (!target || this.#onlookers.size === 0) return;
    // A snapshot or a hunt wants the target for itself.
    if (this.#busy.current) {
      this.#schedule(BUSY_PAUSE_MS);
      return;
    }
    const watch = this.#watchOf(target);
    const pauseMs = await watch.refresh(this.#due(watch));
    if (this.#watch === watch) this.#schedule(pauseMs);
  }

  /** Whoever opens the tab sees something; from then on it is counted anew in between. */
  #due(watch: CensusWatch): 'aloud' | 'silently' | null {
    if (!this.#onlookers.has('tab')) return null;
    if (watch.state.countedAt === null) return this.#isLarge ? null : 'aloud';
    return this.automatic && !this.#isLong && Date.now() >= watch.nextCountAt ? 'silently' : null;
  }

  get #isLarge(): boolean {
    return (this.#slot.current?.history.last?.heapUsed ?? 0) > LARGE_HEAP;
  }

  get #isLong(): boolean {
    return (this.#watch?.state.lastCountMs ?? 0) > LONG_MS;
  }

  dispose(): void {
    this.#onlookers.clear();
    clearTimeout(this.#linger);
    this.#leave();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

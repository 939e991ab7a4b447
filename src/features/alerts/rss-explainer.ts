import * as vscode from 'vscode';
import { workersOf } from '../../inspector/discovery/worker-threads';
import { explainRss, unaccounted, type WorkerHeaps } from '../../leaks/rss-growth';
import type { MemorySample } from '../../protocol/samples';
import type { AttachedTarget } from '../attach/attached-target';
import type { TargetSlot } from '../attach/target-slot';

/** How much of the past is explained, and how often, ms. */
const WINDOW_MS = 600_000;
const EVERY_MS = 10_000;

/** Says in words why the attached process takes more and more memory while its heap does not. */
export class RssExplainer implements vscode.Disposable {
  readonly #slot: TargetSlot;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #explainedAt = 0;
  #explanation: string | null = null;

  readonly onDidChange = this.#changed.event;

  constructor(slot: TargetSlot) {
    this.#slot = slot;
    this.#subscriptions = [
      this.#changed,
      slot.onDidChange(() => {
        this.#explainedAt = 0;
        this.#set(null);
      }),
      slot.onSample((sample) => void this.#explain(sample)),
    ];
  }

  /** One sentence, or null when there is nothing to explain. */
  get explanation(): string | null {
    return this.#explanation;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #explain({ at }: MemorySample): Promise<void> {
    const target = this.#slot.current;
    if (!target || at - this.#explainedAt < EVERY_MS) return;
    this.#explainedAt = at;
    const from = Math.max(at - WINDOW_MS, target.restarts.at(-1) ?? 0);
    const samples = target.history.since(from);
    if (explainRss(samples, null) === null) return this.#set(null);
    const workers = await this.#workers(target, samples);
    if (this.#slot.current === target) this.#set(explainRss(samples, workers));
  }

  /** Asked only when much of the growth is nowhere else. */
  async #workers(target: AttachedTarget, samples: readonly MemorySample[]): Promise<WorkerHeaps | null> {
    const [first, last] = [samples[0]!, samples.at(-1)!];
    if (unaccounted(last) - unaccounted(first) < (last.rss - first.rss) / 5) return null;
    const workers = await workersOf(target.session.connection).catch(() => []);
    return { count: workers.length, bytes: workers.reduce((sum, { heapUsed }) => sum + (heapUsed ?? 0), 0) };
  }

  #set(explanation: string | null): void {
    if (explanation === this.#explanation) return;
    this.#explanation = explanation;
    this.#changed.fire();
  }
}

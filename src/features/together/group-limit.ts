import { findMemoryLimit, type MemoryLimit } from '../../inspector/memory-limit';
import type { TogetherState } from '../../protocol/together';
import { readSettings } from '../workbench/settings';

/** What several processes may take together: the setting, else the limit of their container, else the machine's memory. */
export class GroupLimit {
  readonly #known = new Map<number, MemoryLimit | null>();

  /** The least limit among those that are known by now; others are asked for meanwhile. */
  of(pids: readonly number[]): TogetherState['limit'] {
    const set = readSettings().memoryLimitBytes;
    if (set > 0) return { bytes: set, source: 'setting' };
    for (const pid of this.#known.keys()) if (!pids.includes(pid)) this.#known.delete(pid);
    for (const pid of pids) if (!this.#known.has(pid)) void this.#ask(pid);
    const limits = [...this.#known.values()].filter((limit) => limit !== null);
    return limits.sort((a, b) => a.bytes - b.bytes)[0] ?? null;
  }

  async #ask(pid: number): Promise<void> {
    this.#known.set(pid, null);
    const limit = await findMemoryLimit(pid);
    if (this.#known.has(pid)) this.#known.set(pid, limit);
  }
}

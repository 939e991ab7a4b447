import type { InspectorAddress } from '../../protocol/targets';
import { listInspectorTargets } from './inspector-endpoint';

/** An inspector on this machine answers within a few ms; a port that does not is none. */
const PROBE_TIMEOUT_MS = 800;

/** A port that was asked so often is no inspector. An inspector that has just opened may list no program yet. */
const MOST_REFUSALS = 3;

/**
 * Remembers which ports of a process are no inspectors, so that a list that is made anew every other second does not
 * go on asking a program's own server what it is.
 */
export class InspectorProbe {
  /** By process and start: port → how often it was asked in vain. */
  readonly #refusals = new Map<string, Map<number, number>>();

  /** The open inspector among the ports that a process listens on, or null. */
  async find(
    pid: number,
    startedAt: number | null,
    ports: readonly InspectorAddress[],
    signal?: AbortSignal,
  ): Promise<InspectorAddress | null> {
    const key = `${pid}@${startedAt === null ? '' : Math.round(startedAt / 1000)}`;
    const refusals = this.#refusals.get(key) ?? new Map<number, number>();
    this.#refusals.set(key, refusals);
    const open = new Set(ports.map(({ port }) => port));
    // A port that was closed and opened again may be somebody else's.
    for (const port of refusals.keys()) if (!open.has(port)) refusals.delete(port);
    const asked = ports.filter(({ port }) => (refusals.get(port) ?? 0) < MOST_REFUSALS);
    const found = await firstInspector(asked, signal);
    if (!signal?.aborted) {
      for (const { port } of asked) {
        if (port !== found?.port) refusals.set(port, (refusals.get(port) ?? 0) + 1);
      }
    }
    return found;
  }

  /** Forgets processes that are gone. */
  forgetOthers(pids: readonly number[]): void {
    const alive = new Set(pids.map(String));
    for (const key of this.#refusals.keys()) if (!alive.has(key.split('@')[0]!)) this.#refusals.delete(key);
  }
}

/** The first of `addresses` where an inspector answers, or null. */
export async function firstInspector(
  addresses: readonly InspectorAddress[],
  signal?: AbortSignal,
): Promise<InspectorAddress | null> {
  const answers = await Promise.all(
    addresses.map((address) =>
      listInspectorTargets(address, { signal, timeoutMs: PROBE_TIMEOUT_MS }).then(
        (targets) => (targets.length > 0 ? address : null),
        () => null,
      ),
    ),
  );
  return answers.find((address) => address !== null) ?? null;
}

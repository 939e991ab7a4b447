import type { InspectorAddress } from '../../protocol/targets';
import { listInspectorTargets } from './inspector-endpoint';

/** An inspector on this machine answers within a few ms; a port that does not is none. */
const PROBE_TIMEOUT_MS = 800;

/**
 * Remembers which ports of a process are inspectors, so that a list that is made anew every other second asks a
 * program's own server only once in its life what it is.
 */
export class InspectorProbe {
  /** By process and start: port → whether an inspector answered there. */
  readonly #known = new Map<string, Map<number, boolean>>();

  /** The open inspector among the ports that a process listens on, or null. An open one is asked each time. */
  async find(
    pid: number,
    startedAt: number | null,
    ports: readonly InspectorAddress[],
    signal?: AbortSignal,
  ): Promise<InspectorAddress | null> {
    const key = `${pid}@${startedAt === null ? '' : Math.round(startedAt / 1000)}`;
    const known = this.#known.get(key) ?? new Map<number, boolean>();
    this.#known.set(key, known);
    const open = new Set(ports.map(({ port }) => port));
    // A port that was closed and opened again may be somebody else's.
    for (const port of known.keys()) if (!open.has(port)) known.delete(port);
    const found = await firstInspector(
      ports.filter(({ port }) => known.get(port) !== false),
      signal,
    );
    for (const { port } of ports) if (!known.get(port)) known.set(port, port === found?.port);
    return found;
  }

  /** Forgets processes that are gone. */
  forgetOthers(pids: readonly number[]): void {
    const alive = new Set(pids.map(String));
    for (const key of this.#known.keys()) if (!alive.has(key.split('@')[0]!)) this.#known.delete(key);
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

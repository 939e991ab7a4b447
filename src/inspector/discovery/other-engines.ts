import psList from 'ps-list';
import type { InspectorAddress, LocalProcess, OtherTarget } from '../../protocol/targets';
import { type InspectorListing, listInspectorTargets } from './inspector-endpoint';

/** Where Chrome and Deno listen unless they are told otherwise. */
const USUAL_PORTS = [9222, 9229];
/** The list of all processes is dear on some systems: not at every look. */
const PORTS_KEPT_MS = 10_000;
const PROBE_TIMEOUT_MS = 500;

/** Kinds of targets that have a heap of JavaScript to look into; others are frames of a page, or the browser itself. */
const KINDS: Readonly<Record<string, string>> = {
  page: 'Tab',
  deno: 'Deno',
  worker: 'Web worker',
  shared_worker: 'Shared worker',
  service_worker: 'Service worker',
};

/**
 * Targets on this machine that speak V8's inspector protocol and are no Node processes: tabs of a Chrome that was
 * started with `--remote-debugging-port`, Deno with `--inspect`. They are found by their usual ports and by the options
 * of processes that run.
 */
export class OtherEngines {
  #ports: readonly number[] = USUAL_PORTS;
  #portsAt = Number.NEGATIVE_INFINITY;

  /** @param nodes The Node processes that are known: their inspectors are none of these. */
  async list(nodes: readonly LocalProcess[], signal?: AbortSignal): Promise<OtherTarget[]> {
    if (performance.now() - this.#portsAt > PORTS_KEPT_MS) {
      this.#ports = [...new Set([...USUAL_PORTS, ...(await debuggingPorts())])];
      this.#portsAt = performance.now();
    }
    const taken = new Set(nodes.map(({ inspector }) => inspector?.port));
    const addresses = this.#ports
      .filter((port) => !taken.has(port))
      .map((port): InspectorAddress => ({ host: '127.0.0.1', port }));
    const found = await Promise.all(addresses.map((address) => targetsAt(address, signal)));
    return found.flat();
  }
}

/** The ports that browsers and Deno were told to listen on, as far as their command lines say. */
async function debuggingPorts(): Promise<number[]> {
  const processes = await psList().catch(() => []);
  return processes.flatMap(({ name, cmd = '' }) => {
    if (!/deno|chrom|edge|brave|opera/i.test(name)) return [];
    const port = /--(?:remote-debugging-port|inspect(?:-brk|-wait)?)=(?:[^\s:]*:)?(\d{2,5})(?=\s|$)/.exec(
      cmd,
    )?.[1];
    return port ? [Number(port)] : [];
  });
}

async function targetsAt(address: InspectorAddress, signal?: AbortSignal): Promise<OtherTarget[]> {
  const listings = await listInspectorTargets(address, { signal, timeoutMs: PROBE_TIMEOUT_MS }).catch(
    () => [],
  );
  return listings.flatMap((listing) => toTarget(listing, address));
}

function toTarget(
  { id, type, description, title, url, webSocketDebuggerUrl }: InspectorListing,
  { host, port }: InspectorAddress,
): OtherTarget[] {
  const kind = KINDS[description === 'deno' ? description : type];
  // A browser's own pages are of interest to nobody.
  if (!kind || /^(devtools|chrome-extension|chrome):/.test(url)) return [];
  const { pathname } = new URL(webSocketDebuggerUrl);
  return [{ id, kind, title: title || url, page: url, port, url: `ws://${host}:${port}${pathname}` }];
}

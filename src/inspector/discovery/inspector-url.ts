import { HeapwrightError } from '../../protocol/errors';
import type { InspectorAddress } from '../../protocol/targets';
import { type InspectorListing, listInspectorTargets, notAnInspector } from './inspector-endpoint';

/** An inspector's target, ready to be connected to. */
export interface ResolvedInspector {
  /** `ws://host:port/id` */
  readonly url: string;
  readonly address: InspectorAddress;
  readonly title: string;
}

/**
 * Turns what a person typed into the URL of a target: a `ws://` URL, `http://host:port`, a `devtools://` link,
 * `host:port` or a port of this machine.
 * @throws `bad-argument`, `host-not-loopback` (unless `allowRemote`), `not-an-inspector`, `cancelled`.
 */
export async function resolveInspectorUrl(
  input: string,
  options: { signal?: AbortSignal; allowRemote?: boolean; timeoutMs?: number } = {},
): Promise<ResolvedInspector> {
  const { address, path } = parse(input);
  if (!options.allowRemote && !isLoopbackHost(address.host)) throw remoteHost(address.host);
  if (path !== '') {
    return { url: `ws://${bracketed(address.host)}:${address.port}${path}`, address, title: input.trim() };
  }
  const listings = await listInspectorTargets(address, options);
  const chosen = choose(listings);
  if (!chosen) throw notAnInspector(address, 'it lists no program to attach to');
  // The list names the host it was bound to (0.0.0.0, a container's address); the one we reached is the one to use.
  const { pathname } = new URL(chosen.webSocketDebuggerUrl);
  const url = `ws://${bracketed(address.host)}:${address.port}${pathname}`;
  return { url, address, title: chosen.title };
}

/** What the list of an inspector calls the target at `url`; null where it has no such, or cannot be asked. */
export async function listedTitle(
  { url, address }: Pick<ResolvedInspector, 'url' | 'address'>,
  options: { signal?: AbortSignal; timeoutMs?: number },
): Promise<string | null> {
  const listings = await listInspectorTargets(address, options).catch(() => []);
  const { pathname } = new URL(url);
  const listed = listings.find((each) => new URL(each.webSocketDebuggerUrl).pathname === pathname);
  return listed?.title || null;
}

/** True when `input` (any form {@link resolveInspectorUrl} takes) points at this machine; a bare port does. */
export function isLoopback(input: string): boolean {
  try {
    return isLoopbackHost(parse(input).address.host);
  } catch {
    return true;
  }
}

/** 127.0.0.0/8, ::1 and localhost. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Node lists one target; Chrome lists pages, workers and extensions, of which a page is what is meant. */
function choose(listings: readonly InspectorListing[]): InspectorListing | undefined {
  return (
    listings.find(({ type }) => type === 'node') ??
    listings.find(({ type }) => type === 'page') ??
    listings[0]
  );
}

/** Splits input into the address and, for a URL that names its target, the path; '' when it has to be asked for. */
function parse(input: string): { address: InspectorAddress; path: string } {
  const text = input.trim();
  if (/^\d{1,5}$/.test(text))
    return { address: { host: '127.0.0.1', port: checkPort(Number(text), input) }, path: '' };
  if (text.startsWith('devtools://')) {
    const target = /[?&]wss?=([^&]+)/.exec(text)?.[1];
    if (target) return parse(`ws://${decodeURIComponent(target)}`);
    throw badUrl(input);
  }
  const withScheme = /^[a-z][a-z+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  let url: URL;
  try {
    url = new URL(withScheme);
  } catch {
    throw badUrl(input);
  }
  if (!['ws:', 'wss:', 'http:', 'https:'].includes(url.protocol) || url.port === '') throw badUrl(input);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const path = url.protocol.startsWith('ws') && url.pathname !== '/' ? url.pathname : '';
  return { address: { host, port: checkPort(Number(url.port), input) }, path };
}

function checkPort(port: number, input: string): number {
  if (port >= 1 && port <= 65_535) return port;
  throw badUrl(input);
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function badUrl(input: string): HeapwrightError {
  return new HeapwrightError(
    'bad-argument',
    `“${input}” is no inspector address.`,
    'Use the URL that Node printed after "Debugger listening on", or host:port, or a port such as 9229.',
  );
}

function remoteHost(host: string): HeapwrightError {
  return new HeapwrightError(
    'host-not-loopback',
    `${host} is another machine.`,
    'The inspector protocol is not encrypted: use an SSH tunnel to a port of this machine, or confirm the host.',
  );
}

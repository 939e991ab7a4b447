// Runs in the thread of module hooks of Node 18.19 to 22.14; see es-modules.ts.
import type { MessagePort } from 'node:worker_threads';
import { beginSource, isBeginning, originalText, withMarks } from './es-source';

interface Loaded {
  readonly format?: string | null;
  readonly source?: string | ArrayBuffer | Uint8Array | null;
}
type Next<Result> = (name: string, context: object) => Promise<Result>;

let port: MessagePort | undefined;

export function initialize(data: { readonly port: MessagePort }): void {
  port = data.port;
}

export async function resolve(
  name: string,
  context: { readonly parentURL?: string },
  next: Next<{ readonly url: string }>,
): Promise<{ readonly url: string }> {
  if (isBeginning(name)) return { url: name, format: 'module', shortCircuit: true } as { url: string };
  const resolved = await next(name, context);
  if (context.parentURL) port?.postMessage([context.parentURL, resolved.url]);
  return resolved;
}

export async function load(url: string, context: object, next: Next<Loaded>): Promise<Loaded> {
  if (isBeginning(url)) return { format: 'module', source: beginSource(url), shortCircuit: true } as Loaded;
  const loaded = await next(url, context);
  const text = originalText(loaded);
  return text === null || !url.startsWith('file:') ? loaded : { ...loaded, source: withMarks(text, url) };
}

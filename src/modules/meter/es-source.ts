/** The key of the meter's one global, which no enumeration of globals shows. */
export const METER = 'heapwright.module-meter';

const BEGINNING = 'heapwright-begin:';

/** An import that {@link withMarks} has written. */
export function isBeginning(specifier: string): boolean {
  return specifier.startsWith(BEGINNING);
}

/**
 * An ES module's text with two marks at its end, where no line or column of it moves. The import runs after all others,
 * just before the module's own body; the call behind it when the body has ended. A module of a package gives itself.
 */
export function withMarks(text: string, url: string): string {
  const begin = `${BEGINNING}${text.length}:${encodeURIComponent(url)}`;
  const marked = `${text}\n;import ${JSON.stringify(begin)};`;
  if (!/[\\/]node_modules[\\/]/.test(url)) return `${marked}${call('end', [url])}`;
  return `${marked}import * as ${OWN} from ${JSON.stringify(url)};${call('end', [url], OWN)}`;
}

/** What a module of an installed package exports, by a name that nobody else has. */
const OWN = 'heapwright$own';

/** The module behind the import of {@link withMarks}. */
export function beginSource(specifier: string): string {
  const [, characters = '0', url = ''] = /^[^:]*:(\d+):(.*)$/.exec(specifier) ?? [];
  return call('begin', [decodeURIComponent(url), Number(characters)]);
}

function call(method: string, values: readonly unknown[], name?: string): string {
  const list = [...values.map((value) => JSON.stringify(value)), ...(name ? [name] : [])].join(', ');
  return `globalThis[Symbol.for(${JSON.stringify(METER)})]?.${method}(${list});`;
}

/** The text of what a `load` hook returned, if it is an ES module; TypeScript is stripped after the hooks. */
export function originalText({
  format,
  source,
}: {
  readonly format?: string | null;
  readonly source?: string | ArrayBuffer | Uint8Array | null;
}): string | null {
  if ((format !== 'module' && format !== 'module-typescript') || source === null || source === undefined)
    return null;
  return typeof source === 'string' ? source : new TextDecoder().decode(source);
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AnyMap, originalPositionFor, type TraceMap } from '@jridgewell/trace-mapping';
import type { ScriptRecord } from '../protocol/targets';
import { scriptBaseUrl, scriptFile } from './script-files';

/** A place in an original source: line from one, column from zero, as source maps count. */
export interface OriginalPlace {
  /** Absolute path where the file exists on this disk, else null. */
  readonly file: string | null;
  /** As the map names the source, resolved against the map. */
  readonly source: string;
  readonly line: number;
  readonly column: number;
  /** The name before minifying, when the map keeps it. */
  readonly name: string | null;
}

/** The source map of one script, with its sources resolved to files. */
export class ScriptSourceMap {
  readonly #map: TraceMap;
  readonly #mapUrl: string;
  readonly #folder: string | null;
  readonly #files = new Map<string, string | null>();

  /** @param folder Where sources are looked for, in it and upward, when the map's own URL is no file's. */
  constructor(map: TraceMap, mapUrl: string, folder: string | null = null) {
    this.#map = map;
    this.#mapUrl = mapUrl;
    this.#folder = folder;
  }

  /** Looks a generated place up (both counted from zero). Null where the map says nothing. */
  find(line: number, column: number): OriginalPlace | null {
    const found = originalPositionFor(this.#map, { line: line + 1, column });
    if (found.source === null) return null;
    return {
      file: this.#fileOf(found.source),
      source: found.source,
      line: found.line,
      column: found.column,
      name: found.name,
    };
  }

  /** The sources that exist on this disk. */
  files(): string[] {
    return this.#map.resolvedSources.flatMap((source) => (source && this.#fileOf(source)) ?? []);
  }

  #fileOf(source: string): string | null {
    let file = this.#files.get(source);
    if (file === undefined) {
      const mapFile = scriptFile(this.#mapUrl);
      file = findSourceFile(source, mapFile === null ? this.#folder : path.dirname(mapFile));
      this.#files.set(source, file);
    }
    return file;
  }
}

/**
 * Reads the source map that a script names: inline as `data:`, or a file beside it; plain or with sections.
 * Null when there is none, it cannot be read, or it is no source map: then the generated place is what we have.
 * @param folder Of the program, for a script that has no file: the modules of a bundle that are evaluated one by one.
 */
export async function loadSourceMap(
  script: ScriptRecord,
  folder: string | null = null,
): Promise<ScriptSourceMap | null> {
  if (!script.sourceMapUrl) return null;
  const base = scriptBaseUrl(script.url);
  try {
    if (script.sourceMapUrl.startsWith('data:')) {
      const mapUrl = base ?? script.url;
      return new ScriptSourceMap(
        AnyMap(decodeDataUrl(script.sourceMapUrl), base ?? 'file:///'),
        mapUrl,
        folder,
      );
    }
    if (base === null) return null;
    const mapUrl = new URL(script.sourceMapUrl.replaceAll('\\', '/'), base).href;
    const file = scriptFile(mapUrl);
    if (file === null) return null;
    // Some servers' maps begin with a line against JSON hijacking; the specification allows it.
    const text = (await readFile(file, 'utf8')).replace(/^\)\]\}'[^\n]*\n/, '');
    return new ScriptSourceMap(AnyMap(text, mapUrl), mapUrl);
  } catch {
    return null;
  }
}

function decodeDataUrl(url: string): string {
  const comma = url.indexOf(',');
  const payload = url.slice(comma + 1);
  return /;base64$/i.test(url.slice(0, comma))
    ? Buffer.from(payload, 'base64').toString('utf8')
    : decodeURIComponent(payload);
}

/** Bundlers write `webpack://name/./src/a.ts` and the like: then the path is tried below the folders upward. */
function findSourceFile(source: string, below: string | null): string | null {
  const direct = scriptFile(source);
  if (direct !== null) return existsSync(direct) ? path.normalize(direct) : null;
  const bundled = /^(?:webpack|ng|rollup|vite|turbopack|parcel)[^:]*:\/\/(?:[^/]*)\/(.*)$/.exec(source);
  if (!bundled || below === null) return null;
  const relative = bundled[1]!.replace(/\?.*$/, '');
  for (let folder = below; ; folder = path.dirname(folder)) {
    const candidate = path.resolve(folder, relative);
    if (existsSync(candidate)) return candidate;
    if (folder === path.dirname(folder)) return null;
  }
}

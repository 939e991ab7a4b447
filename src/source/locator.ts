import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ScriptLocation } from '../protocol/snapshot';
import type { SourcePosition } from '../protocol/source';
import type { ScriptRecord } from '../protocol/targets';
import { isInternalScript, scriptFile } from './script-files';
import { loadSourceMap, type ScriptSourceMap } from './source-maps';
import { ScriptSyntax } from './syntax';

export interface LocatorOptions {
  /** The text of a script that no file holds, asked of the living target; null when it is gone. */
  readonly readScript?: (scriptId: number) => Promise<string | null>;
}

/** A position and, where a map keeps it, the name that stood there before minifying. */
export interface NamedPosition extends SourcePosition {
  readonly originalName: string | null;
}

/**
 * Turns V8's script locations into places a person can open. Built from the script table of one capture; texts,
 * parses and source maps are read once, when first needed, and belong to this object.
 */
export class SourceLocator {
  readonly #scripts: ReadonlyMap<number, ScriptRecord>;
  readonly #options: LocatorOptions;
  readonly #maps = new Map<number, Promise<ScriptSourceMap | null>>();
  readonly #syntax = new Map<number, Promise<ScriptSyntax | null>>();

  constructor(scripts: readonly ScriptRecord[], options: LocatorOptions = {}) {
    this.#scripts = new Map(scripts.map((script) => [script.scriptId, script]));
    this.#options = options;
  }

  /** The record of a script, if the table knows it. */
  script(scriptId: number): ScriptRecord | undefined {
    return this.#scripts.get(scriptId);
  }

  /** All ids of scripts that a user could have written or installed, the user's own before packages. */
  userScripts(): number[] {
    const isPackage = ({ url }: ScriptRecord) => Number(/[\\/]node_modules[\\/]/.test(url));
    return [...this.#scripts.values()]
      .filter((script) => !isInternalScript(script.url))
      .sort((a, b) => isPackage(a) - isPackage(b))
      .map((script) => script.scriptId);
  }

  /** All ids of Node's own scripts. */
  internalScripts(): number[] {
    return [...this.#scripts.values()]
      .filter(({ url }) => isInternalScript(url))
      .map(({ scriptId }) => scriptId);
  }

  /** The other scripts of a script's package: those of the same folder below `node_modules`, or of none. */
  scriptsBeside(scriptId: number): number[] {
    const packageFolder = (id: number) =>
      /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(this.#scripts.get(id)?.url ?? '')?.[0] ?? '';
    const own = packageFolder(scriptId);
    return this.userScripts().filter((id) => id !== scriptId && packageFolder(id) === own);
  }

  /** The newest script of a file, named by URL or path as stack frames name it. */
  scriptOf(file: string): number | null {
    const wanted = scriptFile(file) ?? file;
    for (const script of [...this.#scripts.values()].reverse()) {
      if ((scriptFile(script.url) ?? script.url) === wanted) return script.scriptId;
    }
    return null;
  }

  /** False for Node's own code and for scripts that the table does not name. */
  isUserScript(scriptId: number): boolean {
    const script = this.#scripts.get(scriptId);
    return script !== undefined && !isInternalScript(script.url);
  }

  /**
   * The original place behind a location. Without a source map, or when the original file is not on this disk,
   * it is the place in the script that ran. Null for Node's own code and unknown scripts.
   */
  async position(location: ScriptLocation): Promise<NamedPosition | null> {
    const script = this.#scripts.get(location.scriptId);
    if (!script || isInternalScript(script.url)) return null;
    const file = scriptFile(script.url) ?? script.url;
    const generated = { file, line: location.line + 1, column: location.column + 1 };
    const map = await this.#map(script);
    const original = map?.find(location.line, location.column) ?? null;
    if (!original || (original.file === null && existsSync(file))) {
      return { ...generated, originalName: original?.name ?? null };
    }
    return {
      file: original.file ?? original.source,
      line: original.line,
      column: original.column + 1,
      generated,
      originalName: original.name,
    };
  }

  /** The parsed script, or null when its text cannot be had or is beyond parsing. */
  syntax(scriptId: number): Promise<ScriptSyntax | null> {
    let syntax = this.#syntax.get(scriptId);
    if (!syntax) {
      syntax = this.#parse(scriptId);
      this.#syntax.set(scriptId, syntax);
    }
    return syntax;
  }

  /** The text that V8 ran; null for Node's own code and for what can no longer be had. */
  async text(scriptId: number): Promise<string | null> {
    const script = this.#scripts.get(scriptId);
    if (!script || isInternalScript(script.url)) return null;
    if (script.source !== undefined) return script.source;
    const file = scriptFile(script.url);
    const text = file === null ? null : await readFile(file, 'utf8').catch(() => null);
    // A script that names a map which its file does not was transformed by a loader when it was read.
    const isAsRun = text !== null && (script.sourceMapUrl === '' || text.includes('sourceMappingURL'));
    return isAsRun ? text : ((await this.#options.readScript?.(scriptId)) ?? text);
  }

  async #parse(scriptId: number): Promise<ScriptSyntax | null> {
    const text = await this.text(scriptId);
    const url = this.#scripts.get(scriptId)?.url ?? '';
    return text === null ? null : await ScriptSyntax.parse(text, scriptFile(url) ?? url);
  }

  /** Where the first file of the program's own lies. */
  #programFolder(): string | null {
    for (const id of this.userScripts()) {
      const file = scriptFile(this.#scripts.get(id)!.url);
      if (file !== null) return path.dirname(file);
    }
    return null;
  }

  #map(script: ScriptRecord): Promise<ScriptSourceMap | null> {
    let map = this.#maps.get(script.scriptId);
    if (!map) {
      map = loadSourceMap(script, this.#programFolder());
      this.#maps.set(script.scriptId, map);
    }
    return map;
  }
}

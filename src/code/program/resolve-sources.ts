import * as path from 'node:path';
import ts from 'typescript';
import { packageName } from '../module-size/specifiers';
import { aliasesOf } from './package-aliases';

/** What stands behind a name without extension, in the order that TypeScript and bundlers try. */
const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
/** Where a package keeps the sources of what it publishes from elsewhere. */
const SOURCE_FOLDERS = ['', 'src', 'lib', 'source'];

/** One `paths` entry of a tsconfig.json, or an alias of a package.json: `@app/*` → folders. */
export interface PathMapping {
  readonly pattern: string;
  readonly targets: readonly string[];
}

/**
 * Resolves imports among the sources of a project, and nothing else: what packages hold is of no interest to the
 * detectors. Knows relative names with and without extension, `.js` that means `.ts`, `paths` and `baseUrl` of the
 * nearest tsconfig.json, aliases of the nearest package.json, and the names of the workspace's own packages.
 */
export class SourceResolver {
  readonly #files: ReadonlySet<string>;
  readonly #packages: ReadonlyMap<string, string>;
  readonly #mappings = new Map<string, readonly PathMapping[]>();
  readonly #byConfig = new Map<string, readonly PathMapping[]>();

  /** @param packages Name → folder of the packages whose sources are among `files`. */
  constructor(files: ReadonlySet<string>, packages: ReadonlyMap<string, string>) {
    this.#files = files;
    this.#packages = packages;
  }

  /** The source that `specifier` means in `from`; null for packages and what is not there. */
  resolve(specifier: string, from: string): string | null {
    if (specifier.startsWith('.')) return this.#source(path.resolve(path.dirname(from), specifier));
    for (const { pattern, targets } of this.#mappingsOf(path.dirname(from))) {
      const rest = matched(specifier, pattern);
      if (rest === null) continue;
      for (const target of targets) {
        const found = this.#source(target.replace('*', rest));
        if (found) return found;
      }
    }
    const name = packageName(specifier);
    const folder = this.#packages.get(name);
    if (folder === undefined) return null;
    const inner = specifier.slice(name.length + 1) || 'index';
    for (const base of SOURCE_FOLDERS) {
      const found = this.#source(path.join(folder, base, inner));
      if (found) return found;
    }
    return null;
  }

  #source(target: string): string | null {
    if (this.#files.has(target)) return target;
    const stem = target.replace(/\.([cm]?)jsx?$/, '');
    if (stem !== target) {
      for (const ending of ENDINGS) if (this.#files.has(stem + ending)) return stem + ending;
    }
    for (const ending of ENDINGS) if (this.#files.has(target + ending)) return target + ending;
    for (const ending of ENDINGS) {
      const index = path.join(target, `index${ending}`);
      if (this.#files.has(index)) return index;
    }
    return null;
  }

  #mappingsOf(folder: string): readonly PathMapping[] {
    const known = this.#mappings.get(folder);
    if (known) return known;
    const mappings = [
      ...this.#nearest(folder, 'package.json', aliasesOf),
      ...this.#nearest(folder, 'tsconfig.json', readMappings),
    ];
    this.#mappings.set(folder, mappings);
    return mappings;
  }

  /** What the nearest file of that name says, in the folder or above. */
  #nearest(folder: string, name: string, readFrom: (file: string) => PathMapping[]): readonly PathMapping[] {
    const file = path.join(folder, name);
    const known = this.#byConfig.get(file);
    if (known) return known;
    const parent = path.dirname(folder);
    const found = ts.sys.fileExists(file)
      ? readFrom(file)
      : parent === folder
        ? []
        : this.#nearest(parent, name, readFrom);
    this.#byConfig.set(file, found);
    return found;
  }
}

function matched(specifier: string, pattern: string): string | null {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return specifier === pattern ? '' : null;
  const fits =
    specifier.length >= before.length + after.length &&
    specifier.startsWith(before) &&
    specifier.endsWith(after);
  return fits ? specifier.slice(before.length, specifier.length - after.length) : null;
}

/** `paths` and `baseUrl` of a tsconfig.json and of what it extends by a relative name. */
function readMappings(config: string, depth = 0): PathMapping[] {
  const { config: parsed } = ts.readConfigFile(config, ts.sys.readFile) as {
    config?: { extends?: unknown; compilerOptions?: { paths?: Record<string, string[]>; baseUrl?: string } };
  };
  if (!parsed) return [];
  const folder = path.dirname(config);
  const { paths, baseUrl } = parsed.compilerOptions ?? {};
  const base = path.resolve(folder, typeof baseUrl === 'string' ? baseUrl : '.');
  const mappings = Object.entries(paths ?? {}).map(([pattern, targets]) => ({
    pattern,
    targets: targets.map((target) => path.resolve(base, target)),
  }));
  if (typeof baseUrl === 'string') mappings.push({ pattern: '*', targets: [path.join(base, '*')] });
  const parents = [parsed.extends].flat().filter((one): one is string => typeof one === 'string');
  if (mappings.length > 0 || depth > 5) return mappings;
  return parents
    .filter((one) => one.startsWith('.'))
    .flatMap((one) => {
      const file = path.resolve(folder, one.endsWith('.json') ? one : `${one}.json`);
      return ts.sys.fileExists(file) ? readMappings(file, depth + 1) : [];
    });
}

import * as fs from 'node:fs';
import * as path from 'node:path';

/** The package that a file belongs to. */
export interface ProjectPackage {
  readonly packageJson: string;
  readonly type: 'module' | 'commonjs';
  /** Name → range, over all kinds of dependencies. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** `engines.node`, as it is written. */
  readonly nodeRange: string | null;
}

/** The nearest package.json above a file; null where there is none. */
export function packageOf(file: string): ProjectPackage | null {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const packageJson = path.join(folder, 'package.json');
    const parsed = readJson(packageJson);
    if (parsed) {
      return {
        packageJson,
        type: parsed.type === 'module' ? 'module' : 'commonjs',
        dependencies: Object.assign(
          {},
          ...['peerDependencies', 'optionalDependencies', 'devDependencies', 'dependencies'].map(
            (kind) => parsed[kind] ?? {},
          ),
        ),
        nodeRange: nodeRangeOf(parsed.engines),
      };
    }
    if (path.dirname(folder) === folder) return null;
  }
}

function nodeRangeOf(engines: unknown): string | null {
  if (typeof engines !== 'object' || engines === null || !('node' in engines)) return null;
  return typeof engines.node === 'string' ? engines.node : null;
}

function readJson(file: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The lowest major version that a range such as `>=18`, `^20.1 || 22` allows; null when it cannot be told. */
export function lowestMajor(range: string | null): number | null {
  if (range === null) return null;
  const majors = range
    .split('||')
    .map((part) => /(?:>=|\^|~|>|=|v|\b)\s*(\d+)/.exec(part)?.[1])
    .filter((major) => major !== undefined)
    .map(Number);
  return majors.length === 0 ? null : Math.min(...majors);
}

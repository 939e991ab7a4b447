import * as fs from 'node:fs';
import * as path from 'node:path';
import type { PathMapping } from './resolve-sources';

/**
 * What a package.json says of names within its own sources: `imports` (`#lib/*`, the first file that its conditions name) and the
 * `_moduleAliases` of module-alias. Empty where there is no such file, or it says nothing.
 */
export function aliasesOf(packageJson: string): PathMapping[] {
  const parsed = read(packageJson);
  const folder = path.dirname(packageJson);
  const ofNode = entries(parsed.imports).flatMap(([pattern, value]) =>
    filesIn(value).map((target) => ({ pattern, targets: [path.resolve(folder, target)] })),
  );
  const ofModuleAlias = entries(parsed._moduleAliases).flatMap(([name, target]) =>
    typeof target === 'string'
      ? [
          { pattern: name, targets: [path.resolve(folder, target)] },
          { pattern: `${name}/*`, targets: [path.join(path.resolve(folder, target), '*')] },
        ]
      : [],
  );
  return [...ofNode, ...ofModuleAlias];
}

function read(packageJson: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(fs.readFileSync(packageJson, 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** `'./lib/*.js'`, `{ types, import, require, default }`, nested or not. */
function filesIn(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('.') ? [value] : [];
  return entries(value).flatMap(([, inner]) => filesIn(inner));
}

import * as path from 'node:path';
import { readJson } from './package';
import type { PathMapping } from './resolve-sources';

/**
 * What a package.json says of names within its own sources: `imports` (`#lib/*`, the first file that its conditions name) and the
 * `_moduleAliases` of module-alias. Empty where there is no such file, or it says nothing.
 */
export function aliasesOf(packageJson: string): PathMapping[] {
  const parsed = readJson(packageJson) ?? {};
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

function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** `'./lib/*.js'`, `{ types, import, require, default }`, nested or not. */
function filesIn(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('.') ? [value] : [];
  return entries(value).flatMap(([, inner]) => filesIn(inner));
}

import { builtinModules } from 'node:module';
import * as path from 'node:path';

/** True for Node's own modules. */
export function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}

/** `@scope/name` of `@scope/name/deep/file`. */
export function packageName(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? path.posix.join(first, second) : first;
}

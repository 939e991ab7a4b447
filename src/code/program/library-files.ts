import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';

let known: string | null | undefined;

/**
 * The folder with TypeScript's `lib.*.d.ts`: beside the bundle in `typescript-lib`, where the build puts them, or in the
 * package when this runs unbundled. Null where there is neither; then nothing can be checked.
 */
export function libraryFolder(): string | null {
  known ??= find();
  return known;
}

function find(): string | null {
  const bundled = path.join(process.env.HEAPWRIGHT_DIST ?? __dirname, 'typescript-lib');
  if (existsSync(path.join(bundled, 'lib.es5.d.ts'))) return bundled;
  try {
    return path.dirname(createRequire(__filename).resolve('typescript'));
  } catch {
    return null;
  }
}

import { readFileSync } from 'node:fs';
import * as path from 'node:path';

/** The dependencies (not those for development) in the package.json nearest to a file; none where it cannot be read. */
export function dependenciesOf(file: string): Set<string> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    try {
      const { dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
      return new Set(Object.keys(dependencies ?? {}));
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isMissing || folder === path.dirname(folder)) return new Set();
    }
  }
}

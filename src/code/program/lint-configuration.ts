import * as fs from 'node:fs';
import * as path from 'node:path';

const CONFIGURATIONS = [
  'eslint.config.js',
  'eslint.config.mjs',
  'eslint.config.cjs',
  'eslint.config.ts',
  '.eslintrc',
  '.eslintrc.js',
  '.eslintrc.cjs',
  '.eslintrc.json',
  '.eslintrc.yml',
  '.eslintrc.yaml',
];

/**
 * The ESLint rules that would object to `require()` within a function, as far as the text of the nearest configuration
 * shows: a flat configuration is a program, and to run it is not for us.
 */
export function rulesAgainstRequire(file: string): string[] {
  const text = configurationText(path.dirname(file));
  const rules = new Set<string>();
  for (const rule of ['n/global-require', 'node/global-require']) if (text.includes(rule)) rules.add(rule);
  if (rules.size === 0 && /\bglobal-require\b|airbnb/.test(text)) rules.add('global-require');
  if (
    /@?typescript-eslint/.test(text) &&
    !/no-(require-imports|var-requires)['"]?\s*:\s*(['"]off['"]|0)/.test(text)
  ) {
    rules.add('@typescript-eslint/no-require-imports');
  }
  return [...rules];
}

function configurationText(folder: string): string {
  for (let current = folder; ; current = path.dirname(current)) {
    for (const name of CONFIGURATIONS) {
      const text = readIfThere(path.join(current, name));
      if (text !== null) return text;
    }
    const packageJson = readIfThere(path.join(current, 'package.json'));
    if (packageJson?.includes('"eslintConfig"')) return packageJson;
    if (path.dirname(current) === current) return '';
  }
}

function readIfThere(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

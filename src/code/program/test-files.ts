import * as path from 'node:path';
import { packageOf } from './package';

const TEST =
  /[./_-](test|spec|bench|benchmark|e2e)\.[cm]?[jt]sx?$|(^|[\\/])(tests?|specs?|__tests__|__mocks__|__fixtures__|fixtures|benchmarks?|bench|e2e)[\\/]/;

/** Tests and benchmarks fill collections on purpose, and end. Told by the path within the file's package. */
export function isTestFile(file: string): boolean {
  const root = packageOf(file)?.packageJson;
  const inner = root ? path.relative(path.dirname(root), file) : file.split(/[\\/]/).slice(-2).join('/');
  return TEST.test(inner);
}

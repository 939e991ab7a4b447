import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { laterVersion } from '../../../src/leaks/later-version';

describe('a later version that the lock file knows', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapwright-lock-'));
    fs.mkdirSync(path.join(folder, 'packages/app'), { recursive: true });
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const cases: [lockFile: string, text: string][] = [
    [
      'package-lock.json',
      JSON.stringify({
        packages: {
          '': {},
          'node_modules/debug': { version: '4.1.1' },
          'node_modules/a/node_modules/debug': { version: '4.3.4' },
          'node_modules/b/node_modules/debug': { version: '5.0.0-beta.1' },
          'node_modules/other-debug': { version: '9.0.0' },
        },
      }),
    ],
    [
      'pnpm-lock.yaml',
      'packages:\n\n  debug@4.1.1:\n    x: 1\n\n  debug@4.3.4(supports-color@8.1.1):\n    x: 1\n',
    ],
    ['pnpm-lock.yaml', 'packages:\n\n  /debug/4.1.1:\n    x: 1\n\n  /debug/4.3.4:\n    x: 1\n'],
    ['yarn.lock', 'debug@4.1.1:\n  version "4.1.1"\n\ndebug@^4.2.0, debug@^4.3.0:\n  version "4.3.4"\n'],
    ['yarn.lock', '"debug@npm:^4.3.0":\n  version: 4.3.4\n'],
  ];
  for (const [lockFile, text] of cases) {
    it(`reads ${lockFile}: ${text.slice(0, 30).replaceAll(/\s+/g, ' ')}`, () => {
      fs.writeFileSync(path.join(folder, lockFile), text);
      const project = path.join(folder, 'packages/app');
      assert.equal(laterVersion('debug', '4.1.1', project), '4.3.4');
      assert.equal(laterVersion('debug', '4.3.4', project), null);
      assert.equal(laterVersion('unknown', '1.0.0', project), null);
    });
  }
});

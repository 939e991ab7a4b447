import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { type LaunchedTarget, launch } from '../../../src/inspector/launch';
import { readMemory } from '../../../src/inspector/memory';
import { HeapwrightError } from '../../../src/protocol/errors';
import { isAlive, until } from './target-program';

describe('launching', function () {
  this.timeout(120_000);
  let folder: string;
  let launched: LaunchedTarget | undefined;

  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-launch-'));
    await fs.writeFile(
      path.join(folder, 'app.js'),
      'console.log("hello " + String(process.pid)); setInterval(() => {}, 100);',
    );
    await fs.writeFile(
      path.join(folder, 'package.json'),
      '{"scripts":{"serve":"node app.js","broken":"node --no-such-option"}}',
    );
  });
  afterEach(async () => {
    launched?.dispose();
    await fs.rm(folder, { recursive: true, force: true });
  });

  const output = (target: LaunchedTarget) => {
    let text = '';
    target.onOutput((more) => (text += more));
    return () => text;
  };

  it('runs a file, shows what it prints, and ends it', async () => {
    launched = await launch({
      kind: 'program',
      title: 'app.js',
      program: path.join(folder, 'app.js'),
      args: [],
      cwd: folder,
    });
    const text = output(launched);
    const session = await launched.session();
    assert.equal(session.info.pid, launched.pid);
    assert.ok((await readMemory(session)).heapUsed > 0);
    await until(
      () => /hello \d+/.test(text()),
      () => text(),
    );
    session.dispose();
    launched.dispose();
    await until(
      () => !isAlive(launched?.pid ?? 0),
      () => 'it is still running',
    );
  });

  it('attaches to the script’s program, not to npm, and ends both', async () => {
    launched = await launch({
      kind: 'script',
      title: 'npm run serve',
      manager: 'npm',
      script: 'serve',
      cwd: folder,
    });
    const text = output(launched);
    const session = await launched.session();
    assert.equal(session.info.title, 'app.js');
    await until(
      () => /hello \d+/.test(text()),
      () => text(),
    );
    const program = Number(/hello (\d+)/.exec(text())?.[1]);
    assert.equal(session.info.pid, program);
    session.dispose();
    launched.dispose();
    await until(
      () => !isAlive(program) && !isAlive(launched?.pid ?? 0),
      () => 'something is still running',
    );
  });

  it('says what a program printed that did not start', async () => {
    const request = {
      kind: 'script',
      title: 'npm run broken',
      manager: 'npm',
      script: 'broken',
      cwd: folder,
    } as const;
    await assert.rejects(launch(request), (error: unknown) => {
      assert.ok(error instanceof HeapwrightError);
      assert.equal(error.code, 'launch-failed');
      assert.match(error.message, /exited with code \d+/);
      return true;
    });
  });

  it('can be cancelled, and leaves nothing running', async () => {
    const controller = new AbortController();
    const request = {
      kind: 'script',
      title: 'npm run serve',
      manager: 'npm',
      script: 'serve',
      cwd: folder,
    } as const;
    setTimeout(() => controller.abort(), 100);
    await assert.rejects(launch(request, { signal: controller.signal }), (error: unknown) => {
      return error instanceof HeapwrightError && error.code === 'cancelled';
    });
  });
});

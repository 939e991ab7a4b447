import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import { projectRoot } from '../host/cache-folder';
import { cleanEnvironment } from '../host/npm';
import { ProcessGroup } from '../host/process-group';

/** `npm start` after its build: with the build, it would replace the very tests that run. */
const PROGRAM = 'require(process.argv[1]).start().then(() => process.exit())';

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): Running[] {
  return execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, parent, command]) => ({ pid: Number(pid), parent: Number(parent), command: command! }));
}

function descendants(of: number): Running[] {
  const all = processes();
  const found = all.filter(({ parent }) => parent === of);
  for (const one of found) found.push(...all.filter(({ parent }) => parent === one.pid));
  return found;
}

async function gone(pids: readonly Running[]): Promise<void> {
  const deadline = Date.now() + 50_000;
  for (;;) {
    const alive = new Set(processes().map(({ pid }) => pid));
    const left = pids.filter(({ pid }) => alive.has(pid));
    if (left.length === 0) return;
    assert.ok(Date.now() < deadline, `Left behind:\n${left.map(({ command }) => command).join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('npm start', function () {
  this.timeout(120_000);
  let group: ProcessGroup;

  beforeEach(async function () {
    if (process.platform === 'win32') this.skip();
    const { VSCODE_EXECUTABLE: _, ...env } = cleanEnvironment();
    group = new ProcessGroup(
      process.execPath,
      ['-e', PROGRAM, path.join(projectRoot(), 'out/test/host/start.js')],
      // Without a desktop VS Code in reach, and without a browser that opens.
      { env: { ...env, CI: '1', PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` } },
    );
    await group.waitForOutput(/Ctrl\+C ends/, 100_000);
  });

  afterEach(() => group.end());

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`leaves no process behind after ${signal}`, async () => {
      const started = descendants(group.child.pid!);
      assert.ok(started.some(({ command }) => command.includes('server-main.js')));
      assert.ok(started.some(({ command }) => command.includes('dist/server.js')));
      const [, url] = await group.waitForOutput(/VS Code, with the extension: (\S+)/);
      assert.equal((await fetch(url!)).status, 200);
      // To the one process only, as npm does: the others are its to end.
      process.kill(group.child.pid!, signal);
      await gone([...started, { pid: group.child.pid!, parent: 0, command: 'npm start' }]);
    });
  }

  it('stays up and says so when the shop crashes', async () => {
    const started = descendants(group.child.pid!);
    const shop = started.find(({ command }) => command.includes('dist/server.js'));
    process.kill(shop!.pid, 'SIGKILL');
    await group.waitForOutput(/The shop has ended \(SIGKILL\)/);
    assert.ok(group.running);
    process.kill(group.child.pid!, 'SIGINT');
    await gone(started);
  });
});

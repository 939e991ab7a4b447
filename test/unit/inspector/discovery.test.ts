import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import * as http from 'node:http';
import * as net from 'node:net';
import { isLoopback, resolveInspectorUrl } from '../../../src/inspector/discovery/inspector-url';
import { listLocalProcesses } from '../../../src/inspector/discovery/local-processes';
import { openInspector } from '../../../src/inspector/discovery/open-inspector';
import { scriptTitle } from '../../../src/inspector/discovery/script-title';
import { HeapwrightError } from '../../../src/protocol/errors';
import { startProgram, type TargetProgram, until } from './target-program';

/** The error is ours, has this code, and tells what to do. */
const ours = (code: string) => (error: unknown) => {
  assert.ok(error instanceof HeapwrightError, String(error));
  assert.equal(error.code, code, error.message);
  assert.ok(error.advice.length > 10);
  return true;
};

describe('finding targets', function () {
  this.timeout(120_000);
  const programs: TargetProgram[] = [];
  const start = async (...args: Parameters<typeof startProgram>) => {
    const program = await startProgram(...args);
    programs.push(program);
    return program;
  };
  afterEach(async () => {
    for (const program of programs.splice(0)) await program.dispose();
  });

  it('lists processes with and without an open inspector', async () => {
    const [open, closed] = [await start(''), await start('', { inspect: false })];
    const processes = await listLocalProcesses();
    const [first, second] = [open, closed].map(({ pid }) => processes.find((process) => process.pid === pid));
    assert.equal(first?.title, 'program.cjs');
    assert.equal(first.inspector?.port, Number(new URL(open.url).port));
    assert.equal(first.workingDirectory, open.folder);
    assert.ok((first.rss ?? 0) > 10e6 && Math.abs((first.startedAt ?? 0) - Date.now()) < 60_000);
    assert.equal(second?.inspector, null);
    assert.ok(!processes.some(({ pid }) => pid === process.pid), 'it lists itself');
  });

  it('opens the inspector of a running process by signal, and says who is in the way', async () => {
    const [first, second] = [await start('', { inspect: false }), await start('', { inspect: false })];
    const address = await openInspector(first.pid);
    assert.equal((await resolveInspectorUrl(`${address.host}:${address.port}`)).address.port, address.port);
    await assert.rejects(openInspector(second.pid, { timeoutMs: 1500 }), ours('inspector-busy'));
  });

  it('tells of a process that has ended', async () => {
    const program = await start('', { inspect: false });
    const ended = new Promise((resolve) => program.child.once('exit', resolve));
    program.child.kill('SIGKILL');
    await ended;
    await assert.rejects(openInspector(program.pid), ours('target-not-found'));
  });

  it('sends no signal to a program that is not Node', async function () {
    if (process.platform !== 'linux') return this.skip();
    const shell = spawn('sh', ['-c', 'trap "echo signalled" USR1; echo ready; while :; do sleep 0.05; done']);
    let printed = '';
    shell.stdout.on('data', (data) => (printed += data));
    try {
      await until(
        () => printed.includes('ready'),
        () => 'the shell does not start',
      );
      await assert.rejects(openInspector(shell.pid!), (error) => {
        assert.match(String(error), /runs \w+, not Node/);
        return ours('target-not-found')(error);
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.equal(printed, 'ready\n');
    } finally {
      shell.kill('SIGKILL');
    }
  });

  it('takes every form of address', async () => {
    const { url } = await start('');
    const { port, pathname } = new URL(url);
    for (const input of [
      url,
      port,
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `http://127.0.0.1:${port}`,
      `ws://127.0.0.1:${port}`,
      `devtools://devtools/bundled/js_app.html?experiments=true&v8only=true&ws=127.0.0.1:${port}${pathname}`,
    ]) {
      const resolved = await resolveInspectorUrl(input);
      assert.equal(new URL(resolved.url).pathname, pathname, input);
    }
  });

  it('keeps to this machine unless told otherwise', async () => {
    await assert.rejects(resolveInspectorUrl('ws://10.0.0.1:9229/x'), ours('host-not-loopback'));
    for (const input of ['9229', '127.0.0.1:1', 'ws://[::1]:9229/id', 'localhost:9229'])
      assert.ok(isLoopback(input));
    for (const input of ['10.0.0.1:9229', 'ws://example.org:9229/id', '127.evil.org:1'])
      assert.ok(!isLoopback(input));
  });

  it('says what is wrong with what is no address', async () => {
    for (const input of ['', 'hello', 'ftp://127.0.0.1:21', '127.0.0.1', '99999', 'devtools://x']) {
      await assert.rejects(resolveInspectorUrl(input), ours('bad-argument'), input);
    }
  });

  it('recognises a port that is no inspector', async () => {
    const html = http.createServer((_, response) => response.end('<html></html>'));
    const list = http.createServer((_, response) => response.end('[{"hello":1}]'));
    const silent = net.createServer(() => {});
    const garbage = net.createServer((socket) => socket.end('\x00\xff nonsense\r\n\r\n'));
    const servers = [html, list, silent, garbage];
    for (const server of servers)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      for (const server of servers) {
        const { port } = server.address() as net.AddressInfo;
        await assert.rejects(resolveInspectorUrl(String(port), { timeoutMs: 300 }), ours('not-an-inspector'));
      }
    } finally {
      for (const server of servers) server.close();
      html.closeAllConnections();
    }
    await assert.rejects(resolveInspectorUrl('1'), ours('not-an-inspector'));
  });

  it('calls a process by its script', () => {
    const cases: [string[], string][] = [
      [['node', '/app/server.js', '--port', '80'], 'server.js --port 80'],
      [['node', '--inspect', '-r', 'ts-node/register', '/app/src/x.ts'], 'src/x.ts'],
      [['node', '/other/place.js'], '/other/place.js'],
      [['node', '-e', 'secret()'], 'node --eval'],
      [['node'], 'node'],
    ];
    for (const [argv, title] of cases) assert.equal(scriptTitle(argv, '/app'), title);
  });
});

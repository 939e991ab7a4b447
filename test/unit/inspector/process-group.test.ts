import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { listLocalProcesses } from '../../../src/inspector/discovery/local-processes';
import { openInspector } from '../../../src/inspector/discovery/open-inspector';
import { connect } from '../../../src/inspector/session';
import { GroupHistory } from '../../../src/inspector/together/group-history';
import type { MemberReading } from '../../../src/inspector/together/group-member';
import { ProcessGroup } from '../../../src/inspector/together/process-group';
import { WorkerFamily } from '../../../src/inspector/together/worker-family';
import type { LocalProcess } from '../../../src/protocol/targets';
import { startProgram, type TargetProgram, until } from './target-program';

/** A primary that keeps three workers running, whatever happens to them. */
const PRIMARY = `
require('node:fs').writeFileSync(__dirname + '/worker.cjs', 'setInterval(() => {}, 1000)');
const cluster = require('node:cluster');
cluster.setupPrimary({ exec: __dirname + '/worker.cjs' });
cluster.on('exit', () => cluster.fork());
for (let i = 0; i < 3; i++) cluster.fork();
`;

describe('inspector: several processes together', function () {
  this.timeout(120_000);
  let program: TargetProgram;
  let group: ProcessGroup;
  let family: WorkerFamily | undefined;
  const log: string[] = [];

  beforeEach(() => {
    group = new ProcessGroup({ intervalMs: 50 });
  });

  afterEach(async () => {
    family?.dispose();
    group.dispose();
    await program.dispose();
  });

  const watched = () => group.members.filter(({ state, last }) => state === 'watched' && last);
  const told = () =>
    [...group.members.map(({ source, state, note }) => `${source.pid} ${state} ${note}`), ...log].join('\n');

  async function follow(list: typeof listLocalProcesses = listLocalProcesses): Promise<void> {
    const parent = (await list()).find(({ pid }) => pid === program.pid)!;
    family = new WorkerFamily(group, parent, { list, timeoutMs: 5000, log: (text) => log.push(text) });
  }

  it('reads a primary and its workers, and follows those that end and come', async () => {
    program = await startProgram(`require('node:cluster').setupPrimary({ inspectPort: 0 });${PRIMARY}`);
    await follow();
    await until(() => watched().length === 4, told);
    const worker = watched().find(({ source }) => source.pid !== program.pid)!;
    process.kill(worker.source.pid, 'SIGKILL');
    await until(() => worker.state === 'ended', told);
    assert.equal(worker.note, 'The process has ended.');
    assert.equal(worker.session, undefined);
    await until(() => watched().length === 4, told);
    assert.equal(group.members.length, 5);
    const { times } = group.history;
    assert.equal(group.history.column(worker.source.id)?.heapUsed.length, times.length);
    assert.ok(group.living.every(({ rss }) => rss !== null && rss > 10e6));
  });

  it('leaves closed inspectors closed, and tells the memory that the system knows', async () => {
    program = await startProgram(PRIMARY, { inspect: false });
    await follow();
    await until(() => group.members.filter(({ rss }) => rss !== null).length === 4, told);
    assert.ok(group.members.every(({ state, last, rss }) => state === 'closed' && !last && rss! > 10e6));
    const [worker] = group.members.filter(({ source }) => source.pid !== program.pid);
    process.kill(worker!.source.pid, 'SIGKILL');
    await until(() => worker!.state === 'ended', told);
  });

  it('attaches to a member as soon as its inspector is open', async () => {
    program = await startProgram(PRIMARY, { inspect: false });
    await follow();
    const worker = () => group.members.find(({ source }) => source.pid !== program.pid);
    await until(() => worker()?.state === 'closed', told);
    await openInspector(worker()!.source.pid);
    await until(() => worker()!.state === 'watched', told);
  });

  it('stays bounded while thousands of workers come and go, and leaves no connection', async () => {
    program = await startProgram('');
    const port = Number(new URL(program.url).port);
    let round = 0;
    // A hundred workers at a time, all of them new each time; that they share one inspector makes no difference.
    const list = async (): Promise<LocalProcess[]> => {
      const born = ++round * 1000;
      return [
        fake(program.pid, null, 1, port),
        ...Array.from({ length: 100 }, (_, i) => fake(born + i, program.pid, born, port)),
      ];
    };
    const killer = setInterval(() => {
      for (const { source } of group.living.slice(1)) group.remove(source.id);
    }, 150);
    try {
      await follow(list);
      for (let i = 0; i < 30; i++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        assert.ok(group.members.length <= 38, String(group.members.length));
      }
    } finally {
      clearInterval(killer);
    }
    await until(() => family!.leftOut > 0, told);
    family!.dispose();
    group.dispose();

    for (const deadline = Date.now() + 50_000; (await connectionsTo(port)) > 0; ) {
      assert.ok(Date.now() < deadline, 'connections are left');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  it('tells of a process that does not answer, and goes on when it does', async () => {
    program = await startProgram('');
    const address = { host: '127.0.0.1', port: Number(new URL(program.url).port) };
    const source = {
      id: 'one',
      title: 'program.cjs',
      pid: program.pid,
      thread: null,
      kin: 'program.cjs',
      connect: async () => await connect(address),
      readRss: async () => null,
    };
    group.add([source]);
    await until(() => watched().length === 1, told);
    process.kill(program.pid, 'SIGSTOP');
    const [member] = group.members;
    await until(() => member!.state === 'silent', told);
    assert.equal(group.history.column('one')!.heapUsed.at(-1), null);
    process.kill(program.pid, 'SIGCONT');
    await until(() => member!.state === 'watched', told);
    await until(() => group.history.column('one')!.heapUsed.at(-1) !== null, told);
  });
});

describe('inspector: the time line of several processes', () => {
  const reading = (heapUsed: number): MemberReading => ({ heapUsed, rss: 2 * heapUsed, kept: null });

  it('has a row for each moment, whoever was there', () => {
    const history = new GroupHistory();
    history.add(1, new Map([['a', reading(10)]]));
    history.add(
      2,
      new Map([
        ['a', null],
        ['b', reading(20)],
      ]),
    );
    history.add(3, new Map([['b', reading(21)]]));
    assert.deepEqual(history.column('a')?.heapUsed, [10, null, null]);
    assert.deepEqual(history.column('b')?.rss, [null, 40, 42]);
    history.forget('a');
    assert.equal(history.column('a'), undefined);
  });

  it('stays bounded, the newest half at full resolution', () => {
    const history = new GroupHistory(100);
    for (let at = 0; at < 5000; at++) history.add(at, new Map([['a', reading(at)]]));
    assert.ok(history.times.length <= 100);
    assert.deepEqual(history.column('a')?.heapUsed, history.times);
    assert.deepEqual(
      history.times.slice(-40),
      Array.from({ length: 40 }, (_, i) => 4960 + i),
    );
  });
});

function fake(pid: number, parentPid: number | null, startedAt: number, port: number): LocalProcess {
  return {
    pid,
    parentPid,
    title: 'worker.cjs',
    commandLine: 'node worker.cjs',
    workingDirectory: null,
    executable: null,
    rss: null,
    startedAt,
    inspector: { host: '127.0.0.1', port },
  };
}

/** Established connections to a port of this machine, as Linux lists them. */
async function connectionsTo(port: number): Promise<number> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const lines = (await fs.readFile('/proc/net/tcp', 'utf8')).split('\n');
  return lines.filter((line) => new RegExp(`^\\s*\\d+: \\S+ \\S+:${hex} 01 `).test(line)).length;
}

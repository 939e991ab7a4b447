import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { type CaptureProgress, captureSnapshot } from '../../../src/inspector/capture';
import { headroom, judge } from '../../../src/inspector/headroom';
import { connect, type InspectorSession } from '../../../src/inspector/session';
import { HeapwrightError } from '../../../src/protocol/errors';
import { startProgram, type TargetProgram, until } from './target-program';

const BIG = `globalThis.kept = Array.from({ length: 150000 }, (_, i) => ({ i, name: 'name-' + i, list: [i, { i }] }));`;

const ours = (code: string) => (error: unknown) => {
  assert.ok(error instanceof HeapwrightError, String(error));
  assert.equal(error.code, code, error.message);
  return true;
};

describe('taking a snapshot', function () {
  this.timeout(120_000);
  let program: TargetProgram;
  let session: InspectorSession;
  let folder: string;

  const start = async (source: string) => {
    program = await startProgram(source);
    session = await connect({ url: program.url });
  };
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-capture-'));
  });
  afterEach(async () => {
    session.dispose();
    await program.dispose();
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('writes a whole snapshot with its script table beside it', async () => {
    await start('globalThis.kept = new Map([["a", {}]]);');
    const file = path.join(folder, 'a.heapsnapshot');
    const progress: CaptureProgress[] = [];
    const result = await captureSnapshot(session, file, { onProgress: (step) => progress.push(step) });
    const text = await fs.readFile(file, 'utf8');
    assert.equal(Buffer.byteLength(text), result.fileBytes);
    const { snapshot, nodes, edges, strings } = JSON.parse(text);
    assert.equal(nodes.length, snapshot.node_count * snapshot.meta.node_fields.length);
    assert.equal(edges.length, snapshot.edge_count * snapshot.meta.edge_fields.length);
    assert.ok(strings.includes('kept'));
    const table = JSON.parse(await fs.readFile(`${file}.scripts.json`, 'utf8'));
    assert.equal(table.processKey, result.processKey);
    assert.ok(table.scripts.some(({ url }: { url: string }) => url.endsWith('program.cjs')));
    assert.ok(progress.some(({ fraction }) => fraction !== null && fraction > 0 && fraction < 1));
    assert.deepEqual((await fs.readdir(folder)).sort(), ['a.heapsnapshot', 'a.heapsnapshot.scripts.json']);
  });

  it('has one process key for an attachment, and another for the next: V8 forgets its ids between them', async () => {
    await start('globalThis.kept = [];');
    const first = await captureSnapshot(session, path.join(folder, '1.heapsnapshot'));
    const second = await captureSnapshot(session, path.join(folder, '2.heapsnapshot'));
    assert.equal(second.processKey, first.processKey);
    session.dispose();
    session = await connect({ url: program.url });
    const third = await captureSnapshot(session, path.join(folder, '3.heapsnapshot'));
    assert.notEqual(third.processKey, first.processKey);
  });

  it('streams: our memory stays far below the size of the snapshot', async () => {
    await start(BIG);
    const baseline = process.memoryUsage().rss;
    let highest = 0;
    const timer = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 5);
    const { fileBytes } = await captureSnapshot(session, path.join(folder, 'big.heapsnapshot'));
    clearInterval(timer);
    assert.ok(fileBytes > 40e6, `only ${fileBytes} bytes`);
    assert.ok(
      highest - baseline < fileBytes,
      `${highest - baseline} bytes more for a snapshot of ${fileBytes}`,
    );
  });

  it('leaves no file when it is cancelled', async () => {
    await start(BIG);
    const controller = new AbortController();
    const capture = captureSnapshot(session, path.join(folder, 'a.heapsnapshot'), {
      signal: controller.signal,
      onProgress: ({ fraction }) => {
        if ((fraction ?? 1) > 0.1) controller.abort();
      },
    });
    await assert.rejects(capture, ours('cancelled'));
    assert.deepEqual(await fs.readdir(folder), []);
    // The target goes on, and the next capture is whole.
    const { fileBytes } = await captureSnapshot(session, path.join(folder, 'b.heapsnapshot'));
    JSON.parse(await fs.readFile(path.join(folder, 'b.heapsnapshot'), 'utf8'));
    assert.ok(fileBytes > 1e6);
  });

  it('leaves no file when the target dies, and says so', async () => {
    await start(BIG);
    const capture = captureSnapshot(session, path.join(folder, 'a.heapsnapshot'), {
      onProgress: ({ fraction }) => {
        if ((fraction ?? 0) > 0.1) program.child.kill('SIGKILL');
      },
    });
    await assert.rejects(capture, ours('target-exited'));
    assert.deepEqual(await fs.readdir(folder), []);
  });

  it('says that the folder cannot be written', async () => {
    await start('');
    const blocked = path.join(folder, 'a-file');
    await fs.writeFile(blocked, '');
    await assert.rejects(
      captureSnapshot(session, path.join(blocked, 'a.heapsnapshot')),
      ours('storage-unwritable'),
    );
    assert.deepEqual(await fs.readdir(folder), ['a-file']);
  });

  it('says that the disk is full', async function () {
    if (process.platform !== 'linux') this.skip();
    await start('');
    // Writing to /dev/full fails as a full disk does; the partial file's name leads there.
    const file = path.join(folder, 'a.heapsnapshot');
    await fs.symlink('/dev/full', `${file}.partial`);
    await assert.rejects(captureSnapshot(session, file), ours('storage-full'));
    assert.deepEqual(await fs.readdir(folder), []);
  });

  it('captures a target that stands at a breakpoint, and says that it does', async () => {
    await start('setInterval(() => {}, 10);');
    const other = await connect({ url: program.url });
    let stopped = false;
    other.connection.on('Debugger.paused', () => (stopped = true));
    await other.connection.send('Debugger.enable', {});
    await other.connection.send('Debugger.pause', undefined);
    await until(
      () => stopped,
      () => 'it did not stop',
    );
    const { paused } = await captureSnapshot(session, path.join(folder, 'a.heapsnapshot'));
    assert.equal(paused, true);
    other.dispose();
  });

  it('knows the room that a capture needs', async () => {
    await start('');
    const room = await headroom(session);
    assert.ok(room.needed > 2e6);
    assert.notEqual(room.verdict, 'would-be-killed');
  });
});

describe('head-room', () => {
  const room = (available: number) => ({ available, limitedBy: 'container' as const });

  it('is judged against what the container leaves', () => {
    assert.equal(judge(100e6, room(1000e6)).verdict, 'fits');
    assert.equal(judge(100e6, room(120e6)).verdict, 'tight');
    assert.equal(judge(100e6, room(90e6)).verdict, 'would-be-killed');
    assert.match(judge(100e6, room(90e6)).sentence, /100 MB.*container.*90 MB.*killed/s);
  });

  it('is unknown for another machine', () => assert.equal(judge(100e6, null).verdict, 'unknown'));
});

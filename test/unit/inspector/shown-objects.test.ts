import assert from 'node:assert/strict';
import * as path from 'node:path';
import { captureSnapshot } from '../../../src/inspector/capture';
import { Connection } from '../../../src/inspector/connection';
import { readMemory } from '../../../src/inspector/memory';
import { connect, type InspectorSession } from '../../../src/inspector/session';
import { exposeObject, pointedObjectId, pointingExpression } from '../../../src/inspector/shown-objects';
import { HeapwrightError } from '../../../src/protocol/errors';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { workerFile } from '../../leaks/program';
import { startProgram, type TargetProgram, until } from './target-program';

const PROGRAM = `
globalThis.answer = function answer() {
  const cart = { items: Array.from({ length: 2000 }, (_, i) => ({ id: i, label: 'item ' + i })) };
  debugger;
  return cart.items.length;
};
setInterval(() => globalThis.go && globalThis.answer(), 20);
`;

describe('inspector: objects shown to and by a debugger', function () {
  this.timeout(120_000);
  let program: TargetProgram;
  let session: InspectorSession;
  let debuggerSide: Connection;
  let frame: string;
  let engine: SnapshotEngine;

  before(async () => {
    engine = new SnapshotEngine(workerFile);
    program = await startProgram(PROGRAM);
    session = await connect({ url: program.url });
    debuggerSide = await Connection.open(program.url, { timeoutMs: 5000 });
    await debuggerSide.send('Debugger.enable', {});
    debuggerSide.on('Debugger.paused', ({ callFrames }) => {
      frame = callFrames[0]!.callFrameId;
    });
    await debuggerSide.send('Runtime.evaluate', { expression: 'globalThis.go = true' });
    await until(
      () => frame !== undefined,
      () => 'It never stopped',
    );
  });

  after(async () => {
    session.dispose();
    debuggerSide.dispose();
    await program.dispose();
    await engine.dispose();
  });

  async function point(expression: string): Promise<string | undefined> {
    const { result } = await debuggerSide.send('Debugger.evaluateOnCallFrame', {
      callFrameId: frame,
      expression: pointingExpression(expression),
      silent: true,
    });
    return result.subtype === 'error' ? result.description : undefined;
  }

  it('reads memory while the program is stopped', async () => {
    assert.ok((await readMemory(session)).heapUsed > 1e6);
  });

  it('finds a local variable of the stopped frame in a snapshot, held by the frame alone', async () => {
    assert.equal(await point('cart'), undefined);
    const file = path.join(program.folder, 'stopped.heapsnapshot');
    const { paused } = await captureSnapshot(session, file);
    assert.equal(paused, true);
    const id = await pointedObjectId(session);
    const snapshot = await engine.open(file);
    const node = (await snapshot.node(id))!;
    assert.ok(node.retainedSize > 100_000, String(node.retainedSize));
    const { rows } = await snapshot.properties(id);
    assert.ok(rows.some(({ name }) => name === 'items'));
    const retainers = await snapshot.retainers(id);
    assert.ok(!JSON.stringify(retainers.rows).includes('WeakSet'));
    assert.equal(await session.evaluate(`'__heapwrightPointed' in globalThis`), false);
  });

  it('gives an object of a snapshot to the program by a name', async () => {
    await point('cart');
    const id = await pointedObjectId(session);
    assert.equal(await exposeObject(session, id), 'heapwright1');
    assert.equal(await exposeObject(session, id), 'heapwright2');
    const { result } = await debuggerSide.send('Debugger.evaluateOnCallFrame', {
      callFrameId: frame,
      expression: 'heapwright1 === cart && heapwright2 === cart',
    });
    assert.equal(result.value, true);
  });

  it('says so for what is no object, or not there any more', async () => {
    assert.match((await point('cart.items.length'))!, /TypeError/);
    await assert.rejects(pointedObjectId(session), isNotFound);
    await assert.rejects(exposeObject(session, 99_999_999), isNotFound);
  });

  it('lets the program go on afterwards', async () => {
    await debuggerSide.send('Runtime.evaluate', { expression: 'globalThis.go = false' });
    await debuggerSide.send('Debugger.resume', {});
    assert.equal(await session.evaluate('new Promise((resolve) => setTimeout(resolve, 30, 7))'), 7);
  });
});

function isNotFound(error: unknown): boolean {
  return error instanceof HeapwrightError && error.code === 'target-not-found';
}

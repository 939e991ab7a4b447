import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { workersOf } from '../../../src/inspector/discovery/worker-threads';
import { MemorySampler } from '../../../src/inspector/memory-sampler';
import { connect } from '../../../src/inspector/session';
import { GroupThreads } from '../../../src/inspector/together/group-threads';
import { ProcessGroup } from '../../../src/inspector/together/process-group';
import { HeapwrightError } from '../../../src/protocol/errors';
import type { MemorySample } from '../../../src/protocol/samples';
import { startProgram, until } from './target-program';

interface WebSocket extends EventEmitter {
  send(text: string): void;
}

/** The sockets of chrome-remote-interface, which bring no types. */
const { Server: WebSocketServer } = createRequire(require.resolve('chrome-remote-interface'))('ws') as {
  Server: new (options: { server: Server }) => EventEmitter;
};

/** Something that listens where an inspector should, and answers each message as `answer` says. */
class FakeInspector {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async start(
    answer: (socket: WebSocket, id: number, method: string) => void,
  ): Promise<FakeInspector> {
    const server = createServer((_request, response) => response.end('[]'));
    new WebSocketServer({ server }).on('connection', (socket: WebSocket) => {
      socket.on('message', (data: Buffer) => {
        const { id, method } = JSON.parse(String(data)) as { id: number; method: string };
        answer(socket, id, method);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeInspector(server, `ws://127.0.0.1:${(server.address() as AddressInfo).port}/target`);
  }

  end(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const reply = (socket: WebSocket, id: number, result: unknown) => socket.send(JSON.stringify({ id, result }));

describe('a target that is none', function () {
  this.timeout(120_000);

  for (const [what, nonsense] of [
    ['is no JSON', 'hello'],
    ['is JSON, but no message', '[1, 2'],
    ['answers what was not asked', '{"id": 4711, "result": {}}'],
    ['is null', 'null'],
  ] as const) {
    it(`is given up with one sentence when what comes ${what}`, async () => {
      const fake = await FakeInspector.start((socket) => socket.send(nonsense));
      try {
        await assert.rejects(
          connect({ url: fake.url }, { timeoutMs: 700 }),
          (error: unknown) =>
            error instanceof HeapwrightError &&
            ['not-an-inspector', 'target-timeout', 'inspector-closed'].includes(error.code),
        );
      } finally {
        fake.end();
      }
    });
  }

  it('that answers nonsense later is told of in one sentence, and not asked without a pause', async () => {
    let asked = 0;
    const fake = await FakeInspector.start((socket, id, method) => {
      if (method === 'Runtime.callFunctionOn') asked++;
      reply(socket, id, { result: { type: 'string', value: '{}', objectId: '1' } });
    });
    const session = await connect({ url: fake.url });
    const sampler = new MemorySampler(session, { intervalMs: 50 });
    const troubles: (string | null)[] = [];
    const samples: MemorySample[] = [];
    sampler.onTrouble((trouble) => troubles.push(trouble));
    sampler.onSample((sample) => samples.push(sample));
    try {
      await until(
        () => asked > 5,
        () => `${asked} calls`,
      );
      assert.deepEqual(troubles, ['What the process answered is no reading of its memory.']);
      assert.deepEqual(samples, []);
    } finally {
      sampler.dispose();
      session.dispose();
      fake.end();
    }
  });

  it('that floods the socket with events is read all the same, and nothing of it is kept', async () => {
    const event = JSON.stringify({ method: 'Runtime.consoleAPICalled', params: { text: 'x'.repeat(1000) } });
    const now = () =>
      JSON.stringify([Date.now(), 1, 1e6, 2e6, 3e6, 0, 0, null, null, null, null, null, null]);
    const fake = await FakeInspector.start((socket, id, method) => {
      for (let i = 0; i < 2000; i++) socket.send(event);
      const value = method === 'Runtime.callFunctionOn' ? now() : '{}';
      reply(socket, id, { result: { type: 'string', value, objectId: '1' } });
    });
    const session = await connect({ url: fake.url });
    const sampler = new MemorySampler(session, { intervalMs: 0 });
    let count = 0;
    sampler.onSample(() => count++);
    try {
      await until(
        () => count > 5,
        () => `${count} samples`,
      );
    } finally {
      sampler.dispose();
      session.dispose();
      fake.end();
    }
  });
});

describe('worker threads of a target that is none', function () {
  this.timeout(120_000);

  /** Tells of threads, and sends what no thread would. */
  const startFake = async (nonsense: unknown) =>
    await FakeInspector.start((socket, id, method) => {
      const event = (name: string, params: unknown) =>
        socket.send(JSON.stringify({ method: `NodeWorker.${name}`, params }));
      if (method === 'NodeWorker.enable') {
        event('attachedToWorker', { sessionId: '1' });
        event('attachedToWorker', { sessionId: '2', workerInfo: { workerId: 2 } });
        event('attachedToWorker', {
          sessionId: '3',
          workerInfo: { workerId: '3', title: '[worker 3]', url: '' },
        });
        event('receivedMessageFromWorker', { sessionId: '3', message: nonsense });
        event('detachedFromWorker', { sessionId: 'none' });
      }
      if (method === 'NodeWorker.sendMessageToWorker')
        event('receivedMessageFromWorker', { sessionId: '3', message: nonsense });
      reply(socket, id, { result: { type: 'string', value: '{}' } });
    });

  for (const nonsense of ['null', 'hello', '[', '{"id":1}', '7', undefined, { id: 1 }]) {
    it(`are told as they are, and given up, when they say ${JSON.stringify(nonsense)}`, async () => {
      const fake = await startFake(nonsense);
      const session = await connect({ url: fake.url });
      const group = new ProcessGroup({ intervalMs: 20 });
      const threads = new GroupThreads(group);
      try {
        const ids = (await workersOf(session.connection)).map(({ id }) => id);
        assert.deepEqual(ids, ['2', '3']);
        group.add([
          {
            id: 'fake',
            title: 'fake',
            pid: 1,
            thread: null,
            kin: 'fake',
            connect: async () => await connect({ url: fake.url }),
            readRss: async () => null,
          },
        ]);
        await until(
          () => group.members.length === 3,
          () => group.members.map(({ source, state }) => `${source.id} ${state}`).join(),
        );
        await new Promise((resolve) => setTimeout(resolve, 100));
        assert.ok(group.members.every(({ last }) => last === null));
      } finally {
        threads.dispose();
        group.dispose();
        session.dispose();
        fake.end();
      }
    });
  }
});

describe('two windows at one target', function () {
  this.timeout(120_000);

  it('both have their samples and collections, and one goes on when the other leaves', async () => {
    const program = await startProgram(
      'setInterval(() => { for (let i = 0; i < 1e5; i++) globalThis.last = [i]; }, 5);',
    );
    const windows = await Promise.all(
      [0, 1].map(async () => {
        const session = await connect({ url: program.url });
        const sampler = new MemorySampler(session, { intervalMs: 20 });
        const samples: MemorySample[] = [];
        sampler.onSample((sample) => samples.push(sample));
        return { session, sampler, samples };
      }),
    );
    const collected = (samples: readonly MemorySample[]) =>
      samples.some(({ runtime }) => (runtime?.gc?.minor ?? 0) > 0);
    const [first, second] = [windows[0]!, windows[1]!];
    try {
      await until(
        () => collected(first.samples) && collected(second.samples),
        () => 'no collections',
      );
      first.sampler.dispose();
      first.session.dispose();
      const rest = second.samples.length;
      await until(
        () => collected(second.samples.slice(rest + 2)),
        () => 'no collections after the other left',
      );
    } finally {
      second.sampler.dispose();
      second.session.dispose();
      await program.dispose();
    }
  });
});

describe('a target whose workers come and go', function () {
  this.timeout(120_000);

  it('is read all the while, and its workers can be asked for', async () => {
    const program = await startProgram(`
      const { Worker } = require('node:worker_threads');
      globalThis.started = 0;
      const next = () => new Worker('setTimeout(() => {}, 5)', { eval: true }).on('exit', next) && globalThis.started++;
      for (let i = 0; i < 4; i++) next();`);
    const session = await connect({ url: program.url });
    const sampler = new MemorySampler(session, { intervalMs: 50 });
    const samples: MemorySample[] = [];
    sampler.onSample((sample) => samples.push(sample));
    try {
      let most = 0;
      for (let i = 0; i < 200 && (most === 0 || i < 8); i++) {
        most = Math.max(most, (await workersOf(session.connection)).length);
      }
      const before = samples.length;
      await until(
        () => samples.length > before + 3,
        () => 'no samples',
      );
      assert.ok(most > 0, 'no worker was seen');
      for (let started = 0; started < 20; started = await session.evaluate<number>('started')) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      sampler.dispose();
      session.dispose();
      await program.dispose();
    }
  });
});

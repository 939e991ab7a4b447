import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs `source` (CommonJS) in a Node and has V8 write its snapshot; `snapshot(name)` in the source does it. */
export async function makeSnapshots(source: string, node = process.execPath): Promise<SnapshotFolder> {
  const folder = await snapshotFolder();
  const program = path.join(path.dirname(folder.file('')), 'program.cjs');
  await fs.writeFile(
    program,
    `const snapshot = (name) => require('node:v8').writeHeapSnapshot(require('node:path').join(__dirname, name + '.heapsnapshot'));\n${source}`,
  );
  await run(node, ['--expose-gc', program]);
  return folder;
}

/** An empty folder for snapshots. */
export async function snapshotFolder(): Promise<SnapshotFolder> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-snapshots-'));
  return {
    file: (name) => path.join(folder, `${name}.heapsnapshot`),
    dispose: () => fs.rm(folder, { recursive: true, force: true }),
  };
}

export interface SnapshotFolder {
  file(name: string): string;
  dispose(): Promise<void>;
}

/** All kinds of things that a heap holds. */
export const VARIETY = `
class User { constructor(i) { this.id = i; this.tags = ['a' + i, 'b']; } }
class Branch { constructor(depth) { this.left = depth ? new Branch(depth - 1) : null; this.right = depth ? new Branch(depth - 1) : null; } }
const held = globalThis.held = { map: new Map(), set: new Set(), weakMap: new WeakMap(), weakRefs: [], closures: [], list: [], dictionary: {}, numbers: [], buffers: [] };
for (let i = 0; i < 2000; i++) {
  const user = new User(i);
  held.map.set('key-' + i, user);
  if (i % 2) held.set.add(user);
  held.weakMap.set(user, { secret: i, back: user });
  if (i % 7 === 0) held.weakRefs.push(new WeakRef(user));
  held.closures.push(() => user.id + i);
  held.list.push({ i, text: 'text ' + i + ' of ' + user.id });
  held.dictionary['name' + (i * 7919) % 2003] = { i };
  held.numbers.push(i * 1.5);
}
held.tree = new Branch(9);
held.big = 'x'.repeat(300000);
held.bigint = 2n ** 200n;
held.typed = [new Uint8Array(5000), new Float64Array(100), Buffer.alloc(10000)];
held.symbol = Symbol('a symbol');
held.expression = /a+b/;
held.emitter = new (require('node:events'))();
held.emitter.on('x', () => held.list.length);
held.promise = new Promise(() => {});
held.context = require('node:vm').createContext({ inner: [1, 2, 3] });
require('node:vm').runInContext('var own = { deep: [{}] }', held.context);
held.wasm = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
held.cyclic = {}; held.cyclic.self = held.cyclic; held.cyclic.other = { back: held.cyclic };
Object.defineProperty(held, 'accessor', { get() { return 1; }, enumerable: true });
held.frozen = Object.freeze([{}, {}]);
held.detached = require('node:vm').runInContext('[(() => 1), { of: "another world" }]', require('node:vm').createContext({}));
held.instance = new WebAssembly.Memory({ initial: 1 });
held.shared = new Int32Array(new SharedArrayBuffer(64));
held.proxy = new Proxy({ a: 1 }, { get: () => 2 });
held.bound = function () { return this; }.bind({ bound: true }, 1);
held.generator = (function* () { const kept = { inside: 1 }; yield kept; })();
held.generator.next();
held.rejected = Promise.reject(new Error('kept')).catch((error) => (held.error = error));
held.weakSet = new WeakSet([held.map, held.list]);
held.registry = new FinalizationRegistry(() => {});
held.registry.register({}, { token: 1 });
held.joined = ('left ' + held.big.slice(7)) + (' right ' + held.list.length);
held.shapes = Array.from({ length: 500 }, (_, i) => (i % 3 ? { a: i, b: 'x' } : { a: i, 'quo"ted, name': {}, ['own' + i]: 1 }));
held.timer = setInterval(() => held.map.size, 1e6);
held.storage = new (require('node:async_hooks').AsyncLocalStorage)();
held.storage.run({ request: 1 }, () => (held.inStorage = new Promise(() => {})));
held.worker = new (require('node:worker_threads').Worker)('setInterval(() => {}, 1000)', { eval: true });
`;

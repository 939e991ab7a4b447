import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { cacheEntry } from '../host/cache-entry';
import { projectRoot } from '../host/cache-folder';
import { nodeBinary } from '../host/node-binary';

const run = promisify(execFile);

/** Fills a heap with a bit of everything, writes its snapshot, changes some of it, and writes another if asked to. */
const MIXED = `
const { EventEmitter } = require('node:events');
const v8 = require('node:v8');
class User { constructor(i) { this.id = i; this.name = 'user-' + i; this.tags = ['a' + (i % 100), 'b' + (i % 7)]; this.meta = { at: i * 1.5, ok: i % 2 === 0, next: null }; } }
class Branch { constructor(value, left, right) { this.value = value; this.left = left; this.right = right; } }
const count = Number(process.argv[2]);
const heap = globalThis.heap = { cache: new Map(), metas: new Set(), list: [], tree: null, emitters: [], closures: [], buffers: [], dict: {} };
let previous = null;
for (let i = 0; i < count; i++) {
  const user = new User(i);
  user.meta.next = previous;
  previous = i % 50 === 0 ? null : user;
  heap.cache.set('k' + i, user);
  if (i % 3 === 0) heap.metas.add(user.meta);
  if (i % 5 === 0) heap.list.push({ user, numbers: [i, i + 1, { i }] });
  if (i % 20 === 0) { const emitter = new EventEmitter(); emitter.on('x', () => user.id); heap.emitters.push(emitter); }
  if (i % 10 === 0) heap.closures.push((x) => x + user.id);
  if (i % 100 === 0) heap.buffers.push(Buffer.alloc(64));
  if (i % 4 === 0) heap.dict['d' + ((i * 7919) % count)] = { i, s: 'str' + (i % 1000) };
}
const grow = (depth) => (depth ? new Branch(depth, grow(depth - 1), grow(depth - 1)) : null);
heap.tree = grow(Math.max(1, Math.floor(Math.log2(count)) - 1));
v8.writeHeapSnapshot(process.argv[3]);
if (process.argv[4]) {
  for (let i = 0; i < count; i += 10) { heap.cache.delete('k' + i); heap.list.push({ fresh: 'f' + i }); }
  v8.writeHeapSnapshot(process.argv[4]);
}
`;

/** A program that people run: the TypeScript compiler, after it has checked a project. */
const COMPILER = `
const [, , typescript, root, out] = process.argv;
const ts = require(typescript);
const { config } = ts.readConfigFile(root + '/tsconfig.json', ts.sys.readFile);
const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
globalThis.program = ts.createProgram(fileNames, { ...options, noEmit: true });
globalThis.diagnostics = ts.getPreEmitDiagnostics(globalThis.program);
require('node:v8').writeHeapSnapshot(out);
`;

/** The snapshot of a made-up heap of `count` users. */
export async function mixedHeap(count: number): Promise<string> {
  const folder = await cacheEntry(path.join('bench', `mixed-${count}`), (temporary) =>
    write(temporary, MIXED, [String(count), path.join(temporary, 'a.heapsnapshot')]),
  );
  return path.join(folder, 'a.heapsnapshot');
}

/** Two snapshots of such a heap, the second after a tenth of its objects has gone and others have come. */
export async function changedHeap(count: number): Promise<readonly [string, string]> {
  const names = ['a.heapsnapshot', 'b.heapsnapshot'] as const;
  const folder = await cacheEntry(path.join('bench', `changed-${count}`), (temporary) =>
    write(temporary, MIXED, [String(count), ...names.map((name) => path.join(temporary, name))]),
  );
  return [path.join(folder, names[0]), path.join(folder, names[1])];
}

/** The snapshot of the TypeScript compiler that has checked this project. */
export async function compilerHeap(): Promise<string> {
  const root = projectRoot();
  const folder = await cacheEntry(path.join('bench', 'typescript'), (temporary) =>
    write(temporary, COMPILER, [
      path.join(root, 'node_modules/typescript'),
      root,
      path.join(temporary, 'a.heapsnapshot'),
    ]),
  );
  return path.join(folder, 'a.heapsnapshot');
}

async function write(folder: string, source: string, parameters: readonly string[]): Promise<void> {
  const program = path.join(folder, 'program.cjs');
  await fs.writeFile(program, source);
  await run(await nodeBinary(24), ['--max-old-space-size=20000', program, ...parameters]);
}

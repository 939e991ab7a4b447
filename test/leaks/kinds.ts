/** A small program with one leak of a kind, and what a hunt must say of it. */
export interface KindCase {
  readonly title: string;
  readonly source: string;
  readonly kind: string;
  readonly name: RegExp;
  /** A piece of the line that declares what grows, or, where Node itself keeps it, of the callback. */
  readonly declared: string;
  /** A piece of the line that adds; null where no single line can be watched. */
  readonly adds: string | null;
}

/** Each source defines `operation()`, which leaks one thing each time it is called. */
export const leakyKinds: readonly KindCase[] = [
  {
    title: 'Map',
    source: `const cache = new Map();
let n = 0;
function operation() {
  cache.set('k' + ++n, { n });
}`,
    kind: 'map',
    name: /^cache$/,
    declared: 'const cache',
    adds: 'cache.set',
  },
  {
    title: 'dictionary object, symbol and string keys',
    source: `const table = {};
let n = 0;
function operation() {
  n++;
  table[n % 2 ? Symbol('s' + n) : 'user-' + n] = { n };
}`,
    kind: 'object',
    name: /^table$/,
    declared: 'const table',
    adds: 'table[n % 2',
  },
  {
    title: 'array slots',
    source: `const slots = [];
function operation() {
  slots[slots.length] = { at: slots.length };
}`,
    kind: 'array',
    name: /^slots$/,
    declared: 'const slots',
    adds: 'slots[slots.length]',
  },
  {
    title: 'Map of Sets',
    source: `const rooms = new Map([['a', new Set()], ['b', new Set()]]);
let n = 0;
function operation() {
  rooms.get(n++ % 2 ? 'a' : 'b').add({ n });
}`,
    kind: 'set',
    name: /^rooms/,
    declared: 'const rooms',
    adds: '.add({ n })',
  },
  {
    title: 'EventEmitter listeners',
    source: `const bus = new (require('node:events'))();
bus.setMaxListeners(0);
function operation() {
  const request = { body: 'x' };
  bus.on('change', () => request);
}`,
    kind: 'listener',
    name: /^bus/,
    declared: 'const bus',
    adds: "bus.on('change'",
  },
  {
    title: 'EventTarget listeners',
    source: `const target = new EventTarget();
require('node:events').setMaxListeners(0, target);
function operation() {
  const request = { body: 'x' };
  target.addEventListener('change', () => request);
}`,
    kind: 'listener',
    name: /^target/,
    declared: 'const target',
    adds: null,
  },
  {
    title: 'AbortSignal listeners',
    source: `const shutdown = new AbortController();
require('node:events').setMaxListeners(0, shutdown.signal);
function operation() {
  const request = { body: 'x' };
  shutdown.signal.addEventListener('abort', () => request);
}`,
    kind: 'listener',
    name: /^shutdown/,
    declared: 'const shutdown',
    adds: null,
  },
  {
    title: 'promise reactions',
    source: `const ready = new Promise(() => {});
function operation() {
  const request = { body: 'x' };
  ready.then(() => request);
}`,
    kind: 'promise',
    name: /^ready/,
    declared: 'const ready',
    adds: null,
  },
  {
    title: 'timers',
    source: `function operation() {
  const request = { body: 'x' };
  setInterval(function poll() { return request; }, 3600_000);
}`,
    kind: 'timer',
    name: /poll/,
    declared: 'function poll',
    adds: null,
  },
  {
    title: 'linked chain of closures',
    source: `let latest = () => null;
function operation() {
  const before = latest;
  latest = () => before;
}`,
    kind: 'closure',
    name: /^latest/,
    declared: 'let latest',
    adds: null,
  },
  {
    title: 'linked list of objects',
    source: `class Node { constructor(next) { this.next = next; this.text = 'node'; } }
let head = null;
function operation() {
  head = new Node(head);
}`,
    kind: 'instances',
    name: /^head/,
    declared: 'let head',
    adds: null,
  },
  {
    title: 'private field of a class',
    source: `class Registry {
  #items = [];
  add(item) {
    this.#items.push(item);
  }
}
const registry = new Registry();
function operation() {
  registry.add({ at: 1 });
}`,
    kind: 'array',
    name: /Registry\.#items/,
    declared: '#items = []',
    adds: 'this.#items.push',
  },
  {
    title: 'Buffers',
    source: `const chunks = new Set();
function operation() {
  chunks.add(Buffer.alloc(9000));
}`,
    kind: 'set',
    name: /^chunks$/,
    declared: 'const chunks',
    adds: 'chunks.add',
  },
  {
    title: 'process listeners',
    source: `process.setMaxListeners(0);
function operation() {
  const request = { body: 'x' };
  process.on('exit', function cleanUp() { return request; });
}`,
    kind: 'listener',
    name: /process.*exit/,
    declared: 'function cleanUp',
    adds: "process.on('exit'",
  },
  {
    title: 'global property',
    source: `globalThis.audit = [];
function operation() {
  globalThis.audit.push({ at: 1 });
}`,
    kind: 'array',
    name: /audit/,
    declared: 'globalThis.audit = []',
    adds: 'globalThis.audit.push',
  },
];

/** Programs that grow for a while or look so, and leak nothing. */
export const innocentPrograms: readonly { readonly title: string; readonly source: string }[] = [
  {
    title: 'cache at its limit',
    source: `const cache = new Map();
let n = 0;
function operation() {
  cache.set(++n, { n });
  if (cache.size > 50) cache.delete(cache.keys().next().value);
}`,
  },
  {
    title: 'cache that never reaches its limit here',
    source: `const cache = new Map();
let n = 0;
function operation() {
  if (cache.size >= 100000) cache.delete(cache.keys().next().value);
  cache.set(++n, { n });
}`,
  },
  {
    title: 'one-time fill',
    source: `const table = new Map();
function operation() {
  if (table.size === 0) for (let i = 0; i < 20000; i++) table.set(i, { i });
  return table.get(7);
}`,
  },
  {
    title: 'warm-up that reaches a plateau',
    source: `const seen = new Map();
let n = 0;
function operation() {
  const key = n++ % 60;
  if (!seen.has(key)) seen.set(key, { key });
}`,
  },
  {
    title: 'queue that drains',
    source: `const queue = [];
function operation() {
  queue.push({ at: 1 });
}
setInterval(() => queue.splice(0, 20), 30);`,
  },
  {
    title: 'WeakMap cache',
    source: `const notes = new WeakMap();
function operation() {
  const request = { body: 'x' };
  notes.set(request, [1, 2, 3]);
}`,
  },
  {
    title: 'pool that grows to its limit',
    source: `const idle = [];
let made = 0;
function operation() {
  const one = idle.length > 3 && made >= 80 ? idle.shift() : { id: ++made, buffer: Buffer.alloc(64) };
  idle.push(one);
}`,
  },
  {
    title: 'cleared by a timer',
    source: `const recent = new Map();
let n = 0;
function operation() {
  recent.set(++n, { n });
}
setInterval(() => recent.clear(), 60_000);`,
  },
];

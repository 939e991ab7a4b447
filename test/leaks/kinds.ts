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
    adds: 'target.addEventListener(',
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
    adds: 'shutdown.signal.addEventListener(',
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
    adds: 'ready.then(',
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
    adds: 'setInterval(function poll',
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
    adds: 'latest = () => before',
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
    adds: 'head = new Node',
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
  {
    title: 'symbol keys alone',
    source: `const registry = {};
let n = 0;
function operation() {
  registry[Symbol('request ' + ++n)] = { n };
}`,
    kind: 'object',
    name: /^registry/,
    declared: 'const registry',
    adds: 'registry[Symbol',
  },
  {
    title: 'integer keys, far apart',
    source: `const byId = {};
let id = 1e6;
function operation() {
  byId[id += 1000] = { id };
}`,
    kind: 'object',
    name: /^byId/,
    declared: 'const byId',
    adds: 'byId[id += 1000]',
  },
  {
    title: 'object of arrays',
    source: `const byDay = { monday: [], tuesday: [] };
let n = 0;
function operation() {
  byDay.tuesday.push({ n });
  byDay.monday[n++ % 5] = { n };
}`,
    kind: 'array',
    name: /^byDay/,
    declared: 'const byDay',
    adds: 'byDay.tuesday.push',
  },
  {
    title: 'dictionary of arrays',
    source: `const rooms = {};
for (const name of 'abcdefg') rooms[name] = [];
let n = 0;
function operation() {
  rooms['abcdefg'[n++ % 7]].push({ n });
}`,
    kind: 'array',
    name: /^rooms\[…\]$/,
    declared: 'const rooms',
    adds: '.push({ n })',
  },
  {
    title: 'WeakMap of growing values',
    source: `const notes = new WeakMap();
const server = { name: 'http' };
globalThis.server = server;
notes.set(server, []);
function operation() {
  notes.get(server).push({ at: 1 });
}`,
    kind: 'array',
    name: /^notes/,
    declared: 'const notes',
    adds: 'notes.get(server).push',
  },
  {
    title: 'AsyncLocalStorage store',
    source: `const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks');
const storage = new AsyncLocalStorage();
let server;
storage.run({ trail: [] }, () => { server = new AsyncResource('SERVER'); });
function operation() {
  server.runInAsyncScope(() => {
    storage.getStore().trail.push({ at: 1 });
  });
}`,
    kind: 'array',
    name: /trail/,
    declared: 'let server',
    adds: 'trail.push',
  },
  {
    title: 'async_hooks destroy that never comes',
    source: `const hooks = require('node:async_hooks');
const contexts = new Map();
hooks.createHook({
  init(id, type) { if (type === 'ORDER') contexts.set(id, { id }); },
  destroy(id) { contexts.delete(id); },
}).enable();
const orders = [];
function operation() {
  orders.length = 0;
  orders.push(new hooks.AsyncResource('ORDER', { requireManualDestroy: true }));
}`,
    kind: 'map',
    name: /^contexts/,
    declared: 'const contexts',
    adds: 'contexts.set',
  },
  {
    title: 'sockets that nobody closes',
    source: `const net = require('node:net');
const peers = [];
const server = net.createServer((socket) => peers.push(socket));
const ready = new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
async function operation() {
  await ready;
  await new Promise((resolve) => net.connect(server.address().port, '127.0.0.1', resolve));
}`,
    kind: 'array',
    name: /^peers/,
    declared: 'const peers',
    adds: 'peers.push(socket)',
  },
  {
    title: 'sockets that only Node holds',
    source: `const net = require('node:net');
const server = net.createServer(function accept(socket) { socket.on('data', function onData() {}); });
const ready = new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
async function operation() {
  await ready;
  await new Promise((resolve) => net.connect(server.address().port, '127.0.0.1', function connected() { resolve(); }));
}`,
    kind: 'handle',
    name: /onData/,
    declared: 'onData',
    adds: null,
  },
  {
    title: 'strings that hold the text they were cut from',
    source: `const crypto = require('node:crypto');
const tokens = [];
function operation() {
  const page = crypto.randomBytes(5000).toString('hex');
  tokens.push(page.slice(100, 140));
}`,
    kind: 'array',
    name: /^tokens/,
    declared: 'const tokens',
    adds: 'tokens.push',
  },
  {
    title: 'array of ArrayBuffers in a static field',
    source: `class Frames {
  static kept = [];
}
function operation() {
  Frames.kept.push(new ArrayBuffer(50_000));
}`,
    kind: 'array',
    name: /Frames\.kept/,
    declared: 'static kept',
    adds: 'Frames.kept.push',
  },
  {
    title: 'instance field of a long-lived object',
    source: `class Room {
  constructor() { this.members = {}; }
  enter(name) {
    this.members[name] = { name };
  }
}
const room = new Room();
let n = 0;
function operation() {
  room.enter('guest-' + ++n);
}`,
    kind: 'object',
    name: /members/,
    declared: 'this.members = {}',
    adds: 'this.members[name]',
  },
  {
    title: 'promise chain that waits for ever',
    source: `const gate = new Promise(() => {});
let tail = gate;
globalThis.open = () => gate;
function operation() {
  const request = { body: 'x' };
  tail = tail.then(() => request);
}`,
    kind: 'promise',
    name: /^gate/,
    declared: 'const gate',
    adds: 'function operation',
  },
  {
    title: 'timeouts for a time that never comes',
    source: `class Session {
  constructor() {
    this.timer = setTimeout(() => this.expire(), 24 * 3600_000);
  }
  expire() {}
}
function operation() {
  new Session();
}`,
    kind: 'timer',
    name: /Timeout|expire|callback/,
    declared: 'this.expire()',
    adds: 'setTimeout(() => this.expire()',
  },
  {
    title: 'variable of a block',
    source: `let operation;
if (process.pid > 0) {
  const limit = 5;
  const names = ['first'];
  const seen = new Map();
  operation = () => {
    seen.set({ limit }, names);
  };
}`,
    kind: 'map',
    name: /^seen$/,
    declared: 'const seen',
    adds: 'seen.set(',
  },
  {
    title: 'linked list that is appended to',
    source: `class Link {
  next = null;
}
const list = { first: null, last: null };
function append(link) {
  if (list.last) list.last.next = link;
  else list.first = link;
  list.last = link;
}
function operation() {
  append(new Link());
}`,
    kind: 'instances',
    name: /^list\.(first|last)/,
    declared: 'const list',
    adds: 'list.last',
  },
  {
    title: 'signal that is made when it is first asked for',
    source: `const shutdown = new AbortController();
function operation() {
  const request = { body: 'x' };
  if (operation.times++ === 0) require('node:events').setMaxListeners(0, shutdown.signal);
  shutdown.signal.addEventListener('abort', () => request);
}
operation.times = 0;`,
    kind: 'listener',
    name: /^shutdown/,
    declared: 'const shutdown',
    adds: 'shutdown.signal.addEventListener(',
  },
  {
    title: 'Map that a closure knows by a parameter too',
    source: `class Store {
  constructor() {
    this.options = {};
    this.options.map = new Map();
    this.each = iterate(this.options.map);
  }
}
function iterate(entries) {
  return () => [...entries];
}
const answers = new Store();
let n = 0;
function operation() {
  answers.options.map.set('k' + ++n, { n });
}`,
    kind: 'map',
    name: /^(Store|answers)\.options\.map$/,
    declared: 'this.options.map = new Map()',
    adds: 'answers.options.map.set(',
  },
  {
    title: 'dictionary whose many entries know what holds it',
    source: `const library = { templates: {} };
function compile(text) {
  return (library.templates[text] = { text, library });
}
for (let i = 0; i < 3000; i++) compile('early-' + i);
let n = 0;
function operation() {
  compile('late-' + ++n);
}`,
    kind: 'object',
    name: /^library\.templates$/,
    declared: 'const library',
    adds: 'library.templates[text]',
  },
  {
    title: 'global property behind a symbol',
    source: `const HITS = Symbol.for('app.hits');
globalThis[HITS] = new Map();
let n = 0;
function operation() {
  globalThis[HITS].set('k' + ++n, { n });
}`,
    kind: 'map',
    name: /^globalThis.<symbol app\.hits>$/,
    declared: 'globalThis[HITS] = new Map()',
    adds: 'globalThis[HITS].set(',
  },
  {
    title: 'cache whose holder was given no limit',
    source: `class Answers {
  constructor({ max = Infinity } = {}) {
    this.max = max;
    this.byKey = new Map();
  }
  add(key, value) {
    if (this.byKey.size >= this.max) this.byKey.delete(this.byKey.keys().next().value);
    this.byKey.set(key, value);
  }
}
const answers = new Answers();
let n = 0;
function operation() {
  answers.add('k' + ++n, { n });
}`,
    kind: 'map',
    name: /^Answers\.byKey$/,
    declared: 'this.byKey = new Map()',
    adds: 'this.byKey.set(key',
  },
  {
    title: 'memoizer whose options leave the limit out',
    source: `function memoize(compute, options) {
  const results = new Map();
  return (key) => {
    const { most } = options;
    if (!results.has(key)) results.set(key, compute(key));
    if (results.size > most) results.clear();
    return results.get(key);
  };
}
const price = memoize((key) => ({ key }), {});
let n = 0;
function operation() {
  price('k' + ++n);
}`,
    kind: 'map',
    name: /^results$/,
    declared: 'const results',
    adds: 'results.set(key',
  },
  {
    title: 'entries that a timer would remove if one was set',
    source: `const seats = new Map();
function take(seat, forMs) {
  seats.set(seat, { seat });
  if (forMs) setTimeout(() => seats.delete(seat), forMs);
}
let n = 0;
function operation() {
  take(++n);
}`,
    kind: 'map',
    name: /^seats$/,
    declared: 'const seats',
    adds: 'seats.set(seat',
  },
  {
    title: 'numbers, whose table doubles only now and then',
    source: `const seen = new Set();
let n = 0;
while (n < 200) seen.add(++n);
function operation() {
  seen.add(++n);
}`,
    kind: 'set',
    name: /^seen$/,
    declared: 'const seen',
    adds: 'seen.add(++n);\n}',
  },
  {
    title: 'signal that every call before knows as its parameter',
    source: `const shutdown = new AbortController();
require('node:events').setMaxListeners(0, shutdown.signal);
function until(signal) {
  signal.addEventListener('abort', () => signal.reason);
}
for (let i = 0; i < 20; i++) until(shutdown.signal);
function operation() {
  until(shutdown.signal);
}`,
    kind: 'listener',
    name: /^shutdown/,
    declared: 'const shutdown',
    adds: 'signal.addEventListener(',
  },
  {
    title: 'field that another class has with a limit',
    source: `class Recent {
  rows = new Map();
  add(key, row) {
    this.rows.set(key, row);
    if (this.rows.size > 100_000) this.rows.clear();
  }
}
class Everything {
  constructor() { this.rows = new Map(); }
  put(key, row) {
    this.rows.set(key, row);
  }
}
const recent = new Recent();
const all = new Everything();
let n = 0;
function operation() {
  recent.add('last', { n });
  all.put(++n, { n });
}`,
    kind: 'map',
    name: /^Everything\.rows$/,
    declared: 'this.rows = new Map()',
    adds: 'this.rows.set(key, row);\n  }\n}\nconst',
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
    title: 'large cache at its limit',
    source: `const cache = new Map();
let n = 0;
function operation() {
  while (cache.size < 500) cache.set(++n, { n });
  cache.set(++n, { n });
  if (cache.size > 500) cache.delete(cache.keys().next().value);
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
    title: 'cache that is given a limit far away',
    source: `const options = { most: 100_000 };
const cache = new Map();
let n = 0;
function operation() {
  cache.set(++n, { n });
  if (cache.size > options.most) cache.delete(cache.keys().next().value);
}`,
  },
  {
    title: 'entries that a debounced sweep removes',
    source: `const later = (run, ms) => {
  let timer = null;
  return () => (timer ??= setTimeout(() => { timer = null; run(); }, ms));
};
const seen = new Map();
let n = 0;
const sweep = later(() => seen.clear(), 60_000);
function operation() {
  seen.set(++n, { n });
  sweep();
}
setInterval(sweep, 1000);`,
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
  {
    title: 'modules that are loaded when they are needed',
    source: `const names = ['zlib', 'dns', 'http2', 'tls', 'readline', 'cluster', 'dgram', 'https', 'repl', 'inspector'];
let n = 0;
function operation() {
  if (n++ % 10 === 0 && names.length > 0) require('node:' + names.pop());
}`,
  },
  {
    title: 'requests in flight',
    source: `const waiting = new Map();
let n = 0;
function operation() {
  const id = ++n;
  waiting.set(id, { id });
  setTimeout(() => waiting.delete(id), 20);
}`,
  },
  {
    title: 'listeners that are taken off',
    source: `const bus = new (require('node:events'))();
function operation() {
  const heard = () => {};
  bus.on('change', heard);
  bus.off('change', heard);
  bus.once('done', () => {});
  bus.emit('done');
}`,
  },
  {
    title: 'groups that a timer sweeps through a helper of the compiler',
    source: `function toAsync(run) {
  return function () {
    const steps = run.apply(this, arguments);
    return new Promise((resolve) => {
      const next = (value) => {
        const { done, value: given } = steps.next(value);
        if (done) resolve(given);
        else Promise.resolve(given).then(next);
      };
      next();
    });
  };
}
class Group {
  constructor() {
    this.instances = {};
    const self = this;
    setInterval(
      toAsync(function* () {
        for (const key in self.instances) if (yield self.instances[key].idle()) self.remove(key);
      }),
      60_000,
    ).unref();
  }
  key(name) { return (this.instances[name] ??= { name, idle: async () => true }); }
  remove(name) { delete this.instances[name]; }
}
const group = new Group();
let n = 0;
function operation() {
  group.key('user-' + ++n);
}`,
  },
  {
    title: 'sockets that a timer closes',
    source: `const net = require('node:net');
const server = net.createServer((socket) => socket.on('error', () => {}).resume());
const ready = new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
async function operation() {
  await ready;
  await new Promise((resolve) => {
    const socket = net.connect(server.address().port, '127.0.0.1', resolve);
    setTimeout(() => socket.destroy(), 60_000).unref();
  });
}`,
  },
  {
    title: 'sockets that close when they are idle',
    source: `const net = require('node:net');
const server = net.createServer((socket) => socket.on('error', () => {}).resume());
const ready = new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
async function operation() {
  await ready;
  await new Promise((resolve) => {
    const socket = net.connect(server.address().port, '127.0.0.1', resolve);
    socket.setTimeout(60_000, () => socket.destroy());
  });
}`,
  },
  {
    title: 'buckets that a timer empties in turn',
    source: `const wheel = Array.from({ length: 64 }, () => new Set());
let at = 0;
setInterval(() => { at = (at + 1) % wheel.length; wheel[at].clear(); }, 30_000).unref();
function operation() {
  wheel[(at + 40) % wheel.length].add({ at });
}`,
  },
];

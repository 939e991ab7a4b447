/** An HTTP server with one leak, hunted through the command line as anybody would. */
export interface ServedLeak {
  readonly title: string;
  /** Defines `handle(request, response)`. */
  readonly source: string;
  readonly name: RegExp;
  /** A piece of the line that declares what grows, or, where Node itself keeps it, that makes it. */
  readonly declared: string;
  /** A piece of the line that adds; null where no single line can be watched. */
  readonly adds: string | null;
}

export const servedLeaks: readonly ServedLeak[] = [
  {
    title: 'once listeners that know their emitter',
    source: `const { AsyncLocalStorage } = require('node:async_hooks');
const { EventEmitter } = require('node:events');
const requests = new AsyncLocalStorage();
const pool = new EventEmitter();
pool.setMaxListeners(0);
let n = 0;
function waitForDrain() {
  const store = requests.getStore();
  pool.once('drain', () => store.done());
}
function handle(request) {
  requests.run({ id: ++n, headers: request.headers, done() {} }, waitForDrain);
}`,
    name: /^pool/,
    declared: 'const pool',
    adds: "pool.once('drain'",
  },
  {
    title: 'races against a promise that stays pending',
    source: `class Server {
  constructor() { this.closed = new Promise((resolve) => { this.close = resolve; }); }
  async answer(url) {
    const work = new Promise((resolve) => setImmediate(resolve, { url }));
    return Promise.race([work, this.closed]);
  }
}
const server = new Server();
async function handle(request) { await server.answer(request.url); }`,
    name: /closed/,
    declared: 'this.closed = new Promise',
    adds: 'Promise.race',
  },
  {
    title: 'interval of each connection, kept in a field',
    source: `class Connection {
  constructor(url) {
    this.url = url;
    this.timer = setInterval(this.heartbeat.bind(this), 30_000);
    this.timer.unref();
  }
  heartbeat() { this.last = Date.now(); }
}
function handle(request) { new Connection(request.url); }`,
    name: /heartbeat/,
    declared: 'heartbeat() {',
    adds: 'setInterval(',
  },
  {
    title: 'closures that share a scope with the thing before',
    source: `let theThing = null;
function replaceThing() {
  const originalThing = theThing;
  const unused = function () { if (originalThing) console.log('hi'); };
  theThing = {
    longText: new Array(500).join('*'),
    someMethod() { console.log('message'); },
  };
}
function handle() { replaceThing(); }`,
    name: /^theThing/,
    declared: 'let theThing',
    adds: null,
  },
  {
    title: 'agent of each request, with its sockets',
    source: `const http = require('node:http');
const upstream = http.createServer((_, answer) => answer.end('up')).listen(0, '127.0.0.1');
upstream.keepAliveTimeout = 600_000;
async function handle() {
  const agent = new http.Agent({ keepAlive: true });
  const { port } = upstream.address();
  await new Promise((resolve, reject) => {
    http.get({ port, host: '127.0.0.1', agent }, (r) => r.resume().on('end', resolve)).on('error', reject);
  });
}`,
    name: /^Socket/,
    declared: 'http.get(',
    adds: 'http.get(',
  },
  {
    title: 'calls that a WeakMap keeps for a function that stays',
    source: `const state = new WeakMap();
function recorder(fn) {
  const wrapped = function (...args) {
    state.get(wrapped).calls.push(args);
    return fn(...args);
  };
  state.set(wrapped, { calls: [], name: fn.name });
  return wrapped;
}
const route = recorder(function route(url) { return url.length; });
function handle(request) { route(request.url, Date.now()); }`,
    name: /^state/,
    declared: 'const state',
    adds: '.calls.push',
  },
  {
    title: 'text that is appended to and searched',
    source: `let accessLog = '';
function handle(request) {
  accessLog += request.method + ' ' + request.url + ' ' + Date.now() + '\\n';
  if (accessLog.indexOf('POST /never') !== -1) throw new Error('never');
}`,
    name: /^accessLog/,
    declared: 'let accessLog',
    adds: null,
  },
  {
    title: 'Buffer that is joined with the next one',
    source: `let received = Buffer.alloc(0);
function handle(request) {
  received = Buffer.concat([received, Buffer.from(JSON.stringify(request.headers).padEnd(600))]);
}`,
    name: /^received/,
    declared: 'let received',
    adds: null,
  },
  {
    title: 'generators that are never finished',
    source: `const cursors = new Set();
function* pages(url) { let page = 0; while (true) yield { url, page: page++ }; }
function handle(request) {
  const cursor = pages(request.url);
  cursors.add(cursor);
  cursor.next();
}`,
    name: /^cursors/,
    declared: 'const cursors',
    adds: 'cursors.add',
  },
  {
    title: 'subscribers of a diagnostics channel',
    source: `const diagnostics = require('node:diagnostics_channel');
const requests = diagnostics.channel('app:requests');
function handle(request) {
  const started = { url: request.url, at: Date.now() };
  requests.subscribe((message) => { started.last = message; });
}`,
    name: /^requests/,
    declared: 'const requests',
    adds: 'requests.subscribe',
  },
  {
    title: 'listeners of a worker',
    source: `const { Worker } = require('node:worker_threads');
const echo = "const { parentPort } = require('worker_threads'); parentPort.on('message', (m) => parentPort.postMessage(m))";
const worker = new Worker(echo, { eval: true });
worker.setMaxListeners(0);
let n = 0;
async function handle() {
  const mine = ++n;
  await new Promise((resolve) => {
    worker.on('message', (message) => { if (message === mine) resolve(); });
    worker.postMessage(mine);
  });
}`,
    name: /^worker/,
    declared: 'const worker',
    adds: "worker.on('message'",
  },
  {
    title: 'one object per request in a heap that moves',
    source: `const table = new Map();
for (let i = 0; i < 30_000; i++) table.set('static-' + i, { i });
const ring = new Array(30);
let at = 0;
const seen = new Set();
function handle() {
  ring[at++ % ring.length] = Array.from({ length: 1000 + Math.floor(Math.random() * 4000) }, (_, i) => ({ i }));
  seen.add({ at });
}`,
    name: /^seen/,
    declared: 'const seen',
    adds: 'seen.add',
  },
  {
    title: 'list that is copied for each new entry',
    source: `let listeners = [];
function subscribe(listener) {
  listeners = [...listeners, listener];
  return () => { listeners = listeners.filter((one) => one !== listener); };
}
function handle(request) {
  const { url } = request;
  subscribe(() => url.length);
}`,
    name: /^listeners/,
    declared: 'let listeners',
    adds: null,
  },
  {
    title: 'finalization registry of an object that stays',
    source: `const registry = new FinalizationRegistry((held) => held.close());
const app = { name: 'app' };
function handle(request) {
  registry.register(app, { url: request.url, close() {} });
}`,
    name: /^registry/,
    declared: 'const registry',
    adds: 'registry.register',
  },
  {
    title: 'removal by a key that is never there',
    source: `const inFlight = new Map();
let n = 0;
function begin(request) {
  const id = ++n;
  inFlight.set(id, { url: request.url });
  return id;
}
function end(id) { inFlight.delete(String(id)); }
function handle(request, response) {
  const id = begin(request);
  response.on('finish', () => end(id));
}`,
    name: /^inFlight/,
    declared: 'const inFlight',
    adds: 'inFlight.set',
  },
  {
    title: 'marks on the timeline that only Node keeps',
    source: `const { performance } = require('node:perf_hooks');
let n = 0;
function handle(request) {
  performance.mark('request-' + ++n, { detail: { url: request.url, headers: { ...request.headers } } });
}`,
    name: /^markEntryBuffer$/,
    declared: 'function handle',
    adds: null,
  },
  {
    title: 'list whose limit never holds, since arrays have no size',
    source: `const audit = { errors: [], most: 50 };
function handle(request) {
  audit.errors.push({ url: request.url, at: new Date() });
  if (audit.errors.size > audit.most) audit.errors.shift();
}`,
    name: /^audit\.errors$/,
    declared: 'const audit',
    adds: 'audit.errors.push',
  },
  {
    title: 'sockets that nobody closes beside timers of their requests',
    source: `const net = require('node:net');
const upstream = net.createServer(function accept(socket) { socket.on('data', function onData() {}); });
upstream.listen(0, '127.0.0.1');
function handle(request) {
  setTimeout(() => request.destroy(), 20_000).unref();
  return new Promise((resolve) => ask(upstream.address().port, resolve));
}
function ask(port, resolve) {
  net.connect(port, '127.0.0.1', function connected() { resolve(); });
}`,
    name: /^onData$/,
    declared: 'function onData',
    adds: null,
  },
];

/** Servers that grow under the same requests for a while, or look so. */
export const servedInnocents: readonly { readonly title: string; readonly source: string }[] = [
  {
    title: 'LRU that trims in a method of its own',
    source: `class Lru {
  #map = new Map();
  #most;
  constructor(most) { this.#most = most; }
  set(key, value) {
    this.#map.delete(key);
    this.#map.set(key, value);
    this.#trim();
  }
  #trim() { while (this.#map.size > this.#most) this.#map.delete(this.#map.keys().next().value); }
}
const cache = new Lru(1000);
let n = 0;
function handle(request) { cache.set('k' + ++n, { url: request.url }); }`,
  },
  {
    title: 'LRU as a linked list with an index',
    source: `function LinkedLru(limit) {
  this.size = 0;
  this.limit = limit;
  this.index = Object.create(null);
  this.head = this.tail = undefined;
}
LinkedLru.prototype.put = function (key, value) {
  const entry = { key, value, older: this.tail, newer: undefined };
  this.index[key] = entry;
  if (this.tail) this.tail.newer = entry;
  else this.head = entry;
  this.tail = entry;
  if (this.size === this.limit) this.shift();
  else this.size++;
};
LinkedLru.prototype.shift = function () {
  const entry = this.head;
  this.head = entry.newer;
  this.head.older = undefined;
  delete this.index[entry.key];
};
const cache = new LinkedLru(2000);
let n = 0;
function handle(request) { cache.put('k' + ++n, { url: request.url }); }`,
  },
  {
    title: 'keys at random from a finite number',
    source: `const words = Object.create(null);
function handle() { (words['w' + Math.floor(Math.random() * 700)] ??= { count: 0 }).count++; }`,
  },
  {
    title: 'finite number of keys, more than the rounds ask for',
    source: `const users = new Map();
let n = 0;
function handle() {
  const id = 'user' + (n++ % 1500);
  if (!users.has(id)) users.set(id, { id });
}`,
  },
  {
    title: 'batch that is written past a number of bytes',
    source: `const batch = { rows: [], bytes: 0 };
function flush() { batch.rows.length = 0; batch.bytes = 0; }
function handle(request) {
  const row = JSON.stringify({ url: request.url, at: Date.now() });
  batch.rows.push(row);
  batch.bytes += row.length;
  if (batch.bytes > 262_144) flush();
}`,
  },
  {
    title: 'timeout for each key',
    source: `const cache = new Map();
function remember(key, value) {
  cache.set(key, value);
  setTimeout(() => cache.delete(key), 120_000).unref();
}
let n = 0;
function handle(request) { remember('k' + ++n, { url: request.url }); }`,
  },
  {
    title: 'entries that are removed by their age',
    source: `const hits = new Map();
const span = 60_000;
function prune(now) { for (const [ip, hit] of hits) if (now - hit.at > span) hits.delete(ip); }
let n = 0;
function handle() {
  const now = Date.now();
  prune(now);
  hits.set('ip' + ++n, { at: now });
}`,
  },
  {
    title: 'ring with an index',
    source: `const size = 8192;
const ring = [];
let at = 0;
function handle(request) { ring[at] = { url: request.url }; at = (at + 1) % size; }`,
  },
  {
    title: 'ring with a mask',
    source: `const ring = new Array(8192);
let at = 0;
function handle(request) { ring[at++ & 8191] = { url: request.url, when: new Date() }; }`,
  },
  {
    title: 'timeouts of requests',
    source: `function handle(request) { setTimeout(() => request.destroy(), 8000).unref(); }`,
  },
  {
    title: 'code that is compiled again and again',
    source: `let n = 0;
let sum = 0;
function handle() {
  const f = new Function('a', 'return a * ' + (n++ % 50) + ' + a;');
  for (let i = 0; i < 2000; i++) sum += f(i);
}`,
  },
  {
    title: 'undo list that begins anew',
    source: `const undo = { head: null, size: 0 };
function handle(request) {
  const full = undo.size >= 1000;
  const previous = full ? null : undo.head;
  undo.head = { previous, run: () => request.url };
  undo.size = full ? 1 : undo.size + 1;
}`,
  },
  {
    title: 'two generations of a cache',
    source: `let young = new Map();
let old = new Map();
function set(key, value) {
  young.set(key, value);
  if (young.size >= 5000) {
    old = young;
    young = new Map();
  }
}
let n = 0;
function handle(request) { set('k' + ++n, { url: request.url }); }`,
  },
  {
    title: 'set that is cleared when it is full',
    source: `const seen = new Set();
function remember(id) {
  if (seen.size === 10_000) seen.clear();
  seen.add(id);
}
let n = 0;
function handle() { remember('m' + ++n); }`,
  },
  {
    title: 'sockets that an agent keeps for later',
    source: `const http = require('node:http');
const upstream = http.createServer((_, answer) => answer.end('up')).listen(0, '127.0.0.1');
const agent = new http.Agent({ keepAlive: true });
const get = (port) => new Promise((resolve, reject) => {
  http.get({ port, host: '127.0.0.1', agent }, (r) => r.resume().on('end', resolve)).on('error', reject);
});
async function handle() { await Promise.all([1, 2, 3].map(() => get(upstream.address().port))); }`,
  },
  {
    title: 'index that goes with the order of its keys',
    source: `const most = { entries: 7000 };
const index = Object.create(null);
const order = [];
let n = 0;
function handle() {
  const key = 'k' + ++n;
  index[key] = { n };
  order.push(key);
  if (order.length > most.entries) for (const old of order.splice(0, 1000)) delete index[old];
}`,
  },
  {
    title: 'Map that begins anew when it is full',
    source: `class Seen {
  constructor() { this.keys = new Map(); }
  add(key) {
    if (this.keys.size === 1024) this.keys = new Map();
    this.keys.set(key, { key });
  }
}
const seen = new Seen();
let n = 0;
function handle() { seen.add('k' + ++n); }`,
  },
  {
    title: 'listeners of signals that time out',
    source: `function handle() {
  AbortSignal.timeout(30_000).addEventListener('abort', () => 'late');
}`,
  },
];

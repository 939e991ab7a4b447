import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { detect, detectIn } from '../../../src/code/detect';
import { SourceProgram } from '../../../src/code/program/source-program';

const found = (text: string, file = '/project/src/cache.ts', evidence: { line: number }[] = []) =>
  detect(file, text, {
    evidence: evidence.map(({ line }) => ({ file, line, entries: [1, 2, 3], retainedSizes: [1, 2, 3] })),
    lazyImportMinimumBytes: 1e6,
  }).filter((smell) => smell.rule === 'unbounded-collection');

/** What is reported in the first of files that make a program together: `0.ts`, `1.ts`… */
function inProgram(extension: 'js' | 'ts', ...texts: string[]) {
  const program = new SourceProgram();
  texts.forEach((text, at) => {
    program.set(`/project/src/${at}.${extension}`, text);
  });
  const first = program.parsed(`/project/src/0.${extension}`)!;
  return detectIn(first, { evidence: [], lazyImportMinimumBytes: 1e6 });
}

describe('unbounded collections', () => {
  const flagged: [what: string, text: string, name: string, line: number][] = [
    [
      'a module-level Map that a function adds to',
      'const cache = new Map<string, number>();\nexport function put(k: string) { cache.set(k, 1); }\n',
      'cache',
      1,
    ],
    [
      'a static Set',
      'export class A {\n  static all = new Set<A>();\n  constructor() { A.all.add(this); }\n}\nexport const make = () => new A();\n',
      'all',
      2,
    ],
    [
      'a private instance field',
      'class A {\n  #seen = new Map<string, number>();\n  see(url: string) { this.#seen.set(url, 1); }\n}\nexport const one = new A();\n',
      '#seen',
      2,
    ],
    [
      'a plain object',
      'const byKey: Record<string, number> = {};\nexport const put = (k: string) => (byKey[k] = k.length);\n',
      'byKey',
      1,
    ],
    [
      'an array',
      'const lines: string[] = [];\nexport const log = (line: string) => void lines.push(line);\n',
      'lines',
      1,
    ],
    [
      'the cache of a memoizer',
      'export function memoize(f: (k: string) => number) {\n  const seen = new Map<string, number>();\n  return (k: string) => seen.get(k) ?? seen.set(k, f(k)).get(k);\n}\n',
      'seen',
      2,
    ],
    [
      'a field that the constructor makes',
      'class ItemStore {\n  constructor() { this.items = new Map(); }\n  put(url) { this.items.set(url, 1); }\n}\nmodule.exports = ItemStore;\n',
      'items',
      2,
    ],
    [
      'a Map with an annotation',
      'const cache: Map<string, number> = new Map();\nexport const put = (k: string) => cache.set(k, 1);\n',
      'cache',
      1,
    ],
    [
      'CommonJS',
      'const cache = new Map();\nmodule.exports = (k) => {\n  if (!cache.has(k)) cache.set(k, { k });\n  return cache.get(k);\n};\n',
      'cache',
      1,
    ],
    [
      'a part of an object made at load',
      'class Log {\n  byUrl = new Map();\n  put(url) { this.byUrl.set(url, 1); }\n}\nclass App {\n  constructor() { this.log = new Log(); }\n}\nmodule.exports = new App();\n',
      'byUrl',
      2,
    ],
    [
      'an object of many of which none is ever removed',
      'class Log {\n  byUrl = new Map();\n  put(url) { this.byUrl.set(url, 1); }\n}\nconst logs = new Map();\nexport const of = (plugin) => {\n  let log = logs.get(plugin.id);\n  if (!log) {\n    log = new Log();\n    logs.set(plugin.id, log);\n  }\n  return log;\n};\n',
      'byUrl',
      2,
    ],
    [
      'what only a reset for tests empties',
      'const seen = new Map();\nexport const see = (url) => void seen.set(url, 1);\nexport const resetForTests = () => seen.clear();\n',
      'seen',
      1,
    ],
    [
      'a name that comes out of a request, through a call',
      'const targets = new Map();\nfunction breaker(target) {\n  if (!targets.has(target)) targets.set(target, { target });\n  return targets.get(target);\n}\napp.get("/go", (req, res) => breaker(req.query.to));\n',
      'targets',
      1,
    ],
    [
      'an array of an object that is made at load',
      'class Queue {\n  done = [];\n  finish(job) { this.done.push(job); }\n  get size() { return this.done.length; }\n}\nmodule.exports = new Queue();\n',
      'done',
      2,
    ],
    [
      'what is called by its entries, under keys that say nothing',
      'const sessions = new Map();\nexport const open = (id) => void sessions.set(id, { at: Date.now() });\n',
      'sessions',
      1,
    ],
    [
      'a Map whose size is only reported',
      'const cache = new Map();\nexport const put = (k) => void cache.set(k, 1);\nexport const count = () => cache.size;\n',
      'cache',
      1,
    ],
    [
      'what a factory of stores keeps',
      'export function createSessionStore() {\n  const sessions = new Map();\n  return { get: (sid) => sessions.get(sid), set: (sid, s) => void sessions.set(sid, s) };\n}\n',
      'sessions',
      2,
    ],
    [
      'what a middleware counts by',
      'export function rateLimit() {\n  const hits = {};\n  return (req, res, next) => { hits[req.ip] = (hits[req.ip] || 0) + 1; next(); };\n}\n',
      'hits',
      2,
    ],
    [
      'a decorator that memoizes',
      'export function Memoize() {\n  return (type, key, d) => {\n    const original = d.value;\n    const cache = new Map();\n    d.value = function (...args) {\n      const k = JSON.stringify(args);\n      if (!cache.has(k)) cache.set(k, original.apply(this, args));\n      return cache.get(k);\n    };\n  };\n}\n',
      'cache',
      4,
    ],
    [
      'a field under a symbol',
      "const kHosts = Symbol('hosts');\nclass Lookup {\n  constructor() {\n    this[kHosts] = new Map();\n  }\n  find(host) { if (!this[kHosts].has(host)) this[kHosts].set(host, resolve(host)); return this[kHosts].get(host); }\n}\nexport const lookup = new Lookup();\n",
      'kHosts',
      4,
    ],
    [
      'a list that is made anew with one more',
      'let messages: string[] = [];\nexport function say(message: string) { messages = [...messages, message]; }\n',
      'messages',
      1,
    ],
    [
      'an object that is made anew with one more',
      'let lastSeen: Record<string, number> = {};\nexport function see(userId: string) { lastSeen = { ...lastSeen, [userId]: Date.now() }; }\n',
      'lastSeen',
      1,
    ],
    [
      'what grows inside, under keys of an outer collection that are few',
      "const scores = new Map<'day' | 'week', Map<string, number>>();\nexport function score(span: 'day' | 'week', userId: string, points: number) {\n  let inner = scores.get(span);\n  if (!inner) scores.set(span, (inner = new Map()));\n  inner.set(userId, points);\n}\n",
      'scores',
      1,
    ],
    [
      'a field of what a static method makes once',
      'export class Relay {\n  bans: string[] = [];\n  static shared?: Relay;\n  static get() { return (this.shared ??= new Relay()); }\n  ban(request: Request) { this.bans.push(request.ip); }\n}\n',
      'bans',
      2,
    ],
    [
      'those who were told something once',
      'const warned = new Set<string>();\nexport function warn(userId: string) {\n  if (warned.has(userId)) return;\n  warned.add(userId);\n  console.warn(userId);\n}\n',
      'warned',
      1,
    ],
    [
      'a parameter that is a field',
      'export class Pages {\n  constructor(private readonly html = new Map<string, string>()) {}\n  of(req) { const { text } = req.body; if (!this.html.has(text)) this.html.set(text, render(text)); return this.html.get(text); }\n}\nexport const pages = new Pages();\n',
      'html',
      2,
    ],
    [
      'what a function makes that the module calls',
      'let judged;\nfunction setUp() {\n  judged = new Map();\n}\nexport const judge = (req) => judged.set(req.body.text, 1);\nsetUp();\n',
      'judged',
      1,
    ],
    [
      'what is put in front by splice',
      'const messages: string[] = [];\nexport function say(message: string) { messages.splice(0, 0, message); }\n',
      'messages',
      1,
    ],
    [
      'what an endless loop of the module adds',
      'const sent = new Set();\nfor (;;) {\n  for (const item of await next()) if (!sent.has(item.guid)) remember(item.guid);\n}\nfunction remember(guid) { sent.add(guid); }\n',
      'sent',
      1,
    ],
    [
      'a member of an object of the module, beside others',
      'const state = {\n  sockets: new Map(),\n  started: false,\n};\nexport function connect(userId, ws) { state.sockets.set(userId, ws); }\n',
      'sockets',
      2,
    ],
    [
      'the records of a limiter',
      'export class RateLimiter {\n  buckets = new Map();\n  check(ip) { const n = (this.buckets.get(ip) ?? 0) + 1; this.buckets.set(ip, n); return n < 9; }\n}\n',
      'buckets',
      2,
    ],
    [
      'what a class adds in a method that its constructor only hands over',
      'export class AppServer {\n  transactions = {};\n  constructor(app) { app.put("/:id", this.take.bind(this)); }\n  private take(req, res) { const { id } = req.params; this.transactions[id] ??= run(req.body); }\n}\n',
      'transactions',
      2,
    ],
    [
      'one that a helper adds to',
      'const cache = new Map();\nfunction getOrMake(map, key, make) { let v = map.get(key); if (!v) { v = make(); map.set(key, v); } return v; }\nexport const of = (url) => getOrMake(cache, url, () => url.length);\n',
      'cache',
      1,
    ],
    [
      'a Collection of a Discord library',
      "const Discord = require('discord.js');\nconst last = new Discord.Collection();\nclient.on('messageCreate', (message) => { last.set(message.author.id, message); });\n",
      'last',
      2,
    ],
    [
      'a Map with a method more',
      'class Players extends Map { names() { return [...this.keys()]; } }\nconst players = new Players();\nio.on("connection", (socket) => { players.set(socket.handshake.query.id, socket); });\n',
      'players',
      2,
    ],
    [
      'one that is given out as a property of what keeps it',
      'export function memoize(fn) {\n  const memo = new Map();\n  const memoized = wrap((key) => { if (!memo.has(key)) memo.set(key, fn(key)); return memo.get(key); });\n  return memoized;\n}\n',
      'memo',
      2,
    ],
  ];
  for (const [what, text, name, line] of flagged) {
    it(`flags ${what}`, () => {
      const [smell, ...others] = found(
        text,
        /#|: [A-Za-z]|</.test(text) ? undefined : '/project/src/cache.js',
      );
      assert.ok(smell, 'nothing was flagged');
      assert.equal(others.length, 0);
      assert.equal(smell.identifier, name);
      assert.equal(smell.position.line, line);
    });
  }

  const silent: [what: string, text: string][] = [
    ['delete', 'const m = new Map(); export const f = (k: string) => { m.set(k, 1); m.delete(k); };'],
    [
      'clear',
      'const m = new Map(); export const f = (k: string) => { m.set(k, 1); }; setInterval(() => m.clear(), 9);',
    ],
    [
      'a size check',
      'const m = new Map(); export const f = (k: string) => { if (m.size < 9) m.set(k, 1); };',
    ],
    [
      'a new value',
      'let m = new Map(); export const f = (k: string) => { m.set(k, 1); if (k) m = new Map(); };',
    ],
    [
      'filling at load only',
      'const m = new Map(); for (const k of ["a"]) m.set(k, 1); export const f = () => m.get("a");',
    ],
    [
      'keys that are written out',
      'const m = new Map(); export const f = () => { m.set("a", 1); m.set("b", 2); };',
    ],
    ['a seed', 'const m = new Map([["a", 1]]); export const f = (k: string) => m.set(k, 1).has("a") && 1;'],
    [
      'an exported collection',
      'export const m = new Map(); export const f = (k: string) => { m.set(k, 1); };',
    ],
    ['being passed on', 'const m = new Map(); export const f = (k: string) => { m.set(k, 1); sweep(m); };'],
    ['a local collection', 'export const f = (k: string) => { const m = new Map(); m.set(k, 1); };'],
    [
      'keys of a union of literals',
      'const m = new Map(); export const f = (k: "a" | "b") => void m.set(k, 1);',
    ],
    [
      'keys of an enum',
      'enum E { A, B } const m = new Map<E, number>(); export const f = (k: E) => m.set(k, 1) && 1;',
    ],
    [
      'keys of a keyof',
      'const o = { a: 1, b: 2 }; const m = new Map(); export const f = (k: keyof typeof o) => void m.set(k, 1);',
    ],
    [
      'deletion from an object',
      'const m: any = {}; export const f = (k: string) => { m[k] = 1; delete m[k]; };',
    ],
    ['a length set', 'const a: any[] = []; export const f = (k: string) => { a.push(k); a.length = 0; };'],
    [
      'one object for each socket',
      'class Log { byUrl = new Map(); put(url) { this.byUrl.set(url, 1); } }\nserver.on("connection", (socket) => { logs.add(new Log(socket)); });',
    ],
    [
      'one object of many that come and go',
      'class Log { byUrl = new Map(); put(url) { this.byUrl.set(url, 1); } }\nconst logs = new Map(); export const of = (plugin) => void logs.set(plugin.id, new Log());\nexport const end = (plugin) => void logs.delete(plugin.id);',
    ],
    [
      'a list of objects that are all made at load',
      'class Part {\n  static all = [];\n  constructor() { Part.all.push(this); }\n}\nconst first = new Part();\n',
    ],
    [
      'what a function empties that is not only for tests',
      'const seen = new Map(); export const see = (url) => void seen.set(url, 1); export const forget = () => seen.clear();',
    ],
    [
      'a field under a symbol that something deletes from',
      "const kHosts = Symbol('hosts');\nclass Lookup {\n  constructor() { this[kHosts] = new Map(); }\n  find(host) { if (!this[kHosts].has(host)) this[kHosts].set(host, resolve(host)); }\n  forget(host) { this[kHosts].delete(host); }\n}\nexport const lookup = new Lookup();\n",
    ],
    [
      'what is made anew by more than one function',
      'let judged;\nfunction setUp() { judged = new Map(); }\nexport const judge = (req) => judged.set(req.body.text, 1);\nexport const forget = () => { judged = new Map(); };\nsetUp();\n',
    ],
    [
      'the last ten of a list that is made anew',
      'let messages: string[] = [];\nexport function say(message: string) { messages = [...messages, message].slice(-10); }\n',
    ],
    [
      'what is taken out again inside',
      "const scores = new Map<'day' | 'week', Map<string, number>>();\nexport function score(span: 'day' | 'week', userId: string, points: number) {\n  let inner = scores.get(span);\n  if (!inner) scores.set(span, (inner = new Map()));\n  inner.set(userId, points);\n}\nexport const leave = (span: 'day' | 'week', userId: string) => scores.get(span)?.delete(userId);\n",
    ],
    [
      'a list that a compiled generator makes new',
      'class Transport {\n  constructor() { this.frames = []; }\n  start(socket) { socket.on("data", (frame) => { this.frames.push(frame); }); }\n  iterate() {\n    return __asyncGenerator(this, arguments, function* iterate_1() {\n      const frames = this.frames;\n      this.frames = [];\n      yield frames;\n    });\n  }\n}\nexports.transport = new Transport();\n',
    ],
    [
      'names of own parts',
      'const byPlugin = new Map(); export const f = (plugin) => void byPlugin.set(plugin.name, plugin);',
    ],
    ['sums by name', 'const sums = {}; function f(key) { sums[key] = (sums[key] || 0) + 1; }'],
    [
      'what is only kept in a test',
      'const sent = new Map(); export const f = (url) => { if (process.env.CI) sent.set(url, 1); };',
    ],
    [
      'a small range of numbers',
      'const small = new Map(); export const f = (n) => { if (n >= 0 && n < 256) small.set(n, String(n)); };',
    ],
    [
      'objects that nobody keeps',
      'export class A { private m = new Map(); put(k: string) { this.m.set(k, 1); } }',
    ],
    [
      'a comment',
      '// heapwright-ignore-next-line unbounded-collection -- one per tenant\nconst m = new Map(); export const f = (k: string) => void m.set(k, 1);',
    ],
    [
      'a comment for the file',
      '/* heapwright-ignore-file */\nconst m = new Map(); export const f = (k: string) => void m.set(k, 1);',
    ],
    ['WeakMap', 'const m = new WeakMap(); export const f = (k: object) => { m.set(k, 1); };'],
    ['a syntax error', 'const m = new Map(); export const f = (k: string) => { m.set(k, 1); ;;; ) };'],
    [
      'another collection of the same name',
      'const m = new Map(); export const f = (m: any, k: string) => { m.set(k, 1); };',
    ],
    [
      'a helper that is given an address of the configuration',
      'const agents = new Map();\nfunction getOrMake(map, key, make) { let v = map.get(key); if (!v) { v = make(); map.set(key, v); } return v; }\nexport const of = (apiRoot) => getOrMake(agents, apiRoot, () => new Agent());',
    ],
    [
      'a life that is that of one connection',
      'export function serve(server) { server.on("connection", (ws) => { const seen = new Map(); ws.on("message", (message) => seen.set(message.id, 1)); }); }',
    ],
    [
      'the sweep of a Collection',
      "const { Collection } = require('discord.js');\nconst last = new Collection();\nclient.on('messageCreate', (message) => { last.set(message.author.id, Date.now()); last.sweep((at) => at < Date.now() - 9e4); });\n",
    ],
    [
      'a Map that keeps a limit itself',
      'class Last extends Map { set(key, value) { if (this.size > 99) super.delete(this.keys().next().value); return super.set(key, value); } }\nconst last = new Last();\nio.on("connection", (socket) => { last.set(socket.handshake.query.id, socket); });\n',
    ],
    [
      'classes that decorators name',
      'export class Meta { static links = new Map(); static add(target, key) { this.links.set(target, (this.links.get(target) ?? []).concat(key)); } }',
    ],
    [
      'a table of listeners that is asserted to have each once',
      'export class Engine { dataWatchers = new Set(); addDataWatcher(watcher) { this.dataWatchers.add(watcher); } }\nexport const engine = new Engine();',
    ],
  ];
  for (const [what, text] of silent) {
    it(`is silenced by ${what}`, () => assert.deepEqual(found(text), []));
  }

  it('raises its voice where growth was measured at the line', () => {
    const text = 'const cache = new Map();\nexport const put = (k: string) => void cache.set(k, 1);\n';
    assert.equal(found(text)[0]?.severity, 'information');
    assert.equal(found(text, undefined, [{ line: 1 }])[0]?.severity, 'warning');
    assert.equal(found(text, undefined, [{ line: 2 }])[0]?.severity, 'information');
  });

  it('says what is added where', () => {
    const [smell] = found(
      'const cache = new Map();\n\nexport const put = (user: any) => void cache.set(user.id, 1);\n',
    );
    assert.match(smell?.message ?? '', /added in line 3 from user\.id/);
  });

  it('offers no limit where only the name of an address says that there are many', () => {
    const text =
      'const cache = new Map();\nfunction find(url) {\n  let v = cache.get(url);\n  if (!v) { v = new URL(url); cache.set(url, v); }\n  return v;\n}\nload(find);\n';
    const offered = (smells: ReturnType<typeof found>) =>
      smells[0]?.rewrites.some(({ refusal }) => refusal === null);
    assert.equal(offered(found(text)), false);
    const ofRequests = text.replace('load(find)', 'app.get("/", (req) => find(req.query.url))');
    assert.equal(offered(found(ofRequests)), true);
    // A heap that grew there is no doubt.
    assert.equal(offered(found(text, '/project/src/cache.ts', [{ line: 1 }])), true);
  });

  it('reports what others could reach where they are all known', () => {
    const hits =
      'const app = express();\napp.locals.hits = {};\napp.use((req, res) => { app.locals.hits[req.path] = (app.locals.hits[req.path] || 0) + 1; });\n';
    assert.deepEqual(
      inProgram('js', hits).map(({ identifier }) => identifier),
      ['hits'],
    );
    assert.deepEqual(inProgram('js', `${hits}setInterval(() => { app.locals.hits = {}; }, 1000);\n`), []);
    const sent =
      'const sent = (globalThis.__sent ||= new Set());\nmodule.exports = (req) => { if (sent.has(req.id)) return false; sent.add(req.id); return true; };\n';
    assert.deepEqual(
      inProgram('js', sent).map(({ identifier }) => identifier),
      ['sent'],
    );
    assert.deepEqual(inProgram('js', `${sent}setInterval(() => sent.clear(), 1000);\n`), []);
  });

  it('rewrites nothing under a symbol, nothing that is made anew, and nothing that grows inside', () => {
    const get = (cache: string) =>
      `export const of = (req) => {\n  const url = req.query.url;\n  if (!${cache}.has(url)) ${cache}.set(url, parse(url));\n  return ${cache}.get(url);\n};\n`;
    const offered = (text: string) =>
      found(text).map(({ rewrites }) => rewrites.some(({ refusal }) => refusal === null));
    assert.deepEqual(offered(`const cache = new Map();\n${get('cache')}`), [true]);
    const underSymbol = `const kCache = Symbol();\nclass Parser {\n  constructor() { this[kCache] = new Map(); }\n  ${get('this[kCache]').replace('export const of = (req) =>', 'of(req)').replace('};', '}')}}\nexport const it = new Parser();\n`;
    assert.deepEqual(offered(underSymbol), [false]);
    const copied =
      'let cache = {};\nexport const of = (req) => {\n  const url = req.query.url;\n  if (!cache[url]) cache = { ...cache, [url]: parse(url) };\n  return cache[url];\n};\n';
    assert.deepEqual(offered(copied), [false]);
    const inside =
      'const cache = { html: new Map() };\nconst byKind = new Map<"a" | "b", Map<string, string>>();\nexport const of = (kind: "a" | "b", req) => {\n  const url = req.query.url;\n  const inner = byKind.get(kind) ?? new Map();\n  byKind.set(kind, inner);\n  inner.set(url, parse(url));\n};\n';
    assert.deepEqual(offered(inside), [false]);
    const times =
      'const times = new Map();\nexport const of = (req) => {\n  const recent = (times.get(req.ip) ?? []).filter(isRecent);\n  recent.push(Date.now());\n  times.set(req.ip, recent);\n  return recent.length;\n};\n';
    assert.deepEqual(offered(times), [false]);
    const hosts = (change: string) =>
      `const hosts = new Map();\nexport const of = (req) => {\n  const ip = req.query.ip;\n  const host = hosts.get(ip) ?? parse(ip);\n${change}  hosts.set(ip, host);\n  return host;\n};\n`;
    assert.deepEqual(offered(hosts('')), [true]);
    assert.deepEqual(offered(hosts('  host.last = Date.now();\n')), [false]);
    assert.deepEqual(offered(hosts('  host.names.push(req.query.name);\n')), [false]);
  });

  it('reports what is kept by hosts, and not what is kept for one request', () => {
    const text =
      'const perHost = new Map();\nexport const count = (host: string) => perHost.set(host, (perHost.get(host) ?? 0) + 1);\n';
    assert.equal(found(text).length, 1);
    assert.equal(found(text.replaceAll('perHost', 'perRequest')).length, 0);
  });

  it('is silent where the function that makes it fills it, also from its own promises', () => {
    const text =
      'module.exports = function (servers) {\n  const running = [];\n  return start().then(() => {\n    servers.forEach((one) => running.push(one.listen()));\n    one.on("x", () => running.map(String));\n  });\n};\n';
    assert.equal(found(text, '/project/src/start.js').length, 0);
  });

  it('is silent about what those that listen registered, and about plugins that count themselves', () => {
    const bot =
      'class Bot {\n  constructor() { this.events = {}; }\n  on(event, handler) {\n    if (!this.events[event]) this.events[event] = [];\n    this.events[event].push({ handler });\n  }\n}\nmodule.exports = Bot;\n';
    assert.deepEqual(found(bot, '/project/src/bot.js'), []);
    assert.equal(
      found(bot.replaceAll(', handler', ', text').replaceAll('{ handler }', 'text'), '/project/src/bot.js')
        .length,
      1,
    );
    const plugin =
      'const instances = [];\nclass InlinePlugin {\n  constructor() { instances.push(this); }\n}\nmodule.exports = InlinePlugin;\n';
    assert.deepEqual(found(plugin, '/project/src/plugin.js'), []);
    assert.equal(found(plugin.replaceAll('InlinePlugin', 'Visitor'), '/project/src/plugin.js').length, 1);
  });

  it('reports the log of what a container makes once', () => {
    const text =
      'class Blocked {\n  errors = [];\n  note(error) { this.errors.push(error); }\n}\nfunction main(container) { container.provide("blocked", () => new Blocked()); }\n';
    assert.equal(found(text).length, 1);
    assert.deepEqual(
      found(text.replace('container.provide("blocked", () => new Blocked())', 'new Blocked().note(1)')),
      [],
    );
  });

  it('is silent about what only those have that a table of the program knows', () => {
    const get = (guard: string) =>
      `const DATA = { Moves: {} };\nconst cache = new Map();\nexport const move = (req) => {\n  const id = req.query.id;\n  let found = cache.get(id);\n  if (found) return found;\n${guard}  return found;\n};\n`;
    const put = 'cache.set(id, found);\n';
    assert.equal(found(get(`  found = parse(id);\n  ${put}`)).length, 1);
    for (const guard of [
      `  if (Object.hasOwn(DATA, id)) { found = parse(id); ${put} }\n`,
      `  if (id in DATA && id.length > 2) ${put}`,
      `  if (!DATA.hasOwnProperty(id)) return null;\n  ${put}`,
      `  found = parse(id);\n  if (found.exists) ${put}`,
    ])
      assert.deepEqual(found(get(guard)), [], guard);
    // Sessions come and go; what is kept for each of them stays.
    assert.equal(found(get(`  if (sessions.has(id)) ${put}`)).length, 1);
    assert.equal(found(get(`  if (!(id in DATA)) ${put}`)).length, 1);
  });

  it('is silent about what a constructor function fills, and what a module calls once', () => {
    const server = (fill: string) =>
      `var Server = function (binds) {\n  var self = this;\n  self.sockets = {};\n  ${fill}\n};\nServer.prototype.of = function (id) { return this.sockets[id]; };\nmodule.exports = new Server([]);\n`;
    const each = 'function (user) { self.sockets[user.id] = open(user.id); }';
    assert.deepEqual(found(server(`binds.forEach(${each});`), '/project/src/server.js'), []);
    const tools = (call: string) =>
      `class Tools {\n  exits = new Set();\n  async update() { for (const ip of await fetchAll()) this.exits.add(ip); }\n  isExit(ip) { return this.exits.has(ip); }\n}\nconst tools = new Tools();\n${call}\n`;
    const ofTools = (call: string) => inProgram('js', tools(call)).length;
    assert.equal(ofTools('void tools.update();'), 0);
    assert.equal(ofTools('setInterval(() => void tools.update(), 1000);'), 1);
  });

  it('is silent about what was said once, and about databases that count themselves', () => {
    const schema = (name: string) =>
      `const said = {};\nexport function ${name}(severity, message) {\n  if (said[message]) return;\n  log[severity](message);\n  said[message] = true;\n}\n`;
    assert.deepEqual(found(schema('logOnce')), []);
    assert.equal(found(schema('handle')).length, 1);
    const open =
      'const all = [];\nclass Database {\n  constructor() { all.push(this); }\n}\nmodule.exports = Database;\n';
    assert.deepEqual(found(open, '/project/src/database.js'), []);
  });

  it('takes addresses of hardware for the few things that have them', () => {
    const text = (key: string) =>
      `class DeviceManager {\n  timers = new Map();\n  on(device) {\n    if (!this.timers.has(device.${key})) this.timers.set(device.${key}, 1);\n  }\n}\nmodule.exports = DeviceManager;\n`;
    assert.deepEqual(found(text('ieeeAddr'), '/project/src/manager.js'), []);
    assert.equal(found(text('owner.email'), '/project/src/manager.js').length, 1);
  });

  it('does not take one that is ended for one that stays, where it is made for something else', () => {
    const game = (made: string) =>
      `class Help {\n  staff = new Set();\n  join(user) { this.staff.add(user.id); this.last = this.staff.has(user.id); }\n  destroy() {}\n}\n${made}\n`;
    assert.equal(found(game('module.exports = Help;'), '/project/src/help.js').length, 1);
    assert.deepEqual(
      found(game('module.exports = (room) => { room.game = new Help(); };'), '/project/src/help.js'),
      [],
    );
  });

  it('asks for more than names where objects are made by those who install a package', () => {
    const inPackage = (isPrivate: boolean, key: string) => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapwright-package-'));
      try {
        fs.writeFileSync(
          path.join(folder, 'package.json'),
          JSON.stringify({ name: 'p', private: isPrivate }),
        );
        const text = `class PeerManager {\n  counts = new Map();\n  add(${key.split('.')[0]}) {\n    if (!this.counts.has(${key})) this.counts.set(${key}, 1);\n  }\n}\nmodule.exports = PeerManager;\n`;
        return found(text, path.join(folder, 'manager.js')).length;
      } finally {
        fs.rmSync(folder, { recursive: true });
      }
    };
    assert.equal(inPackage(true, 'token'), 1);
    assert.equal(inPackage(false, 'token'), 0);
    assert.equal(inPackage(false, 'request.token'), 1);
  });

  it('is silent about what is filled once: where it was empty, or until the program is ready', () => {
    const origins = (fill: string) =>
      `let origins = [];\nlet loaded = false;\nlet closed = false;\nexport function all(req) {\n${fill}\n  return origins.includes(req.headers.origin);\n}\nexport const close = () => void (closed = true);\n`;
    const add = 'origins = origins.concat(originsOf(req));';
    assert.equal(found(origins(`  ${add}`)).length, 1);
    for (const fill of [
      `  if (origins.length === 0) { ${add} }`,
      `  if (!origins.length) originsOf(req).forEach((one) => { origins.push(one); });`,
      `  if (origins.length > 0) return true;\n  ${add}`,
      `  if (loaded) return true;\n  ${add}\n  loaded = true;`,
      `  if (loaded) return new Set(origins);\n  if (req) return new Promise((resolve) => { origins.push(resolve); });\n  loaded = true;`,
    ])
      assert.deepEqual(found(origins(fill)), [], fill);
    // The first of a queue starts the work, the others wait; what is closed has had all; what is taken back begins again.
    for (const fill of [
      `  if (origins.length === 0) { ${add} } else { ${add} }`,
      `  if (closed) return false;\n  ${add}`,
      `  if (loaded) return true;\n  ${add}\n  loaded = req.done;`,
    ])
      assert.equal(found(origins(fill)).length, 1, fill);
  });

  it('is silent about functions that are kept to be called, in whatever way they are', () => {
    const queue = (run: string) =>
      `class MemoryQueue {\n  waiting = [];\n  subscribe(one) { if (typeof one === "function") this.waiting.push(one); }\n  async tick(job) { ${run} }\n}\nmodule.exports = new MemoryQueue();\n`;
    for (const run of [
      'this.waiting.forEach((one) => one && one.call(this, job));',
      'await Promise.mapSeries(this.waiting, (one) => one(job));',
      'for (const one of this.waiting) one.apply(job);',
    ])
      assert.deepEqual(found(queue(run)), [], run);
    assert.equal(found(queue('await Promise.mapSeries(this.waiting, (one) => job.run(one));')).length, 1);
  });

  it('takes what is read from one stream for a part of the call, also where the first one is read at load', () => {
    const read = (given: string) =>
      `import { open } from "files";\nconst toText = (${given}) => {\n  const chunks = [];\n  ${given}.on("data", (chunk) => chunks.push(chunk));\n  ${given}.on("end", () => chunks.join(""));\n};\ntoText(open("a"));\nexport const again = (name) => toText(open(name));\n`;
    assert.deepEqual(found(read('stream')), []);
    assert.equal(found(read('feed')).length, 1);
  });

  it('is silent about what decorators and callbacks add while the program loads', () => {
    const declare =
      'const links = [];\nexport function link(one) { links.push(one); return one; }\nexport const all = () => links.map(String);\n';
    const decorated =
      "import { link } from './0';\n@link\nexport class Chat {}\n@link\nexport class Mail {}\n";
    assert.deepEqual(inProgram('ts', declare, decorated), []);
    assert.equal(
      inProgram('ts', declare, `${decorated}export const open = (req) => link(req.body);\n`).length,
      1,
      'called at run time as well',
    );
    const kept =
      'const hooks = { start: [], chat: [] };\nexport function onEvent(name) {\n  return (target, method) => { hooks[name].push({ target, method }); };\n}\nexport function onStart() {\n  return (target, method) => { hooks.start.push({ target, method }); };\n}\nexport const list = (name) => hooks[name].map(String);\n';
    const used =
      "import { onEvent, onStart } from './0';\nexport class Chat {\n  @onEvent('chat') say() {}\n  @onStart() start() {}\n}\n";
    assert.deepEqual(inProgram('ts', kept, used), []);
    assert.equal(
      inProgram('ts', kept, `${used}export const follow = (req) => onStart()(req.body, req.params.id);\n`)
        .length,
      1,
      'what the factory gives is called at run time as well',
    );
    const hosts = (more: string) =>
      `const hosts = new Set();\nconst allow = (host) => { hosts.add(host.toLowerCase()); };\nallow(process.env.HOST);\nprocess.env.HOSTS.split(',').forEach(allow);\nexport const has = (host) => hosts.has(host);\n${more}`;
    assert.deepEqual(inProgram('ts', hosts('')), []);
    assert.equal(inProgram('ts', hosts('export const ask = (req) => req.hosts.forEach(allow);\n')).length, 1);
  });

  it('is silent about modules that are loaded by the names of their files', () => {
    const plugins = (name: string) =>
      `const plugins = new Map();\nexport async function load(names, req) {\n  for (const name of names) {\n    const made = new (require(path.join(root, name)).default)();\n    plugins.set(${name}, made);\n  }\n}\nexport const plugin = (id) => plugins.get(id);\n`;
    assert.deepEqual(inProgram('ts', plugins('made.id')), []);
    assert.equal(inProgram('ts', plugins('req.body.id')).length, 1, 'the key is not of what was loaded');
  });

  it('is silent about a table of an object under a key that the object was made with', () => {
    const api = (key: string, more = '') =>
      `class ScriptStore {\n  lines = {};\n  constructor(note) { this.note = note; }\n  log(line, userId) {\n    ${key}\n    this.lines[userId] ??= line;\n  }\n${more}}\nmodule.exports = ScriptStore;\n`;
    const find = (text: string) => found(text, '/project/src/api.js');
    assert.equal(find(api('')).length, 1);
    const own = ['const userId = this.note.userId;', 'const { userId } = this.note;'];
    for (const key of own) assert.deepEqual(find(api(key).replace('(line, userId)', '(line)')), [], key);
    const later = '  open(note) { this.note = note; }\n';
    const text = api(own[1]!, later).replace('(line, userId)', '(line)');
    assert.equal(find(text).length, 1, 'another one for each call');
  });

  it('reports what is kept where no variable of the environment says otherwise', () => {
    const pool = (branch: string) =>
      `const sent = new Map();\nexport const put = (url: string) => { ${branch} };\n`;
    const add = 'sent.set(url, 1);';
    assert.deepEqual(found(pool(`if (process.env.MODE === 'queue') ${add}`)), []);
    assert.deepEqual(found(pool(`if (process.env.NODE_ENV !== 'production') ${add}`)), []);
    for (const branch of [
      `if (process.env.MODE === 'queue') send(url); else ${add}`,
      `if (process.env.MODE !== 'queue') { ${add} }`,
    ])
      assert.equal(found(pool(branch)).length, 1, branch);
  });

  it('reports the static field that a static method makes, and what a listener adds wherever it is set up', () => {
    const repository =
      'export class Members {\n  private static all: Map<string, Members>;\n  static of<T extends typeof Members>(this: T, guild: string) {\n    if (!this.all) this.all = new Map();\n    if (!this.all.has(guild)) this.all.set(guild, new this(guild));\n    return this.all.get(guild);\n  }\n}\nexport const of = (req) => Members.of(req.query.guild);\n';
    assert.deepEqual(
      found(repository).map(({ message }) => /static field/.test(message)),
      [true],
    );
    const listener =
      'const nameCache = new Map();\nexport function setup(users) {\n  users.on("join", (one) => { nameCache.set(one.channelId, nameOf(one.channelId)); });\n}\n';
    assert.equal(found(listener).length, 1);
    const once = 'nameCache.set(users.channelId, nameOf(users.channelId));';
    assert.deepEqual(found(listener.replace(/users\.on.*$/m, once)), []);
  });
});

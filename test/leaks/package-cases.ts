/** A published package that leaked, how to make it leak, and what a hunt must say. */
export interface PackageCase {
  readonly package: string;
  readonly leaky: string;
  /** The version that mended it, or null where none did: what leaks is its documented design. */
  readonly fixed: string | null;
  /** Where it was reported. */
  readonly issue?: string;
  /** Defines `operation()`; `require` finds the package. */
  readonly source: string;
  /** Whether the program is an ES module. */
  readonly esm?: boolean;
  readonly kind: string;
  /** The variable, property or holder that grows. */
  readonly name: RegExp;
  /** What stands in the line that declares it, or, for what Node itself holds, near it. */
  readonly declared: RegExp;
}

/** An HTTP server inside the program, for clients that leak. */
const server = `const http = require('node:http');
let url;
const ready = new Promise((resolve) => {
  const server = http.createServer((_, response) => response.end('ok'));
  server.listen(0, '127.0.0.1', () => { url = 'http://127.0.0.1:' + server.address().port + '/'; resolve(); });
});
`;

export const packageCases: readonly PackageCase[] = [
  {
    package: 'debug',
    leaky: '4.1.1',
    fixed: '4.3.4',
    source: `const debug = require('debug');
let n = 0;
function operation() {
  debug('app:request:' + ++n)('done');
}`,
    kind: 'array',
    name: /instances/,
    declared: /createDebug\.instances = \[\]/,
  },
  {
    package: 'mem',
    leaky: '3.0.1',
    fixed: '4.3.0',
    source: `const mem = require('mem');
const load = mem((key) => ({ key }), { maxAge: 50 });
let n = 0;
function operation() {
  return load('user-' + ++n);
}`,
    kind: 'map',
    name: /cache/,
    declared: /cache: new Map/,
  },
  {
    package: 'any-signal',
    leaky: '2.1.2',
    fixed: '4.1.1',
    esm: true,
    source: `import { anySignal } from 'any-signal';
import { setMaxListeners } from 'node:events';
const shutdown = new AbortController();
setMaxListeners(0, shutdown.signal);
function operation() {
  const signal = anySignal([shutdown.signal]);
  signal.clear?.();
}`,
    kind: 'listener',
    name: /shutdown|signal/,
    declared: /const shutdown/,
  },
  {
    package: 'p-timeout',
    leaky: '6.1.1',
    fixed: '6.1.4',
    esm: true,
    source: `import pTimeout from 'p-timeout';
import { setMaxListeners } from 'node:events';
const shutdown = new AbortController();
setMaxListeners(0, shutdown.signal);
function operation() {
  return pTimeout(Promise.resolve(1), { milliseconds: 1000, signal: shutdown.signal });
}`,
    kind: 'listener',
    name: /shutdown|signal/,
    declared: /const shutdown/,
  },
  {
    package: 'emittery',
    leaky: '0.7.2',
    fixed: '1.0.3',
    esm: true,
    source: `import Emittery from 'emittery';
const bus = new Emittery();
let n = 0;
function operation() {
  const off = bus.on('room-' + ++n, () => n);
  off();
}`,
    kind: 'map',
    name: /eventsMap|producersMap|bus/,
    declared: /eventsMap|producersMap|const bus/,
  },
  {
    package: 'cacheable-request',
    leaky: '2.1.4',
    fixed: '7.0.4',
    source: `${server}const CacheableRequest = require('cacheable-request');
const cached = new CacheableRequest(http.request, new Map());
async function operation() {
  await ready;
  await new Promise((resolve, reject) => {
    cached(url, (response) => { response.resume(); response.on('end', resolve); })
      .on('request', (request) => request.end())
      .on('error', reject);
  });
}`,
    kind: 'listener',
    name: /cache/,
    declared: /cache = |cached = /,
  },
  {
    package: 'axios',
    leaky: '0.21.4',
    fixed: '0.28.1',
    source: `${server}const axios = require('axios');
const shutdown = axios.CancelToken.source();
async function operation() {
  await ready;
  await axios.get(url, { cancelToken: shutdown.token });
}`,
    kind: 'promise',
    name: /shutdown|promise|token/i,
    declared: /const shutdown|this\.promise = new Promise/,
  },
  {
    package: 'inflight',
    leaky: '1.0.6',
    fixed: null,
    source: `const inflight = require('inflight');
let n = 0;
function operation() {
  inflight('key-' + ++n, () => {});
}`,
    kind: 'object',
    name: /reqs/,
    declared: /var reqs = Object\.create/,
  },
  {
    package: 'express-session',
    leaky: '1.18.1',
    fixed: null,
    source: `const session = require('express-session');
const store = new session.MemoryStore();
let n = 0;
function operation() {
  return new Promise((resolve) => store.set('sid-' + ++n, { cookie: {}, n }, resolve));
}`,
    kind: 'object',
    name: /sessions/,
    declared: /this\.sessions = Object\.create/,
  },
  {
    package: 'ajv',
    leaky: '6.12.6',
    fixed: null,
    source: `const Ajv = require('ajv');
const ajv = new Ajv();
let n = 0;
function operation() {
  ajv.compile({ type: 'object', title: 'request ' + ++n })({});
}`,
    kind: 'object',
    name: /cache/,
    declared: /_cache|this\.cache|_compilations|const ajv/,
  },
  {
    package: 'sinon',
    leaky: '9.2.4',
    fixed: null,
    source: `const sinon = require('sinon');
function operation() {
  sinon.stub({ save() {} }, 'save').restore();
}`,
    kind: 'array',
    name: /collection/,
    declared: /collection = \[\]/,
  },
  {
    package: 'lodash.memoize',
    leaky: '4.1.2',
    fixed: null,
    source: `const memoize = require('lodash.memoize');
const load = memoize((key) => ({ key }));
let n = 0;
function operation() {
  return load('user-' + ++n);
}`,
    kind: 'object',
    name: /__data__|cache/,
    declared: /__data__ = |this\.__data__|nativeCreate\(null\)|cache = new/,
  },
  {
    package: 'graphql-subscriptions',
    leaky: '1.0.0',
    fixed: '1.2.1',
    source: `const { PubSub } = require('graphql-subscriptions');
const pubsub = new PubSub();
pubsub.ee.setMaxListeners(0);
function operation() {
  pubsub.asyncIterator('CHANGED');
}`,
    kind: 'listener',
    name: /subscriptions|ee|pubsub/,
    declared: /subscriptions = |\.ee = |const pubsub/,
  },
  {
    package: 'dataloader',
    leaky: '2.2.2',
    fixed: null,
    source: `const DataLoader = require('dataloader');
const loader = new DataLoader(async (keys) => keys);
let n = 0;
function operation() {
  return loader.load('user-' + ++n);
}`,
    kind: 'map',
    name: /_cacheMap/,
    declared: /_cacheMap = /,
  },
  {
    package: 'nock',
    leaky: '13.5.4',
    fixed: '13.5.5',
    issue: 'https://github.com/nock/nock/issues/2771',
    source: `const http = require('node:http');
const nock = require('nock');
function operation() {
  nock('http://shop.example').get('/').reply(200, 'ok');
  return new Promise((resolve, reject) => {
    http.get('http://shop.example/', (response) => response.resume().on('end', resolve)).on('error', reject);
  });
}`,
    kind: 'array',
    name: /immediates|timeouts|intervals/,
    declared: /const (immediates|timeouts|intervals) = /,
  },
  {
    package: 'p-retry',
    leaky: '5.1.2',
    fixed: '6.2.1',
    issue: 'https://github.com/sindresorhus/p-retry/issues/71',
    esm: true,
    source: `import pRetry from 'p-retry';
import { setMaxListeners } from 'node:events';
const shutdown = new AbortController();
setMaxListeners(0, shutdown.signal);
function operation() {
  return pRetry(async () => 1, { signal: shutdown.signal });
}`,
    kind: 'listener',
    name: /shutdown|signal/,
    declared: /const shutdown/,
  },
  {
    package: 'cls-hooked',
    leaky: '4.2.2',
    fixed: null,
    issue: 'https://github.com/Jeff-Lewis/cls-hooked/issues/66',
    source: `const { createNamespace } = require('cls-hooked');
const requests = createNamespace('requests');
function operation() {
  return new Promise((resolve) => requests.run(() => {
    requests.set('user', Promise.resolve({ id: 1 }));
    setImmediate(resolve);
  }));
}`,
    kind: 'map',
    name: /_contexts/,
    declared: /_contexts = new Map/,
  },
  {
    package: 'eventemitter2',
    leaky: '0.4.14',
    fixed: '6.4.9',
    issue: 'https://github.com/EventEmitter2/EventEmitter2/issues/65',
    source: `const { EventEmitter2 } = require('eventemitter2');
const emitter = new EventEmitter2({ wildcard: true, delimiter: '.' });
let n = 0;
function operation() {
  const answer = 'rpc.' + ++n;
  emitter.once(answer, () => n);
  emitter.emit(answer, 1);
}`,
    kind: 'object',
    name: /listenerTree|rpc/,
    declared: /listenerTree = \{\}|const emitter/,
  },
  {
    package: 'winston',
    leaky: '3.3.3',
    fixed: null,
    issue: 'https://github.com/winstonjs/winston/issues/2005',
    source: `const { createLogger, transports } = require('winston');
process.setMaxListeners(0);
function operation() {
  createLogger({ transports: [new transports.Console({ handleExceptions: true })], exitOnError: false });
}`,
    kind: 'listener',
    name: /process.*uncaughtException/,
    declared: /_uncaughtException/,
  },
  {
    package: '@mswjs/interceptors',
    leaky: '0.37.6',
    // 0.45.12 frees its parsers and leaks TCP handles instead.
    fixed: null,
    issue: 'https://github.com/mswjs/interceptors/issues/779',
    source: `const http = require('node:http');
const { ClientRequestInterceptor } = require('@mswjs/interceptors/ClientRequest');
const interceptor = new ClientRequestInterceptor();
interceptor.apply();
interceptor.on('request', ({ controller }) => controller.respondWith(new Response('ok')));
function operation() {
  return new Promise((resolve, reject) => {
    http.get('http://shop.example/', (response) => response.resume().on('end', resolve)).on('error', reject);
  });
}`,
    kind: 'handle',
    name: /HTTPParser/,
    declared: /this\.on\w+\.bind\(this\)|on(Request|Response)\w+/,
  },
  {
    package: 'mustache',
    leaky: '3.0.1',
    fixed: null,
    issue: 'https://github.com/janl/mustache.js/issues/693',
    source: `const mustache = require('mustache');
let n = 0;
function operation() {
  return mustache.render('Order ' + ++n + ' of {{name}}', { name: 'x' });
}`,
    kind: 'object',
    name: /cache/,
    declared: /this\.cache = \{\}/,
  },
  {
    package: 'browserslist',
    leaky: '4.24.0',
    fixed: '4.29.6',
    issue: 'https://github.com/advisories/GHSA-c83g-rgw3-j3cx',
    source: `const browserslist = require('browserslist');
let n = 0;
function operation() {
  return browserslist('chrome > ' + ++n);
}`,
    kind: 'object',
    name: /^(parseC|c)ache$/,
    declared: /var (parseC|c)ache = \{\}/,
  },
  {
    package: 'keyv',
    leaky: '4.5.4',
    fixed: null,
    source: `const Keyv = require('keyv');
const answers = new Keyv();
let n = 0;
async function operation() {
  await answers.set('question-' + ++n, { n });
}`,
    kind: 'map',
    name: /opts\.store/,
    declared: /this\.opts\.store = /,
  },
  {
    package: 'jsonpath-plus',
    leaky: '5.1.0',
    fixed: null,
    source: `const { JSONPath } = require('jsonpath-plus');
let n = 0;
function operation() {
  return JSONPath({ path: '$.orders[' + ++n + ']', json: { orders: [] } });
}`,
    kind: 'object',
    name: /JSONPath\.cache/,
    declared: /JSONPath\.cache = \{\}/,
  },
  {
    package: 'hogan.js',
    leaky: '3.0.2',
    fixed: null,
    source: `const hogan = require('hogan.js');
let n = 0;
function operation() {
  return hogan.compile('Order ' + ++n + ' of {{name}}').render({ name: 'x' });
}`,
    kind: 'object',
    name: /^Hogan\.cache$/,
    declared: /Hogan\.cache = \{\}/,
  },
  {
    package: 'memory-cache',
    leaky: '0.2.0',
    fixed: null,
    source: `const cache = require('memory-cache');
let n = 0;
function operation() {
  cache.put('order-' + ++n, { n });
}`,
    kind: 'object',
    name: /_cache/,
    declared: /var _cache = /,
  },
  {
    package: 'moize',
    leaky: '5.4.7',
    fixed: null,
    source: `const moize = require('moize').default;
const total = moize((order) => ({ order, total: order.price * 2 }), { maxSize: Infinity });
let n = 0;
function operation() {
  total({ price: ++n });
}`,
    kind: 'array',
    name: /^(keys|values)/,
    declared: /(keys|values) = cache\./,
  },
  {
    package: 'lokijs',
    leaky: '1.5.12',
    fixed: null,
    source: `const Loki = require('lokijs');
const orders = new Loki('shop.db').addCollection('orders');
let n = 0;
function operation() {
  orders.insert({ n: ++n });
}`,
    kind: 'array',
    name: /Collection\.data/,
    declared: /this\.data = \[\]/,
  },
  {
    package: 'express',
    leaky: '4.21.2',
    fixed: null,
    source: `const app = require('express')();
app.locals.recent = [];
let n = 0;
function operation() {
  app.locals.recent.push({ url: '/' + ++n });
}`,
    kind: 'array',
    name: /locals\.recent/,
    declared: /app\.locals\.recent = \[\]/,
  },
  {
    package: 'node-cron',
    leaky: '3.0.2',
    fixed: null,
    source: `const cron = require('node-cron');
function operation() {
  cron.schedule('0 0 1 1 *', () => {});
}`,
    kind: 'map',
    name: /scheduledTasks/,
    declared: /global\.scheduledTasks = new Map\(\)/,
  },
  {
    package: 'q',
    leaky: '1.5.1',
    fixed: null,
    source: `const Q = require('q');
let n = 0;
function operation() {
  Q.reject(new Error('no ' + ++n));
}`,
    kind: 'array',
    name: /unhandledRe/,
    declared: /var unhandledRe(asons|jections) = \[\]/,
  },
  {
    package: 'micromatch',
    leaky: '2.3.11',
    fixed: '4.0.5',
    source: `const micromatch = require('micromatch');
let n = 0;
function operation() {
  return micromatch.isMatch('a/b/c', 'a/b-' + ++n + '/*');
}`,
    kind: 'object',
    name: /regexCache\.(basic|cache)/,
    declared: /var (basic|cache) = \{\}/,
  },
  {
    package: 'matcher',
    leaky: '3.0.0',
    fixed: null,
    source: `const matcher = require('matcher');
let n = 0;
function operation() {
  return matcher.isMatch('a' + ++n, 'a' + n + '*');
}`,
    kind: 'map',
    name: /regexpCache/,
    declared: /const regexpCache = new Map/,
  },
  {
    package: 'nunjucks',
    leaky: '3.2.4',
    fixed: null,
    source: `const nunjucks = require('nunjucks');
const Mails = nunjucks.Loader.extend({
  getSource: (name) => ({ src: 'Order {{ n }} of ' + name, path: name, noCache: false }),
});
const environment = new nunjucks.Environment(new Mails());
let n = 0;
function operation() {
  return environment.render('mail-' + ++n, { n });
}`,
    kind: 'object',
    name: /\.cache$/,
    declared: /loader\.cache = \{\}/,
  },
  {
    package: 'twig',
    leaky: '1.17.1',
    fixed: null,
    source: `const { twig } = require('twig');
let n = 0;
function operation() {
  return twig({ id: 'mail-' + ++n, data: 'Order {{ n }}' }).render({ n });
}`,
    kind: 'object',
    name: /Templates\.registry/,
    declared: /registry: \{\}/,
  },
  {
    package: 'prismjs',
    leaky: '1.29.0',
    fixed: null,
    source: `const Prism = require('prismjs');
let n = 0;
function operation() {
  const id = ++n;
  Prism.hooks.add('before-highlight', (environment) => { environment.id = id; });
}`,
    kind: 'array',
    name: /hooks\.all/,
    declared: /all: \{\}/,
  },
  {
    package: 'rxjs',
    leaky: '7.8.1',
    fixed: null,
    source: `const { ReplaySubject } = require('rxjs');
const orders = new ReplaySubject();
let n = 0;
function operation() {
  orders.next({ n: ++n });
}`,
    kind: 'array',
    name: /_buffer/,
    declared: /_buffer\b.* = \[\]/,
  },
  {
    package: 'jss',
    leaky: '10.9.0',
    fixed: null,
    source: `const { create, SheetsRegistry } = require('jss');
const jss = create();
const sheets = new SheetsRegistry();
let n = 0;
function operation() {
  sheets.add(jss.createStyleSheet({ a: { width: ++n + 'px' } }));
}`,
    kind: 'array',
    name: /registry/,
    declared: /this\.registry = \[\]/,
  },
  {
    package: 'stylus',
    leaky: '0.59.0',
    fixed: null,
    source: `const stylus = require('stylus');
let n = 0;
function operation() {
  return new Promise((resolve, reject) =>
    stylus.render('a\\n  width ' + ++n + 'px', (error, css) => (error ? reject(error) : resolve(css))),
  );
}`,
    kind: 'object',
    name: /_cache/,
    declared: /this\._cache = \{\}/,
  },
  {
    package: 'opossum',
    leaky: '5.0.0',
    fixed: null,
    source: `const CircuitBreaker = require('opossum');
function operation() {
  return new CircuitBreaker(async () => 1, { timeout: 1000 }).fire();
}`,
    kind: 'timer',
    name: /Timeout/,
    declared: /const nextBucket/,
  },
  {
    package: 'component-emitter',
    leaky: '1.2.1',
    fixed: '1.3.0',
    source: `const Emitter = require('component-emitter');
const bus = new Emitter();
let n = 0;
function operation() {
  const answer = 'reply-' + ++n;
  const heard = () => {};
  bus.on(answer, heard);
  bus.off(answer, heard);
}`,
    kind: 'object',
    name: /_callbacks/,
    declared: /this\._callbacks = |const bus/,
  },
  {
    package: 'p-map',
    leaky: '7.0.1',
    fixed: '7.0.3',
    issue: 'https://github.com/sindresorhus/p-map/issues/75',
    esm: true,
    source: `import pMap from 'p-map';
import { setMaxListeners } from 'node:events';
const closing = new AbortController();
setMaxListeners(0, closing.signal);
for (let i = 0; i < 20; i++) await pMap([1], async (one) => one, { signal: closing.signal });
function operation() {
  return pMap([1, 2, 3], async (one) => one, { signal: closing.signal, concurrency: 2 });
}`,
    kind: 'listener',
    name: /^closing/,
    declared: /const closing/,
  },
  {
    package: 're-reselect',
    leaky: '4.0.0',
    fixed: null,
    source: `const { createCachedSelector } = require('re-reselect');
const pick = createCachedSelector((state) => state, (state, id) => id, (state, id) => ({ id }))((state, id) => id);
let n = 0;
function operation() {
  pick({}, 'order-' + ++n);
}`,
    kind: 'object',
    name: /_cache/,
    declared: /this\._cache = \{\}/,
  },
  {
    package: 'async',
    leaky: '2.6.3',
    fixed: null,
    source: `const { memoize } = require('async');
const load = memoize((key, done) => done(null, { key }));
let n = 0;
function operation() {
  return new Promise((resolve) => load('user-' + ++n, resolve));
}`,
    kind: 'object',
    name: /memo/,
    declared: /var memo = Object\.create/,
  },
];

/** Packages that grow under the same work and keep their promise to stop. */
export const innocentPackages: readonly Pick<PackageCase, 'package' | 'leaky' | 'source' | 'esm'>[] = [
  {
    package: 'lru-cache',
    leaky: '11.0.2',
    source: `const { LRUCache } = require('lru-cache');
const cache = new LRUCache({ max: 1000 });
let n = 0;
function operation() {
  cache.set('key-' + ++n, { n });
}`,
  },
  {
    package: 'lru-cache',
    leaky: '5.1.1',
    source: `const LRU = require('lru-cache');
const cache = new LRU({ max: 1000 });
let n = 0;
function operation() {
  cache.set('key-' + ++n, { n });
}`,
  },
  {
    package: 'quick-lru',
    leaky: '5.1.1',
    source: `const QuickLRU = require('quick-lru');
const cache = new QuickLRU({ maxSize: 1000 });
let n = 0;
function operation() {
  cache.set('key-' + ++n, { n });
}`,
  },
  {
    package: 'node-cache',
    leaky: '5.1.2',
    source: `const NodeCache = require('node-cache');
const cache = new NodeCache({ stdTTL: 600 });
let n = 0;
function operation() {
  cache.set('key-' + ++n, { n });
}`,
  },
  {
    package: 'rate-limiter-flexible',
    leaky: '2.4.1',
    source: `const { RateLimiterMemory } = require('rate-limiter-flexible');
const limiter = new RateLimiterMemory({ points: 5, duration: 60 });
let n = 0;
function operation() {
  return limiter.consume('user-' + ++n);
}`,
  },
  {
    package: 'express-rate-limit',
    leaky: '5.5.1',
    source: `const limit = require('express-rate-limit')({ windowMs: 60_000, headers: false });
let n = 0;
function operation() {
  return new Promise((resolve) => limit({ ip: '10.0.0.' + ++n, app: { get() {} }, headers: {} }, { setHeader() {} }, resolve));
}`,
  },
  {
    package: 'rxjs',
    leaky: '7.8.1',
    source: `const { ReplaySubject } = require('rxjs');
const orders = new ReplaySubject(50);
let n = 0;
function operation() {
  orders.next({ n: ++n });
}`,
  },
  {
    package: 'bottleneck',
    leaky: '2.19.5',
    source: `const Bottleneck = require('bottleneck');
const group = new Bottleneck.Group({ maxConcurrent: 1 });
let n = 0;
function operation() {
  return group.key('user-' + ++n).schedule(async () => 1);
}`,
  },
];

/** A published package that leaked, how to make it leak, and what a hunt must say. */
export interface PackageCase {
  readonly package: string;
  readonly leaky: string;
  /** The version that mended it, or null where none did: what leaks is its documented design. */
  readonly fixed: string | null;
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
];

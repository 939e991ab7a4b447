import { testEach } from './reported';

describe('forms of old and of frameworks', () => {
  testEach([
    {
      what: 'a log that is given out as a whole or in part',
      files: {
        'runs.ts':
          'class Runs {\n  private log: { name: string; at: number }[] = [];\n  note(name: string): void { this.log.push({ name, at: Date.now() }); }\n  history(name?: string) { return name ? this.log.filter((one) => one.name === name) : this.log; }\n}\nexport const runs = new Runs();\napp.get("/runs", (req, res) => { runs.note(req.url); res.json(runs.history(req.query.name)); });\n',
      },
      names: ['log'],
      otherwise: [['res.json(runs.history(req.query.name))', 'runs.history().splice(0, 1)']],
    },
    {
      what: 'what is noted in a function that also warns, and not what it warns of once',
      files: {
        'flood.js':
          'const banned = [];\nexports.heard = async (sender, isLate, count) => {\n  if (isLate) { log.warn("late"); }\n  if (banned.includes(sender)) return;\n  if (count > 10) { await ban(sender); banned.push(sender); }\n};\n',
      },
      names: ['banned'],
      otherwise: [['await ban(sender);', 'log.warn("flood");']],
    },
    {
      what: 'what is listed, and not what parts of the program want to have closed in the end',
      files: {
        'shutdown.js':
          "const resources = [];\nexports.onShutdown = (name, finish) => { resources.push({ name, finish }); };\nprocess.once('SIGTERM', async () => { for (const one of resources) await one.finish(); });\n",
      },
      names: ['resources'],
      otherwise: [['finish', 'close']],
    },
    {
      what: 'a field of a constructor function, whose methods the constructor makes',
      files: {
        'jobs.js':
          'module.exports = function JobKeeper() {\n  this.jobs = {};\n  this.update = function (request) { this.jobs[request.jobId] = request; };\n  this.find = function (id) { return this.jobs[id]; };\n  this.begin = function () { this.current = null; };\n};\n',
      },
      names: ['jobs'],
      otherwise: [['this.current = null;', 'this.current = null; this.jobs = {};']],
    },
    {
      what: 'a memoizer by all arguments put together',
      files: {
        'plans.ts':
          "const memoize = <A extends string[], R>(fn: (...args: A) => R) => {\n  const results: Record<string, R> = {};\n  return (...args: A): R => (results[args.join('\\0')] ??= fn(...args));\n};\nexport const planFor = memoize((mirror: string, sha: string) => read(mirror, sha));\n",
      },
      names: ['results'],
      otherwise: [['fn(...args)', '(fn(...args), delete results[args[0]!])']],
    },
    {
      what: 'what an exported function counts, and not what modules list with it',
      files: {
        'stats.js':
          'const traffic = [];\nexport const count = (entry) => traffic.push(entry);\nexport const all = () => traffic.map(({ host }) => host);\n',
        'main.js':
          "import { count } from './stats.js';\nexport const served = (req) => count({ host: req.headers.host });\n",
      },
      names: ['traffic'],
      otherwise: [
        ['export const served = (req) => count({ host: req.headers.host })', 'count({ host: "here" })'],
      ],
    },
    {
      what: 'a decorator that remembers by what its method is given',
      files: {
        'memo.ts':
          'export function Memoize() {\n  return function (_target: object, _name: string, descriptor: PropertyDescriptor) {\n    const original = descriptor.value as (...args: unknown[]) => unknown;\n    const cache: { [key: string]: unknown } = {};\n    descriptor.value = function (...args: unknown[]) {\n      const key = args.join();\n      if (!(key in cache)) cache[key] = original.apply(this, args);\n      return cache[key];\n    };\n  };\n}\n',
      },
      names: ['cache'],
      otherwise: [['if (!(key in cache)) cache[key] =', 'delete cache[key]; cache[key] =']],
    },
    {
      what: 'a list that a global name has, too',
      files: {
        'sampled.js':
          'const sampled = (global.__sampled = []);\nhttp.createServer((req, res) => { sampled.push({ url: req.url }); });\nprocess.on("SIGUSR1", () => console.table(global.__sampled));\n',
      },
      names: ['sampled'],
      otherwise: [['console.table(global.__sampled)', 'global.__sampled.splice(0)']],
    },
    {
      what: 'a tree of letters',
      files: {
        'trie.js':
          'const trie = {};\nfunction insert(word) {\n  let node = trie;\n  for (const letter of word) {\n    node[letter] = node[letter] || {};\n    node = node[letter];\n  }\n}\nio.on("typed", (message) => insert(message.text));\n',
      },
      names: ['trie'],
      otherwise: [['node = node[letter];\n', 'node = {};\n']],
    },
    {
      what: 'labels that callers write out, put together by their names',
      files: {
        'registry.js':
          'class Registry {\n  constructor() { this.metrics = {}; }\n  count(name, labels) {\n    const metric = this.metrics[name] || (this.metrics[name] = {});\n    const key = Object.keys(labels).sort().map((one) => one + "=" + labels[one]).join();\n    metric[key] = (metric[key] || 0) + 1;\n  }\n}\nconst registry = new Registry();\napp.use((req, res, next) => { registry.count("requests", { path: req.url }); next(); });\n',
      },
      names: ['metrics'],
      otherwise: [['path: req.url', 'path: "all"']],
    },
    {
      what: 'a warning that says what was sent',
      files: {
        'log.js':
          'const once = {};\nfunction create(name) {\n  const log = { name };\n  log.warnOnce = function (message) {\n    if (once[message]) return;\n    once[message] = true;\n    console.warn(message);\n  };\n  return log;\n}\nmodule.exports = create;\n',
        'requests.js':
          'const log = require("./log")("requests");\nmodule.exports = (req, res, next) => { log.warnOnce("no route for " + req.url); next(); };\n',
      },
      names: ['once'],
      otherwise: [['"no route for " + req.url', '"no routes"']],
    },
    {
      what: 'listeners of topics, where a list says which there are',
      files: {
        'hub.js':
          'function Hub() { this.listeners = {}; }\nHub.prototype.on = function (topic, fn) {\n  if (false) throw new Error(topic);\n  (this.listeners[topic] = this.listeners[topic] || []).push(fn);\n};\nconst hub = new Hub();\nio.on("connection", (socket) => { socket.on("join", (message) => hub.on(message.topic, socket.send)); });\n',
      },
      names: ['listeners'],
      otherwise: [
        [
          'if (false) throw new Error(topic);\n  (this.listeners[topic] = this.listeners[topic] || []).push(fn)',
          'if (TOPICS.indexOf(topic) === -1) throw new Error(topic);\n  this.listeners[topic] = fn',
        ],
        [
          'if (false) throw new Error(topic);\n  (this.listeners[topic] = this.listeners[topic] || []).push(fn)',
          'if (TOPICS.indexOf(topic) >= 0) this.listeners[topic] = fn',
        ],
      ],
    },
    {
      what: 'what is made for the context of each query goes with it',
      files: {
        'loader.ts':
          'export class Loader {\n  private cache = new Map<string, Promise<unknown>>();\n  load(id: string) {\n    const hit = this.cache.get(id);\n    if (hit) return hit;\n    const made = fetch(id);\n    this.cache.set(id, made);\n    return made;\n  }\n}\n',
        'server.ts':
          'import { Loader } from "./loader";\nconst authors = new Loader();\napp.get("/", (req) => authors.load(req.query.id));\n',
      },
      names: ['cache'],
      otherwise: [
        ['const authors = new Loader();', 'start({ context: () => ({ authors: new Loader() }) });'],
      ],
    },
    {
      what: 'what a program that ends notes of its run',
      files: {
        'report.ts':
          'export class Report {\n  private rejects: { line: number }[] = [];\n  reject(line: number) { this.rejects.push({ line }); }\n}\n',
        'import.ts':
          'import { Report } from "./report";\nconst report = new Report();\nserver.on("line", (line) => report.reject(line.number));\n',
      },
      names: ['rejects'],
      otherwise: [
        [
          'server.on("line", (line) => report.reject(line.number));',
          'async function main() { for await (const line of read(process.argv[2])) if (!line.ok) report.reject(line.number); }\nmain();',
        ],
      ],
    },
    {
      what: 'factories under symbols that the program makes',
      files: {
        'container.js':
          'const factories = new Map();\nexports.token = (name) => Symbol(name);\nexports.provide = (token, factory) => { factories.set(token, factory); };\nexports.resolve = (token) => factories.get(token)();\n',
        'services.js':
          'const { provide, token } = require("./container");\napp.post("/", (req) => provide(req.body.id, () => req.body));\n',
      },
      names: ['factories'],
      otherwise: [
        [
          'app.post("/", (req) => provide(req.body.id, () => req.body));',
          'const CLOCK = token("clock");\nprovide(CLOCK, () => Date);',
        ],
      ],
    },
    {
      what: 'counts that are answered by a callback, and not emptied by it',
      files: {
        'hits.js':
          'var hits = {};\nroute("/status", function (ctx, callback) { callback(null, { hits: hits }); });\nhttp.createServer(function (req, res) { hits[req.url] = (hits[req.url] || 0) + 1; });\n',
      },
      names: ['hits'],
      otherwise: [['callback(null, { hits: hits })', 'report({ hits: hits })']],
    },
    {
      what: 'pictures by when they were written',
      files: {
        'images.js':
          'const variants = new Map();\nexports.variant = async (source) => {\n  const { mtimeMs } = await stat(source);\n  const key = source + mtimeMs;\n  if (!variants.has(key)) variants.set(key, await convert(source));\n  return variants.get(key);\n};\n',
      },
      names: ['variants'],
      otherwise: [['{ mtimeMs }', '{ mode: mtimeMs }']],
    },
    {
      what: 'notes of a function that goes on listening',
      files: {
        'serve.js':
          'export async function serve(site) {\n  const rebuilds = [];\n  function rebuild(file) { rebuilds.unshift({ at: Date.now(), file }); }\n  site.on("change", (file) => rebuild(file));\n  http.createServer((req, res) => res.end(JSON.stringify(rebuilds.slice(0, 20))));\n}\n',
      },
      names: ['rebuilds'],
      otherwise: [
        ['site.on("change", (file) => rebuild(file));', 'for (const file of site.files) rebuild(file);'],
      ],
    },
    {
      what: 'what a program makes that is started with arguments',
      files: {
        'alarms.js':
          'function Alarms(rules) { this.rules = rules; this.log = []; }\nAlarms.prototype.note = function (what) { this.log.push({ what: what, at: Date.now() }); };\nmodule.exports = Alarms;\n',
        'cli.js':
          'var Alarms = require("./alarms");\nexports.run = function (argv) {\n  var alarms = new Alarms(argv[0]);\n  serve({ alarms: alarms });\n};\n',
      },
      names: ['log'],
      otherwise: [['function (argv)', 'function (options)']],
    },
    {
      what: 'hosts of addresses that requests name',
      files: {
        'circuits.js':
          'const circuits = {};\nconst circuit = (name) => circuits[name] || (circuits[name] = { failures: 0 });\nhttp.createServer((req, res) => {\n  const target = new URL(req.headers["x-origin"]);\n  circuit(target.host).failures++;\n});\n',
      },
      names: ['circuits'],
      otherwise: [['req.headers["x-origin"]', '"http://one.example"']],
    },
    {
      what: 'classes by what stands at them',
      files: {
        'links.js':
          'const metaLinks = new Map();\nexports.link = (target, note) => {\n  const keys = metaLinks.get(target) ?? new Set();\n  keys.add(note);\n  metaLinks.set(target, keys);\n};\n',
      },
      names: ['metaLinks'],
      otherwise: [['note', 'metadataKey']],
    },
    {
      what: 'pairs of a few',
      files: {
        'distances.ts':
          "const PORTS = ['OBN', 'CRG'] as const;\ntype Port = (typeof PORTS)[number];\nconst distances = new Map<string, number>();\nexport function distance(from: string, to: string) {\n  const key = from + to;\n  let found = distances.get(key);\n  if (found === undefined) distances.set(key, (found = measure(from, to)));\n  return found;\n}\napp.get('/', (req) => distance(req.query.from, req.query.to));\n",
      },
      names: ['distances'],
      otherwise: [['new Map<string, number>', `new Map<\`\${Port}-\${Port}\`, number>`]],
    },
    {
      what: 'addresses that a command has asked, unless it goes on',
      files: {
        'links.js':
          'const checked = new Map();\nasync function check(url) {\n  if (!checked.has(url)) checked.set(url, await ask(url));\n  return checked.get(url);\n}\nexport async function run(site) {\n  let broken = 0;\n  for (const [, url] of site.text.matchAll(/http[^)]+/g)) if (!(await check(url))) broken += 1;\n  return Number(broken > 0);\n}\n',
      },
      names: ['checked'],
      otherwise: [['return Number(broken > 0)', 'return broken > 0 ? 1 : 0']],
    },
  ]);
});

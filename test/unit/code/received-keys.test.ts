import { testEach } from './reported';

describe('keys that were received', () => {
  testEach([
    {
      what: 'as part of an address that was asked',
      files: {
        'misses.js':
          'const misses = {};\nfunction miss(path) { misses[path] = (misses[path] ?? 0) + 1; }\nrequire("http").createServer((req, res) => {\n  const url = new URL(req.url, "http://gate");\n  if (!routes[url.pathname]) miss(url.pathname);\n});\n',
      },
      names: ['misses'],
      otherwise: [['miss(url.pathname)', 'miss("other")']],
    },
    {
      what: 'as arguments of a resolver',
      files: {
        'resolvers.js':
          'const board = new Map();\nconst resolvers = {\n  Mutation: {\n    note: (root, { ship, text }) => {\n      const notes = board.get(ship) ?? [];\n      board.set(ship, [text, ...notes].slice(0, 10));\n    },\n  },\n};\nmodule.exports = { resolvers };\n',
      },
      names: ['board'],
      otherwise: [['Mutation:', 'Defaults:']],
    },
    {
      what: 'as data of a job',
      files: {
        'owners.js':
          'const jobs = {};\nfunction release(who) { const entry = (jobs[who] ??= { count: 0 }); entry.count++; }\nnew Worker("transcode", async (job) => { await run(job); release(job.data.who); });\n',
      },
      names: ['jobs'],
      otherwise: [['job.data.who', '"nightly"']],
    },
    {
      what: 'and waited in a list that is taken off',
      files: {
        'bins.js':
          'const bins = new Map();\nlet pending = [];\nexports.accept = (reading) => pending.push(reading);\nexports.apply = () => {\n  const batch = pending;\n  pending = [];\n  for (const reading of batch) bins.set(reading.bin, { ...bins.get(reading.bin), at: reading.at });\n};\n',
      },
      names: ['bins'],
      otherwise: [['for (const reading of batch)', 'for (const reading of CONFIGURED)']],
    },
    {
      what: 'and are told of once for each that sent them',
      files: {
        'broken.js':
          'const broken = new Set();\nclient.on("message", (topic, payload) => {\n  const [, device] = topic.split("/");\n  try { handle(JSON.parse(payload)); } catch (error) {\n    if (!broken.has(device)) console.warn(device, error);\n    broken.add(device);\n  }\n});\n',
      },
      names: ['broken'],
      otherwise: [['const [, device] = topic.split("/")', 'const device = "bad payload"']],
    },
    {
      what: 'through what a function without parameters gives',
      files: {
        'runner.js':
          'exports.createRunner = ({ log }) => {\n  const outputs = new Map();\n  return {\n    submit(run) { outputs.set(run, start(run)); },\n    output: (run) => outputs.get(run),\n  };\n};\n',
        'main.js':
          'const { createRunner } = require("./runner");\nconst { randomUUID } = require("crypto");\nconst api = ({ runner }) => ({ add() { const id = randomUUID(); runner().submit(id); } });\nconst runner = createRunner({ log: console });\nmodule.exports = api({ runner: () => runner });\n',
      },
      names: ['outputs'],
      otherwise: [['runner().submit(id)', 'runner().submit("nightly")']],
    },
  ]);
});

describe('keys whose origin is known elsewhere', () => {
  testEach([
    {
      what: 'in the entry of a table',
      files: {
        'forward.js':
          "const pending = {};\nconst answers = {};\nexports.query = (req) => {\n  const name = req.query.name;\n  const id = next();\n  pending[id] = { key: name, at: Date.now() };\n  setTimeout(() => delete pending[id], 3000);\n};\nsocket.on('message', (buffer) => {\n  const { id } = decode(buffer);\n  const asked = pending[id];\n  answers[asked.key] = answers[asked.key] || buffer;\n});\n",
      },
      names: ['answers'],
      otherwise: [['key: name', "key: 'version'"]],
    },
    {
      what: 'in what the extended class calls',
      files: {
        'stock.js':
          "const Base = require('./base');\nclass Stock extends Base {\n  constructor() { super(); this.levels = new Map(); }\n  toRow(key, value) { const before = this.levels.get(key); this.levels.set(key, value); return before; }\n}\nmodule.exports = Stock;\n",
        'base.js':
          'class Base {\n  receive(message) { return this.toRow(message.sku, message.quantity); }\n}\nmodule.exports = Base;\n',
        'main.js':
          "const Stock = require('./stock');\nfor (const Type of [Stock]) {\n  const consumer = new Type();\n  kafka.on('message', (message) => consumer.receive(message));\n}\n",
      },
      names: ['levels'],
      otherwise: [['message.sku', "'all'"]],
    },
    {
      what: 'of what was not there',
      files: {
        'redirects.js':
          'const misses = {};\nmodule.exports = (find) => (path) => { if (!find(path)) misses[path] = (misses[path] || 0) + 1; };\n',
      },
      names: ['misses'],
      otherwise: [['misses', 'layouts']],
    },
    {
      what: "of Koa's context",
      files: {
        'server.js':
          'const app = new Koa();\napp.context.views = {};\napp.use(async (ctx) => { ctx.views[ctx.path] = (ctx.views[ctx.path] || 0) + 1; });\n',
      },
      names: ['views'],
      otherwise: [['ctx.views[ctx.path] = (', 'delete ctx.views[old]; ctx.views[ctx.path] = (']],
    },
    {
      what: 'of a number that is counted from the start',
      files: {
        'rules.js':
          'const fired = new Map();\nexports.hit = (req) => { const { code } = req.body; fired.set(code, (fired.get(code) ?? 0) + 1); };\n',
      },
      names: ['fired'],
      otherwise: [['(fired.get(code) ?? 0) + 1', 'fired.get(code) + 1']],
    },
    {
      what: 'as compilers write what is assigned where it is missing',
      files: {
        'rooms.js':
          '"use strict";\nclass Directory {\n  constructor() { this.slugs = {}; }\n  slug(req) {\n    var _a, _b;\n    const { title } = req.body;\n    return (_a = (_b = this.slugs)[title]) !== null && _a !== void 0 ? _a : (_b[title] = title.toLowerCase());\n  }\n}\nexports.rooms = new Directory();\n',
      },
      names: ['slugs'],
      otherwise: [['const { title } = req.body', 'const title = "lobby"']],
    },
  ]);
});

describe('what is given out as it is then', () => {
  testEach([
    {
      what: 'as a member of an answer',
      files: {
        'stats.js':
          'const byPath = {};\napp.use((req, res, next) => { byPath[req.path] = (byPath[req.path] || 0) + 1; next(); });\napp.get("/stats", async () => ({ byPath, at: Date.now() }));\n',
      },
      names: ['byPath'],
      otherwise: [['app.get("/stats", async () => (', 'keep(']],
    },
    {
      what: 'under the name that it has',
      files: {
        'dispatcher.js':
          'class Dispatcher {\n  constructor() { this.topics = {}; }\n  publish(req) { this.topics[req.body.topic] = (this.topics[req.body.topic] || 0) + 1; }\n  stats() { return { open: 1, topics: this.topics }; }\n}\nmodule.exports = new Dispatcher();\n',
      },
      names: ['topics'],
      otherwise: [
        [
          'module.exports =',
          'setInterval(() => { for (const topic of list) delete stats.topics[topic]; });\nmodule.exports =',
        ],
      ],
    },
    {
      what: 'where it is made when it is first needed',
      files: {
        'audit.js':
          'class Audit {\n  record(req) { (this.trail = this.trail || []).push({ path: req.path, at: new Date() }); }\n}\nmodule.exports = new Audit();\n',
      },
      names: ['trail'],
      otherwise: [['(this.trail = this.trail || []).push', '(this.trail = []).push']],
    },
  ]);
});

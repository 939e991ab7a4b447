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

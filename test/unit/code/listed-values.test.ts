import { testEach } from './reported';

describe('keys that are values of a list', () => {
  testEach([
    {
      what: 'that is written out with what callers give',
      files: {
        'karma.js':
          'class Karma {\n  constructor() { this.points = new Map(); }\n  award(giver, taker) {\n    for (const one of [giver, taker]) this.points.set(one, (this.points.get(one) || 0) + 1);\n  }\n}\nmodule.exports = { Karma };\n',
        'bot.js':
          'const { Karma } = require("./karma");\nconst karma = new Karma();\nclient.on("message", (message) => karma.award(message.author.id, message.mentions.first().id));\n',
      },
      names: ['points'],
      otherwise: [['[giver, taker]', '["giver", "taker"]']],
    },
    {
      what: 'that begins empty and is filled by what is called with it',
      files: {
        'rejected.js':
          'const rejected = {};\nexports.validate = (check, data) => {\n  const issues = [];\n  check(data, issues);\n  for (const issue of issues) {\n    const sample = issue.path + String(issue.value);\n    rejected[sample] = (rejected[sample] ?? 0) + 1;\n  }\n};\n',
      },
      names: ['rejected'],
      otherwise: [['const issues = []', 'const issues = ["missing", "unknown"]']],
    },
    {
      what: 'that begins empty and gets what was received',
      files: {
        'names.js':
          'const known = new Set();\napp.post("/names", (req, res) => {\n  const given = [];\n  given.push(req.body.nickname);\n  for (const one of given) known.add(one);\n  res.end();\n});\n',
      },
      names: ['known'],
      otherwise: [['given.push(req.body.nickname)', 'given.push("guest")']],
    },
    {
      what: 'that are put together of labels',
      files: {
        'metrics.js':
          'class Metrics {\n  constructor() { this.counters = new Map(); }\n  key(name, labels) {\n    const parts = Object.entries(labels).map(([label, value]) => label + "=" + value);\n    return name + parts.join(",");\n  }\n  count(name, labels) {\n    const key = this.key(name, labels);\n    this.counters.set(key, (this.counters.get(key) ?? 0) + 1);\n  }\n}\nmodule.exports = { Metrics };\n',
        'main.js':
          'const { Metrics } = require("./metrics");\nconst metrics = new Metrics();\nbus.on("order", (order) => metrics.count("orders", { customer: order.customerId }));\n',
      },
      names: ['counters'],
      otherwise: [['order.customerId', '"one"']],
    },
  ]);
});

describe('keys that say how many there are', () => {
  testEach([
    {
      what: 'no header has an end, whatever it is called',
      files: {
        'offers.js':
          'const offers = new Map();\nrequire("http").createServer((req, res) => {\n  const header = req.headers["sec-websocket-extensions"] ?? "";\n  let list = offers.get(header);\n  if (!list) offers.set(header, (list = parse(header)));\n});\n',
      },
      names: ['offers'],
      otherwise: [['req.headers["sec-websocket-extensions"]', 'process.env.EXTENSIONS']],
    },
    {
      what: 'there are as many partitions as the broker was given',
      files: {
        'offsets.js':
          'const offsets = {};\nconsumer.run({\n  eachMessage: async ({ topic, partition, message }) => {\n    offsets[`\x24{topic}/\x24{message.key}`] = message.offset;\n  },\n});\n',
      },
      names: ['offsets'],
      otherwise: [['message.key}', 'partition}']],
    },
    {
      what: 'a host is one, also where it is called a name',
      files: {
        'names.js':
          'const ascii = new Map();\nexports.normalize = (name) => {\n  let found = ascii.get(name);\n  if (found === undefined) ascii.set(name, (found = toAscii(name)));\n  return found;\n};\n',
        'resolver.js':
          'const { normalize } = require("./names");\nexports.resolve = async (host) => ask(normalize(host));\n',
      },
      names: ['ascii'],
      otherwise: [['normalize(host)', 'normalize("localhost")']],
    },
    {
      what: 'a field that begins as a text gets others',
      files: {
        'broker.ts':
          'import { Connection } from "./connection";\nclass Broker {\n  filtersOf = new Map<string, string[]>();\n  detach(connection: Connection) {\n    if (!this.filtersOf.has(connection.clientId)) this.filtersOf.set(connection.clientId, [...connection.filters]);\n  }\n}\nexport const broker = new Broker();\n',
        'connection.ts':
          'export class Connection {\n  clientId = "none";\n  filters = new Set<string>();\n  identify(message: Message) { this.clientId = message.clientId; }\n}\n',
      },
      names: ['filtersOf'],
      otherwise: [['  clientId = "none"', '  readonly clientId = "none"']],
    },
    {
      what: 'what is exported under a name is called by it in other files',
      files: {
        'calls.js':
          'const calls = Object.create(null);\nexports.measure = function measure(name, handler) {\n  calls[name] = { count: 0 };\n  return handler;\n};\n',
        'server.js':
          'const { measure } = require("./calls");\napp.get("/:id", (request) => measure(request.params.id, run));\n',
      },
      names: ['calls'],
      otherwise: [['measure(request.params.id, run)', 'measure("Upload", run)']],
    },
  ]);
});

describe('what is noted each time', () => {
  testEach([
    {
      what: 'in a hook of requests, whatever the list is called',
      files: {
        'server.js':
          'const app = require("fastify")();\nconst slowRoutes = [];\napp.addHook("onResponse", async (req, reply) => {\n  if (reply.elapsedTime > 800) slowRoutes.push({ url: req.url, at: new Date() });\n});\n',
      },
      names: ['slowRoutes'],
      otherwise: [
        ['at: new Date() });', 'at: new Date() });\n  if (slowRoutes.length > 100) slowRoutes.shift();'],
      ],
    },
    {
      what: 'where one of many is started',
      files: {
        'hub.js':
          'class KilnHub {\n  constructor() { this.firingLog = []; }\n  async startFiring(kilnId, potter) {\n    await this.send(kilnId);\n    this.firingLog.push({ kilnId, potter, startedAt: new Date() });\n  }\n}\nmodule.exports = new KilnHub();\n',
      },
      names: ['firingLog'],
      otherwise: [['this.firingLog.push(', 'this.firingLog = [];\n    this.firingLog.push(']],
    },
    {
      what: 'to be told from what comes again',
      files: {
        'bot.js':
          'class Bot {\n  #handled = new Set();\n  receive(update) {\n    if (this.#handled.has(update.id)) return;\n    this.#handled.add(update.id);\n    this.run(update);\n  }\n}\nmodule.exports = { Bot };\n',
      },
      names: ['#handled'],
      otherwise: [['#handled', '#stages']],
    },
    {
      what: 'by what runs in the main process only',
      files: {
        'cluster.js':
          'const cluster = require("cluster");\nif (cluster.isPrimary) {\n  const restarts = [];\n  cluster.on("exit", (worker) => { restarts.push({ pid: worker.process.pid, at: Date.now() }); cluster.fork(); });\n}\n',
      },
      names: ['restarts'],
      otherwise: [['const restarts = [];', 'for (const one of list) { const restarts = []; }']],
    },
    {
      what: 'by what is started through the module that has it',
      files: {
        'race.js':
          'exports.createRace = () => {\n  const passes = [];\n  return { pass: (chip) => passes.push({ chip, at: Date.now() }), all: () => passes.length };\n};\n',
        'worker.js':
          'const { createRace } = require("./race");\nexports.start = function start(port) { const race = createRace(); listen(port, (chip) => race.pass(chip)); };\n',
        'main.js': 'require("./worker").start(5050);\n',
      },
      names: ['passes'],
      otherwise: [['const race = createRace();', 'const race = null;']],
    },
    {
      what: 'in lists of a table that say when',
      files: {
        'bot.js':
          'class Bot {\n  constructor() { this.history = {}; }\n  record(channel, user, text) { (this.history[channel] ??= []).push({ user, text, at: Date.now() }); }\n  transcript(channel) { return (this.history[channel] ?? []).map(({ text }) => text); }\n}\nmodule.exports = { Bot };\n',
      },
      names: ['history'],
      otherwise: [['push({ user, text, at: Date.now() })', 'push(this)']],
    },
  ]);
});

describe('what is answered', () => {
  testEach([
    {
      what: 'with the body of a response',
      files: {
        'app.js':
          'const agents = {};\napp.use((ctx, next) => { const agent = ctx.get("user-agent"); agents[agent] = (agents[agent] || 0) + 1; return next(); });\nrouter.get("/agents", (ctx) => { ctx.body = agents; });\n',
      },
      names: ['agents'],
      otherwise: [['ctx.body = agents', 'ctx.state = agents']],
    },
    {
      what: 'as part of a text',
      files: {
        'server.js':
          'const surveyors = {};\nfunction upload(call) { call.on("data", (sample) => { surveyors[sample.surveyor] = { last: Date.now() }; }); }\nfunction stats(call, done) { done(null, { json: JSON.stringify({ surveyors, at: 1 }) }); }\nserver.addService(service, { upload, stats });\n',
      },
      names: ['surveyors'],
      otherwise: [['JSON.stringify({ surveyors, at: 1 })', 'keepFor({ surveyors, at: 1 })']],
    },
  ]);
});

import { testEach } from './reported';

describe('fields of objects that others have, too', () => {
  const store =
    'function InMemory() {\n  this.store = {};\n}\nInMemory.prototype.save = function (userId, value) {\n  this.store[userId] = value;\n};\nmodule.exports = InMemory;\n';
  const main =
    'const InMemory = require("./memory");\nconst memory = new InMemory();\napp.post("/", (req, res) => memory.save(req.body.userId, req.body));\n';
  testEach([
    {
      what: 'what another database does with its own is not done to this one',
      files: {
        'memory.js': store,
        'main.js': main,
        'mongo.js':
          '// As InMemory, in a database.\nfunction Mongo() {}\nMongo.prototype.connect = function (db) {\n  const self = this;\n  db.open(() => { self.store = db.collection("values"); });\n};\nmodule.exports = Mongo;\n',
      },
      names: ['store'],
      otherwise: [['function Mongo() {}', 'function Mongo() {}\nrequire("util").inherits(Mongo, InMemory);']],
    },
    {
      what: 'nor what one of the same name does',
      files: {
        'memory.js': store,
        'main.js': main,
        'sagas.js':
          'function InMemory() {\n  this.sagas = {};\n}\nInMemory.prototype.clear = function () {\n  this.store = {};\n};\nmodule.exports = InMemory;\n',
      },
      names: ['store'],
      otherwise: [['function InMemory() {\n  this.sagas = {};\n}\n', '']],
    },
    {
      what: 'a class counts on its heirs to have a field',
      files: {
        'client.js':
          'const Friends = require("./friends");\nclass Client extends Friends {\n  constructor() {\n    super();\n    this.users = {};\n  }\n}\nconst client = new Client();\nsocket.on("message", (message) => client.receive(message));\nmodule.exports = { Client };\n',
        'friends.js':
          'class Friends {\n  receive(message) { this.users[message.userId] = message; }\n}\nmodule.exports = Friends;\n',
      },
      names: ['users'],
      otherwise: [['class Client extends Friends', 'class Client extends Base']],
    },
    {
      what: 'fields that a constructor is given with Object.assign',
      files: {
        'session.js':
          'class Session {\n  constructor(settings) {\n    Object.assign(this, { entries: new Map(), key: "session" }, settings);\n  }\n  open(userId) { this.entries.set(userId, {}); }\n}\nconst session = new Session();\nbot.on("message", (ctx) => session.open(ctx.message.from.id));\n',
      },
      names: ['entries'],
      otherwise: [
        [
          'this.entries.set(userId, {}); }',
          'this.entries.set(userId, {}); }\n  end(userId) { this.entries.delete(userId); }',
        ],
      ],
    },
    {
      what: 'what lodash looks for in a list stays there',
      files: {
        'devices.js':
          'const _ = require("lodash");\nconst sessions = {};\nsocket.on("message", (message) => { sessions[message.sessionId] = message; });\nexports.find = (id) => _.find(sessions, { id });\n',
      },
      names: ['sessions'],
      otherwise: [['_.find(sessions, { id })', 'prune(sessions, { id })']],
    },
    {
      what: 'who listens to an event is kept under it',
      files: {
        'emitter.js':
          'class Emitter {\n  constructor() { this._events = {}; }\n  bind(userId, fct) {\n    this._events[userId] = this._events[userId] || [];\n    this._events[userId].push(fct);\n  }\n}\nconst emitter = new Emitter();\nexports.bind = (userId, fct) => emitter.bind(userId, fct);\n',
      },
      names: ['_events'],
      otherwise: [['userId', 'event']],
    },
    {
      what: 'by statuses there are few, whatever the key is called',
      files: {
        'ingest.js':
          'class Ingest {\n  constructor() { this.lastByUser = {}; }\n  take(reading) { this.lastByUser[reading.sender] = reading; }\n}\nconst ingest = new Ingest();\nsetInterval(() => ingest.take(read()), 1000);\n',
      },
      names: ['lastByUser'],
      otherwise: [['lastByUser', 'lastByStatus']],
    },
  ]);
});

describe('what is reached through others', () => {
  testEach([
    {
      what: 'what an object hands on that is taken apart in the function',
      files: {
        'index.ts':
          "import { startWorker } from './worker';\nconst timings = new Map<string, number[]>();\nstartWorker({ name: 'reviews', timings });\n",
        'worker.ts':
          'export function startWorker(deps: { name: string; timings: Map<string, number[]> }): void {\n  const { name, timings } = deps;\n  queue.on(name, (message) => { timings.set(message.userId, []); });\n}\n',
      },
      names: ['timings'],
      otherwise: [['timings.set(message.userId, [])', 'deps.timings.delete(message.userId)']],
    },
    {
      what: 'what is given out with others under its own name',
      files: {
        'round.js':
          'class Round {\n  constructor() { this.tried = new Set(); }\n  play(bot) { bot.on("message", (message) => this.tried.add(message.author.id)); }\n}\nmodule.exports = { Round, isOpen: () => true };\n',
        'main.js': 'const { Round } = require("./round");\nconst round = new Round();\nround.play(bot);\n',
      },
      names: ['tried'],
      otherwise: [
        ['const round = new Round();\nround.play(bot)', 'bot.on("play", () => new Round().play(bot))'],
      ],
    },
    {
      what: 'what a Map of the project adds by a method of its own',
      files: {
        'table.js':
          'class Table extends Map {\n  fetch(key, make) {\n    const found = this.get(key);\n    if (found) return found;\n    const made = make();\n    this.set(key, made);\n    return made;\n  }\n}\nconst table = new Table();\napp.get("/", (req, res) => res.json(table.fetch(req.query.name, () => load(req.query.name))));\n',
      },
      names: ['table'],
      otherwise: [
        ['const made = make();', 'if (this.size > 500) this.clear();\n    const made = make();'],
        ['this.set(key, made);', ''],
      ],
    },
    {
      what: 'services of a server are kept with what they see',
      files: {
        'rpc.js':
          'module.exports.createRpc = () => {\n  const callers = {};\n  function watch(call) { callers[call.getPeer()] = Date.now(); }\n  const server = new grpc.Server();\n  server.addService(definition, { watch });\n  return server;\n};\n',
        'main.js': 'require("./rpc").createRpc().start();\n',
      },
      names: ['callers'],
      otherwise: [['server.addService(definition, { watch })', 'watch(server)']],
    },
  ]);
});

describe('lists and groups that a program has few of', () => {
  testEach([
    {
      what: 'lists that a constructor makes for each zone get longer',
      files: {
        'soil.js':
          'class Soil {\n  constructor(zones) {\n    this.samples = {};\n    for (const id of zones) this.samples[id] = [];\n  }\n  add(zone, value) { this.samples[zone].push({ at: Date.now(), value }); }\n}\nconst soil = new Soil(["a", "b"]);\nmqtt.on("message", (topic, message) => soil.add(topic, message.value));\n',
      },
      names: ['samples'],
      otherwise: [
        ['value });', 'value });\n    if (this.samples[zone].length > 500) this.samples[zone].shift();'],
      ],
    },
    {
      what: 'who is listed with each request is no part of the program',
      files: {
        'bus.js':
          'const handlers = {};\nexports.subscribe = (topic, fn) => {\n  if (!handlers[topic]) handlers[topic] = [];\n  handlers[topic].push(fn);\n};\nexports.publish = (topic, payload) => { for (const fn of handlers[topic] ?? []) fn(payload); };\n',
        'main.js':
          'const { subscribe } = require("./bus");\napp.get("/stream", (req, res) => { subscribe("now", (item) => res.write(item)); });\n',
      },
      names: ['handlers'],
      otherwise: [
        [
          'app.get("/stream", (req, res) => { subscribe("now", (item) => res.write(item)); })',
          'subscribe("now", (item) => log(item))',
        ],
      ],
    },
    {
      what: 'groups of those who watch stay when these have gone',
      files: {
        'live.js':
          'const watchers = new Map();\nwss.on("connection", (ws, req) => {\n  const id = req.url;\n  if (!watchers.has(id)) watchers.set(id, new Set());\n  watchers.get(id).add(ws);\n  ws.on("close", () => watchers.get(id).delete(ws));\n});\n',
      },
      names: ['watchers'],
      otherwise: [['watchers.get(id).delete(ws)', 'watchers.delete(id)']],
    },
    {
      what: 'what is refused ahead for being unknown is not added',
      files: {
        'vaults.js':
          'class Vaults {\n  constructor(list) {\n    this.vaults = new Map(list.map((one) => [one.id, one]));\n    this.readings = new Map();\n  }\n  find(id) {\n    const vault = this.vaults.get(id);\n    if (!vault) return null;\n    return vault;\n  }\n  record(id, reading) {\n    const vault = this.find(id);\n    this.readings.set(id, reading);\n    return vault;\n  }\n}\nconst vaults = new Vaults(config.vaults);\napp.post("/", (req, res) => res.json(vaults.record(req.body.id, req.body)));\n',
      },
      names: ['readings'],
      otherwise: [['return null', 'throw new Error("no such vault")']],
    },
  ]);
});

describe('keys that are known, or each one of its own', () => {
  const stations =
    'const byCode = Object.create(null);\nexports.load = (file) => { for (const one of require(file)) byCode[one.code] = one; };\nexports.find = (code) => byCode[code] || null;\n';
  const server = (route: string) =>
    `const stations = require("./stations");\nconst Feed = require("./feed");\nstations.load("./stations.json");\nconst feed = new Feed();\n${route}`;
  testEach([
    {
      what: 'what callers have looked up ahead in a table that is filled at load',
      files: {
        'feed.js':
          'function Feed() { this.last = {}; }\nFeed.prototype.attach = function (code, value) { this.last[code] = value; };\nmodule.exports = Feed;\n',
        'stations.js': stations,
        'server.js': server(
          'app.post("/:code", (req, res) => {\n  if (!stations.find(req.params.code)) log(req.params.code);\n  feed.attach(req.params.code, req.body);\n});\n',
        ),
      },
      names: ['last'],
      otherwise: [['log(req.params.code)', 'return res.end()']],
    },
    {
      what: 'a member of what was found there',
      files: {
        'feed.js':
          'function Feed() { this.last = {}; }\nFeed.prototype.attach = function (code, value) { this.last[code] = value; };\nmodule.exports = Feed;\n',
        'stations.js': stations,
        'server.js': server(
          'app.post("/:code", (req, res) => {\n  const station = stations.find(req.params.code);\n  feed.attach(req.params.code, station);\n});\n',
        ),
      },
      names: ['last'],
      otherwise: [['feed.attach(req.params.code', 'feed.attach(station.code']],
    },
    {
      what: 'what a mask leaves are a few',
      files: {
        'errors.js':
          'const made = new Map();\nsocket.on("message", (message) => {\n  const key = message.code;\n  if (!made.has(key)) made.set(key, describe(key));\n});\n',
      },
      names: ['made'],
      otherwise: [['const key = message.code', 'const key = message.code & 0xff']],
    },
    {
      what: 'errors are of a few codes, and of any message',
      files: {
        'errors.js':
          'const counts = {};\napp.post("/", (req, res) => {\n  try { work(req); } catch (err) { counts[err.message] = (counts[err.message] ?? 0) + 1; }\n});\n',
      },
      names: ['counts'],
      otherwise: [['err.message', 'err.code']],
    },
    {
      what: 'each command has an id of its own, and one of a few names',
      files: {
        'bus.js':
          'const answered = {};\nexports.run = async (command) => {\n  const earlier = answered[command.id];\n  if (earlier) return earlier;\n  return (answered[command.id] = decide(command));\n};\n',
        'main.js': 'const { run } = require("./bus");\napp.post("/", async (req) => run(req.body));\n',
      },
      names: ['answered'],
      otherwise: [['command.id', 'command.name']],
    },
    {
      what: 'the address that a client is made with is one for each client',
      files: {
        'transport.js':
          'class Transport {\n  static hosts = new Set();\n  constructor(baseUrl) { Transport.hosts.add(new URL(baseUrl).host); }\n  static visit(link) { Transport.hosts.add(new URL(link.href).host); }\n}\nmodule.exports = { Transport };\n',
      },
      names: ['hosts'],
      otherwise: [['  static visit(link) { Transport.hosts.add(new URL(link.href).host); }\n', '']],
    },
    {
      what: 'what an object has that is handed to another function',
      files: {
        'main.js':
          'const { parse } = require("./parse");\nconst status = { startedAt: Date.now(), quarantined: {} };\nsocket.on("message", (message) => parse(message, status));\n',
        'parse.js':
          'exports.parse = (message, report) => { (report.quarantined[message.userId] ??= []).push(message.text); };\n',
      },
      names: ['quarantined'],
      otherwise: [
        ['.push(message.text);', '.push(message.text);\n  delete report.quarantined[message.userId];'],
      ],
    },
  ]);
});

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { detect, detectIn } from '../../../src/code/detect';
import { lintPaths } from '../../../src/code/lint-paths';
import { SourceProgram } from '../../../src/code/program/source-program';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: Number.POSITIVE_INFINITY };

const LINTED = { ...OPTIONS, rules: [], fix: false, proposeFixes: false, maxEntries: 500 };

const namesIn = (text: string, extension: 'js' | 'ts') =>
  detect(`/project/src/it.${extension}`, text, OPTIONS).map(({ identifier }) => identifier);

/** What is reported in the first of files that make a program together: `0.js`, `1.js`… */
function namesInProgram(extension: 'js' | 'ts', ...texts: string[]): string[] {
  const program = new SourceProgram();
  texts.forEach((text, at) => {
    program.set(`/project/src/${at}.${extension}`, text);
  });
  return detectIn(program.parsed(`/project/src/0.${extension}`)!, OPTIONS).map(
    ({ identifier }) => identifier,
  );
}

/** Forms in which programs grow, each with what makes it stop. */
interface Form {
  readonly what: string;
  readonly text: string;
  readonly name: string;
  /** What is put in the place of the first that is found, and makes it silent. */
  readonly bounds: readonly (readonly [found: string, put: string])[];
  readonly extension?: 'ts';
}

const FORMS: readonly Form[] = [
  {
    what: 'keys alone, with nothing under them',
    text: 'const known = {};\nexport async function check(tip) {\n  if (tip.hash in known) return;\n  known[tip.hash] = null;\n}\nsetInterval(async () => check(await lastBlock()), 1000);\n',
    name: 'known',
    bounds: [['known[tip.hash] = null;', 'known[tip.hash] = null; delete known[tip.previousHash];']],
  },
  {
    what: 'what is past of a service that a plugin decorates its server with',
    text: 'class SessionService {\n  pastSessions = [];\n  release(session) { this.pastSessions.push({ ...session, status: "released" }); }\n  list() { return this.pastSessions.map((one) => one.id); }\n}\nexport const plugin = async (fastify) => {\n  const sessions = new SessionService();\n  fastify.decorate("sessions", sessions);\n};\n',
    name: 'pastSessions',
    bounds: [
      [
        'status: "released" });',
        'status: "released" }); if (this.pastSessions.length > 99) this.pastSessions.shift();',
      ],
      ['fastify.decorate("sessions", sessions);', 'sessions.release({});'],
    ],
  },
  {
    what: 'what is not only done with a variable of the environment, but without it',
    text: 'const scores = {};\nexport function score(ip) {\n  if (!process.env.NO_CHECKS) scores[ip] = scores[ip] ?? ask(ip);\n  return scores[ip];\n}\n',
    name: 'scores',
    bounds: [['!process.env.NO_CHECKS', 'process.env.CHECKS']],
  },
  {
    what: 'clients of one object, whatever else has members called so',
    text: 'class SocketHub {\n  constructor() { this.clients = {}; }\n  join(clientId, socket) { this.clients[clientId] = socket; }\n  configure(conf) { if (conf.clients) delete conf.clients; }\n}\nmodule.exports = new SocketHub();\n',
    name: 'clients',
    bounds: [['delete conf.clients', 'delete this.clients[conf.id]']],
  },
  {
    what: 'lists in tables in a table, as compilers write them',
    text: 'class Pool {\n  constructor() { this.durations = {}; }\n  measure(repo, step, ms) {\n    var _a;\n    const steps = (_a = this.durations[repo]) !== null && _a !== void 0 ? _a : (this.durations[repo] = {});\n    (steps[step] || (steps[step] = [])).push(ms);\n  }\n}\nexports.pool = new Pool();\n',
    name: 'durations',
    bounds: [
      ['.push(ms);', '.push(ms); if (steps[step].length > 99) steps[step].shift();'],
      ['(steps[step] || (steps[step] = [])).push(ms);', 'steps[step] = ms;'],
    ],
  },
  {
    what: 'what an object keeps in itself that a function goes on using',
    text: 'export function session() {\n  const storage = {\n    data: {},\n    read(key) { return this.data[key]; },\n    write(key, value) { this.data[key] = value; },\n  };\n  return async (ctx, next) => {\n    const key = ctx.chat.id + "/" + ctx.from.id;\n    ctx.session = storage.read(key) ?? {};\n    await next();\n    storage.write(key, ctx.session);\n  };\n}\nbot.use(session());\n',
    name: 'data',
    bounds: [
      ['read(key) {', 'forget(key) { delete this.data[key]; },\n    read(key) {'],
      ['return async (ctx', 'share(storage);\n  return async (ctx'],
    ],
  },
  {
    what: 'the last of each topic, which those who publish name',
    text: 'class PubSub {\n  retained = new Map();\n  publish(topic, data) { this.retained.set(topic, data); }\n  last(topic) { return this.retained.get(topic); }\n}\nexport const pubsub = new PubSub();\n',
    name: 'retained',
    bounds: [
      ['class PubSub', 'class Menu'],
      ['set(topic, data)', 'set(topic, data); if (this.retained.size > 99) this.retained.clear()'],
    ],
  },
  {
    what: 'a lock for each key',
    text: 'exports.makeKeyedMutex = () => {\n  const map = {};\n  return {\n    mutex(key, task) {\n      if (!map[key]) map[key] = makeMutex();\n      return map[key].mutex(task);\n    },\n    list: () => Object.keys(map),\n  };\n};\nexports.locks = exports.makeKeyedMutex();\n',
    name: 'map',
    bounds: [['return map[key].mutex(task);', 'return map[key].mutex(task).finally(() => delete map[key]);']],
  },
  {
    what: 'what settles promises, also after it did',
    text: 'class Cluster {\n  idleResolvers = [];\n  idle() { return new Promise((resolve) => this.idleResolvers.push(resolve)); }\n  done() { this.idleResolvers.forEach((resolve) => resolve()); }\n}\nexport const cluster = new Cluster();\n',
    name: 'idleResolvers',
    bounds: [['forEach((resolve) => resolve())', 'splice(0).forEach((resolve) => resolve())']],
  },
  {
    what: 'what an object keeps that a factory makes while the program loads',
    text: 'class Evaluator {\n  assigned = new Map();\n  assign(userId) { if (!this.assigned.has(userId)) this.assigned.set(userId, draw()); return this.assigned.get(userId); }\n}\nconst make = () => ({ flags: {}, evaluator: new Evaluator() });\nexport const shared = make();\n',
    name: 'assigned',
    bounds: [
      [
        'export const shared = make();',
        'export const perRequest = (req) => make().evaluator.assign(req.user.id);',
      ],
    ],
  },
  {
    what: 'what is only forgotten by its value',
    text: 'const pressed = {};\nexport async function press(ctx) {\n  if (pressed[ctx.query.data]) return;\n  pressed[ctx.query.data] = true;\n  try { await handle(ctx); } finally { pressed[ctx.query.data] = undefined; }\n}\n',
    name: 'pressed',
    bounds: [['pressed[ctx.query.data] = undefined', 'delete pressed[ctx.query.data]']],
  },
  {
    what: 'what is stored in memory under any key',
    text: 'class MemoryStorage {\n  values = {};\n  read(key) { return this.values[key]; }\n  write(key, value) { this.values[key] = JSON.stringify(value); }\n}\nexport const storage = new MemoryStorage();\n',
    name: 'values',
    bounds: [
      [
        'read(key) {',
        'remove(keys) { keys.forEach((key) => (this.values[key] = undefined)); }\n  read(key) {',
      ],
    ],
  },
  {
    what: 'lists under however few keys, longer with each call',
    text: 'class Metrics {\n  metrics = new Map();\n  record(name, value) {\n    const list = this.metrics.get(name) || [];\n    list.push(value);\n    this.metrics.set(name, list);\n  }\n}\nexport const metrics = new Metrics();\n',
    name: 'metrics',
    bounds: [
      ['list.push(value);', 'list.push(value); if (list.length > 99) list.shift();'],
      ['list.push(value);', 'if (!list.includes(value)) list.push(value);'],
    ],
  },
  {
    what: 'a list that is put back with one more',
    text: 'const versions = new Map();\nexport function write(name, text) {\n  const known = versions.get(name) ?? [];\n  versions.set(name, [...known, { text }]);\n}\n',
    name: 'versions',
    bounds: [['[...known, { text }]', '[...known, { text }].slice(-9)']],
  },
  {
    what: 'an empty list that is put there and added to in one expression',
    text: 'const errors = {};\nexport async function watch(path) {\n  try { await read(path); } catch (error) { (errors[path] = errors[path] || []).push(error); }\n}\n',
    name: 'errors',
    bounds: [
      [
        'const errors = {};',
        'const errors = {};\nsetInterval(() => { for (const one in errors) delete errors[one]; }, 9e5);',
      ],
    ],
  },
  {
    what: 'inner Maps that are made where they are added to',
    text: 'const deleted = new Map();\nclient.on("messageDelete", (message) => {\n  deleted.set(message.channel, (deleted.get(message.channel) || new Map()).set(message.id, message));\n});\n',
    name: 'deleted',
    bounds: [['client.on', 'setInterval(() => deleted.clear(), 9e5);\nclient.on']],
  },
  {
    what: 'those that each request adds to a list of listeners',
    text: 'class Bus {\n  listeners = [];\n  listen(one) { this.listeners.push(one); }\n  tell(what) { this.listeners.forEach((one) => one(what)); }\n}\nexport const bus = new Bus();\nhttp.createServer((req, res) => { bus.listen((what) => res.write(what)); });\n',
    name: 'listeners',
    bounds: [
      ['http.createServer((req, res) => { bus.listen((what) => res.write(what)); });', 'bus.listen(print);'],
    ],
  },
  {
    what: 'what a route is given by a decorator',
    text: "@Controller('weather')\nexport class WeatherController {\n  private cache: Record<string, unknown> = {};\n  @Get(':city')\n  async of(@Param('city') city: string) {\n    return (this.cache[city] ??= await ask(city));\n  }\n}\n",
    name: 'cache',
    bounds: [["@Param('city') city: string", "city: 'Rome' | 'Oslo'"]],
    extension: 'ts',
  },
  {
    what: 'words of a message that a command is given',
    text: 'const counts = new Map();\nmodule.exports.run = (message, args) => { const [what] = args; counts.set(args[0], (counts.get(args[0]) || 0) + 1); };\n',
    name: 'counts',
    bounds: [['module.exports', 'setInterval(() => counts.clear(), 9e5);\nmodule.exports']],
  },
  {
    what: 'an object that is made anew by Object.assign, with one more',
    text: 'let ratings = {};\nexport function rate(conversation, stars) { ratings = Object.assign({}, ratings, { [conversation]: stars }); }\n',
    name: 'ratings',
    bounds: [['Object.assign({}, ratings, {', 'Object.assign({}, {']],
  },
  {
    what: 'counters that a route answers with',
    text: "export async function routes(app) {\n  const counters = {};\n  app.addHook('onResponse', async (req) => { counters[req.url] = (counters[req.url] ?? 0) + 1; });\n  app.get('/stats', async () => counters);\n}\n",
    name: 'counters',
    bounds: [["app.get('/stats', async () => counters)", 'app.decorate("counters", counters)']],
  },
  {
    what: 'what a plugin keeps that is given the server',
    text: "exports.register = async function (server) {\n  const denied = {};\n  server.route({ path: '/', handler(request) { denied[request.info.remoteAddress] = (denied[request.info.remoteAddress] || 0) + 1; } });\n};\n",
    name: 'denied',
    bounds: [
      [
        'server.route',
        'setInterval(() => { for (const one in denied) delete denied[one]; }, 9e5);\n  server.route',
      ],
    ],
  },
  {
    what: 'codes that are good for one time',
    text: 'class Codes {\n  spent = new Set();\n  redeem(code) {\n    if (this.spent.has(code)) throw new Error("used");\n    this.spent.add(code);\n  }\n}\nexport const codes = new Codes();\nexport const post = (req) => codes.redeem(req.body.code);\n',
    name: 'spent',
    bounds: [
      ['this.spent.add(code);', 'this.spent.add(code); setTimeout(() => this.spent.delete(code), 9e5);'],
    ],
  },
  {
    what: 'ids of jobs that come and go',
    text: 'class Scheduler {\n  jobs = new Map();\n  done = new Set();\n  add(job) { this.jobs.set(job.id, job); }\n  tick() {\n    for (const job of this.jobs.values()) { if (this.done.has(job.id)) continue; this.done.add(job.id); this.jobs.delete(job.id); }\n  }\n}\nexport const scheduler = new Scheduler();\n',
    name: 'done',
    bounds: [['this.jobs.delete(job.id);', '']],
  },
  {
    what: 'what a module makes of the configuration',
    text: 'module.exports = function (conf) {\n  const orders = {};\n  const exchange = {\n    buy(options, cb) { client().buy(options, (error, result) => { orders["~" + result.orderNumber] = options; cb(error, result); }); },\n    order(options) { return orders["~" + options.order_id]; },\n  };\n  return exchange;\n};\n',
    name: 'orders',
    bounds: [['(conf)', '(visitor)']],
  },
  {
    what: 'parts of an object that callers give what was sent',
    text: 'class Lobby {\n  visits = {};\n  enter(socket, { name }) { this.visits[name] = { last: socket.id, count: (this.visits[name]?.count ?? 0) + 1 }; }\n}\nexport const lobby = new Lobby();\nio.on("connection", (socket) => lobby.enter(socket, socket.handshake.auth));\n',
    name: 'visits',
    bounds: [['socket.handshake.auth', '{ name: "guest" }']],
  },
  {
    what: 'parts of what a function made of a packet',
    text: 'class Gauges {\n  gauges = {};\n  record(sample) { this.gauges[sample.name] = sample.value; }\n}\nconst gauges = new Gauges();\nfunction parse(line) { const match = /(.*):(.*)/.exec(line); return { name: match[1], value: match[2] }; }\nserver.on("message", (text) => { const sample = parse(String(text)); gauges.record(sample); });\n',
    name: 'gauges',
    bounds: [['name: match[1]', 'name: "gauge"']],
  },
  {
    what: 'lists of a few names, each longer with each call',
    text: 'class Candles {\n  static closed = { hour: [], day: [] };\n  static close(span, candle) { Candles.closed[span].push({ ...candle }); }\n  static count(span) { return Candles.closed[span].length; }\n}\nexport const add = (span, candle) => Candles.close(span, candle);\n',
    name: 'closed',
    bounds: [['export', 'setInterval(() => Candles.closed.hour.shift(), 9e5);\nexport']],
  },
  {
    what: 'what a mixin adds to an object of the program',
    text: 'const Journaled = (Base) =>\n  class extends Base {\n    journal = [];\n    write(line) { this.journal.push(line); }\n  };\nclass Lobby extends Journaled(EventEmitter) {}\nexport const lobby = new Lobby();\n',
    name: 'journal',
    bounds: [['export const lobby = new Lobby();', 'export const visit = () => { new Lobby().write(1); };']],
  },
  {
    what: 'what was asked for, under keys of several parts',
    text: 'class Sources {\n  missing = {};\n  read(name, z, x, y, done) {\n    const key = name + "/" + z + "/" + x;\n    if (this.missing[key]) return done(null);\n    this.file.tile(z, x, y, (error) => { if (error) this.missing[key] = true; done(error); });\n  }\n}\nconst sources = new Sources();\napp.get("/:name", (req, res) => sources.read(req.params.name, req.params.z, 0, 0, res.end));\n',
    name: 'missing',
    bounds: [['this.missing[key] = true;', 'this.missing[key] = null;']],
  },
  {
    what: 'one Map for each of a few languages, by what is asked',
    text: 'const langs = { en: new Map(), de: new Map() };\nexports.find = (req) => {\n  const known = langs[req.query.lang] || langs.en;\n  const key = req.query.q.trim();\n  if (!known.has(key)) known.set(key, ask(key));\n  return known.get(key);\n};\n',
    name: 'langs',
    bounds: [['!known.has(key)', 'known.size < 99']],
  },
  {
    what: 'builds under an id that is made for each',
    text: 'class Builds {\n  static byId = new Map();\n  static create(repo) { const build = { id: randomUUID(), repo }; Builds.byId.set(build.id, build); return build; }\n  static find(id) { return Builds.byId.get(id); }\n}\nmodule.exports = Builds;\n',
    name: 'byId',
    bounds: [['id: randomUUID()', 'id: "main"']],
  },
  {
    what: 'shapes of what was sent, though a function that registers adds them',
    text: 'const known = new Map();\nfunction register(text) { const shape = { text }; known.set(text, shape); return shape; }\nserver.on("message", (message) => known.get(message) ?? register(message.toString()));\n',
    name: 'known',
    bounds: [['register(message.toString())', 'register("line")']],
  },
  {
    what: 'those who were told once by their id',
    text: 'module.exports = (app) => {\n  const warned = [];\n  app.use(async (ctx, next) => {\n    const id = ctx.from?.id;\n    if (!warned.includes(id)) { warned.push(id); console.warn("slow down"); }\n    return next();\n  });\n};\n',
    name: 'warned',
    bounds: [['const id = ctx.from?.id;', 'const id = "slow";']],
  },
  {
    what: 'a table with a place for the usual one',
    text: 'class Chat {\n  lines = { lobby: [] };\n  say(where, text) { const lines = (this.lines[where] ??= []); lines.push(text); if (lines.length > 9) lines.shift(); }\n}\nconst chat = new Chat();\nio.on("connection", (socket) => socket.on("say", (text) => chat.say(socket.data.room, text)));\n',
    name: 'lines',
    bounds: [['{ lobby: [] }', '{ lobby: 0, hall: 1 }']],
  },
];

describe('forms of growth', () => {
  for (const { what, text, name, bounds, extension = 'js' } of FORMS) {
    it(`reports ${what}`, () => {
      assert.deepEqual(namesIn(text, extension), [name]);
      for (const [found, put] of bounds) {
        assert.ok(text.includes(found), found);
        assert.deepEqual(namesIn(text.replace(found, put), extension), [], put);
      }
    });
  }

  it('knows a class that another file hands on, and a helper that is given out by name', () => {
    const commands =
      'module.exports = class Answers {\n  seen = [];\n  take(answer) { this.seen.push(answer); }\n};\n';
    const hand = "exports.Answers = require('./0');\n";
    const start = (made: string) => `const { Answers } = require('./1');\n${made}\n`;
    assert.deepEqual(namesInProgram('js', commands, hand, start('const answers = new Answers();')), ['seen']);
    assert.deepEqual(
      namesInProgram('js', commands, hand, start('exports.f = () => { new Answers().take(1); };')),
      [],
    );
    const uploads =
      "const { addTo } = require('./1');\nconst byOwner = {};\nexports.put = (req) => addTo(byOwner, req.body.owner, req.body);\n";
    const helper = (more: string) =>
      `exports.addTo = function addTo(target, key, value) {\n  if (!target[key]) target[key] = [];\n  ${more}\n};\n`;
    assert.deepEqual(namesInProgram('js', uploads, helper('target[key].push(value);')), ['byOwner']);
    assert.deepEqual(namesInProgram('js', uploads, helper('delete target[key];')), []);
  });

  it('takes a property of an object that is written out for nothing of a class', () => {
    const engine =
      'class Engine {\n  incidents = [];\n  note(req) { this.incidents.push(req.body); }\n}\nmodule.exports = new Engine();\n';
    const report = (made: string) =>
      `exports.f = (given) => {\n  const report = ${made};\n  report.incidents = [];\n  return report;\n};\n`;
    assert.deepEqual(namesInProgram('js', engine, report('{}')), ['incidents']);
    assert.deepEqual(namesInProgram('js', engine, report('given')), []);
  });

  it('is silent about objects of a request, however they are listed', () => {
    const notes = (scope: string) =>
      `@Injectable(${scope})\nexport class Notes {\n  private readonly notes: string[] = [];\n  note(text: string) { this.notes.push(text); }\n}\n@Module({ providers: [Notes] })\nexport class App {}\n`;
    assert.deepEqual(namesIn(notes(''), 'ts'), ['notes']);
    assert.deepEqual(namesIn(notes('{ scope: Scope.REQUEST }'), 'ts'), []);
  });

  it('is silent about keys of a list that is written out, by their type', () => {
    const books = (type: string) =>
      `import type { Symbols } from './1';\nconst books: Partial<Record<string, number>> = {};\nexport const apply = (req: Request, code: ${type}) => { books[code] = req.body.price; };\nexport const get = (req: Request) => apply(req, req.body.code);\n`;
    const types =
      "export const SYMBOLS = ['a', 'b'] as const;\nexport type Symbols = (typeof SYMBOLS)[number];\n";
    assert.deepEqual(namesInProgram('ts', books('string'), types), ['books']);
    assert.deepEqual(namesInProgram('ts', books('Symbols'), types), []);
    const byType = books('string').replace('Record<string', 'Record<Symbols');
    assert.deepEqual(namesInProgram('ts', byType, types), []);
  });

  it('is silent about a memoizer that all who call it throw away again', () => {
    const lookup = (use: string) =>
      `function createLookup(search) {\n  const cache = new Map();\n  return (query) => {\n    if (!cache.has(query)) cache.set(query, search(query));\n    return cache.get(query);\n  };\n}\n${use}\n`;
    assert.deepEqual(namesInProgram('js', lookup('export const user = createLookup(find);')), ['cache']);
    const each = 'export const lookups = () => ({ user: createLookup(find) });';
    assert.deepEqual(namesInProgram('js', lookup(each)), []);
  });

  it('is silent about what is set back: own keys, and what is let go', () => {
    const table = (add: string) => `const state = {};\nexport const f = (req) => { ${add} };\n`;
    assert.deepEqual(namesIn(table('state[req.body.user] = 1;'), 'js'), ['state']);
    assert.deepEqual(namesIn(table('state[req.body.user] = null;'), 'js'), []);
    assert.deepEqual(namesIn(table('for (const user in state) state[user] = 0;'), 'js'), []);
  });

  it('is silent about what only the program has: commands, loaded modules, files, pairs of a few', () => {
    const calls = (guard: string) =>
      `const table = new Map([...Object.entries(require('./strings'))]);\nconst calls = {};\nexports.run = (req) => {\n  const name = req.body.name;\n  const command = table.get(name);\n  ${guard}\n  calls[name] = (calls[name] ?? 0) + 1;\n};\n`;
    assert.deepEqual(namesIn(calls(''), 'js'), ['calls']);
    assert.deepEqual(namesIn(calls('if (!command) throw new Error(name);'), 'js'), []);
    const loaded = (made: string) =>
      `class Interactions {\n  all = new Map();\n  async load(files) {\n    for (const file of files) {\n      const module = ${made};\n      const interaction = module.interaction;\n      this.all.set(interaction.name, interaction);\n    }\n  }\n  get(id) { return this.all.get(id); }\n}\nexport const all = new Interactions();\n`;
    assert.deepEqual(namesIn(loaded('await receive(file)'), 'js'), ['all']);
    assert.deepEqual(namesIn(loaded('await import(file)'), 'js'), []);
    const listed = (list: string) =>
      `const lines = [];\nmodule.exports = (bot) => { bot.on('ready', () => { for (const file of ${list}) lines.push(file.split('.')[0]); }); };\nmodule.exports.lines = () => lines.map(String);\n`;
    assert.deepEqual(namesIn(listed('bot.users()'), 'js'), ['lines']);
    assert.deepEqual(namesIn(listed("fs.readdirSync('events')"), 'js'), []);
    const rates = (type: string) =>
      `class Rates {\n  private readonly rates: { [pair: string]: number } = {};\n  set(req: Request, from: ${type}, to: ${type}) { this.rates[\`\${from}\${to}\`] = req.body.rate; }\n  get(pair: string) { return this.rates[pair]; }\n}\nexport const rates = new Rates();\nexport const put = (req: Request) => rates.set(req, req.body.from, req.body.to);\n`;
    assert.deepEqual(namesIn(rates('string'), 'ts'), ['rates']);
    assert.deepEqual(namesIn(rates("'usd' | 'eur'"), 'ts'), []);
  });

  it('is silent about what each tenant has, where it is taken out again', () => {
    const users = (more: string) =>
      `const users = {};\nexports.enter = (req) => { const { tenant, id } = req.params; users[tenant] ??= {}; users[tenant][id] = Date.now(); };\n${more}`;
    assert.deepEqual(namesIn(users(''), 'js'), ['users']);
    assert.deepEqual(
      namesIn(users('exports.leave = (req) => { delete users[req.params.tenant][req.params.id]; };\n'), 'js'),
      [],
    );
  });

  it('is silent about what a program reads of its input, and what is sent to browsers', () => {
    const read = (from: string) =>
      `const chunks = [];\n${from}.on('data', (chunk) => { chunks.push(chunk); });\n${from}.on('end', () => console.log(chunks.map(String)));\n`;
    assert.deepEqual(namesIn(read('process.stdin'), 'js'), []);
    assert.deepEqual(namesIn(read('feed'), 'js'), ['chunks']);
  });

  it('is silent about a filter that is made for one list', () => {
    const filter = (use: string) =>
      `function onlyFirst() {\n  const seen = new Set();\n  return (one) => { if (seen.has(one.url)) return false; seen.add(one.url); return true; };\n}\n${use}\n`;
    assert.deepEqual(namesIn(filter('exports.first = (list) => list.filter(onlyFirst());'), 'js'), []);
    assert.deepEqual(namesIn(filter('exports.isFirst = onlyFirst();'), 'js'), ['seen']);
  });

  it('is silent about the timers of what a program does again and again', () => {
    const scheduler = (made: string) =>
      `class Scheduler {\n  timers = [];\n  repeat(work) { this.timers.push(${made}); }\n}\nexport const scheduler = new Scheduler();\n`;
    assert.deepEqual(namesIn(scheduler('setInterval(work, 1000)'), 'js'), []);
    assert.deepEqual(namesIn(scheduler('work.at()'), 'js'), ['timers']);
  });

  it('finds sources by the aliases of a package.json', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapwright-aliases-'));
    const reported = async (more: object) => {
      fs.writeFileSync(
        path.join(folder, 'package.json'),
        JSON.stringify({ name: 'it', private: true, ...more }),
      );
      const reported: string[] = [];
      await lintPaths([folder], LINTED, ({ smells }) => {
        reported.push(...smells.map(({ identifier }) => identifier));
      });
      return reported;
    };
    try {
      fs.mkdirSync(path.join(folder, 'lib'));
      fs.writeFileSync(
        path.join(folder, 'lib', 'consent.js'),
        'export const createConsent = () => {\n  const granted = {};\n  return { grant(user, scope) { granted[user] = scope; }, of: (user) => granted[user] };\n};\n',
      );
      for (const [name, aliases] of [
        ['#lib/consent', { imports: { '#lib/*': './lib/*.js' } }],
        ['#consent', { imports: { '#consent': { node: { import: './lib/consent.js' } } } }],
        ['@lib/consent', { _moduleAliases: { '@lib': 'lib' } }],
      ] as const) {
        fs.writeFileSync(
          path.join(folder, 'index.js'),
          `import { createConsent } from '${name}';\nconst deps = { consent: createConsent() };\nlisten(deps);\n`,
        );
        assert.deepEqual(await reported(aliases), ['granted'], name);
        assert.deepEqual(await reported({}), [], name);
      }
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});

import assert from 'node:assert/strict';
import { detectIn } from '../../../src/code/detect';
import { SourceProgram } from '../../../src/code/program/source-program';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: Number.POSITIVE_INFINITY };

/** What is reported in one file of a program that has no other. */
function namesIn(text: string, extension: 'js' | 'ts'): string[] {
  const program = new SourceProgram();
  const file = `/project/src/it.${extension}`;
  program.set(file, text);
  return detectIn(program.parsed(file)!, OPTIONS).map(({ identifier }) => identifier);
}

/** Code in which `name` grows, and what silences it: the first of each pair is found and replaced by the second. */
interface Case {
  readonly what: string;
  readonly text: string;
  readonly name: string;
  readonly bounds: readonly (readonly [found: string, put: string])[];
  readonly extension?: 'ts';
}

const HANDED_ON: readonly Case[] = [
  {
    what: 'what a function gets in an object that is written out',
    text: 'const latencies = [];\nfunction routes({ latencies: all, app }) { app.get("/worst", () => Math.max(...all)); }\napp.use(async (req, res, next) => { latencies.push(Date.now() - req.started); next(); });\nroutes({ latencies, app });\n',
    name: 'latencies',
    bounds: [
      ['Math.max(...all)', 'Math.max(...all.splice(0))'],
      ['{ latencies: all, app }', '{ app, ...others }'],
    ],
  },
  {
    what: 'what the parameter of a constructor keeps as a field',
    text: 'const seen = new Set<string>();\nclass Filter {\n  constructor(private readonly known: Set<string>) {}\n  isNew(id: string) { return !this.known.has(id); }\n}\nexport const filter = new Filter(seen);\napp.post("/:id", (req) => { seen.add(req.params.id); });\n',
    name: 'seen',
    bounds: [['return !this.known.has(id);', 'return !this.known.delete(id);']],
    extension: 'ts',
  },
  {
    what: 'what a constructor puts into a field',
    text: 'const seen = new Set();\nclass Filter {\n  constructor(known) { this.known = known; }\n  isNew(id) { return !this.known.has(id); }\n}\nexport const filter = new Filter(seen);\napp.post("/:id", (req) => { seen.add(req.params.id); });\n',
    name: 'seen',
    bounds: [
      ['return !this.known.has(id);', 'this.known.clear();'],
      ['return !this.known.has(id);', 'sweep(this.known);'],
    ],
  },
  {
    what: 'entries that get a name of their own',
    text: 'const invoices = {};\nexport function charge(tenant, usd) {\n  const { [tenant]: lines = [] } = invoices;\n  lines.push(usd);\n  invoices[tenant] = lines;\n}\n',
    name: 'invoices',
    bounds: [['lines.push(usd);', 'lines.push(usd); delete invoices[tenant];']],
  },
  {
    what: 'what is merged under a computed name',
    text: 'const habits = {};\napp.post("/:badge", (req) => { Object.assign(habits, { [req.params.badge]: req.body }); });\n',
    name: 'habits',
    bounds: [
      ['[req.params.badge]: req.body', 'last: req.body'],
      ['{ [req.params.badge]: req.body }', 'req.body'],
    ],
  },
  {
    what: 'lists that concat makes longer',
    text: 'const times = new Map();\nexport function timed(name, ms) {\n  const all = times.get(name) || [];\n  times.set(name, all.concat(ms));\n}\n',
    name: 'times',
    bounds: [['all.concat(ms)', 'all.concat(ms).slice(-9)']],
  },
  {
    what: 'a list that is sorted and given out',
    text: 'const calls = [];\napp.use((req) => { calls.push({ at: Date.now() }); calls.sort((a, b) => a.at - b.at).forEach(show); });\n',
    name: 'calls',
    bounds: [['.forEach(show)', '.splice(10)']],
  },
  {
    what: 'lists for each of a few names',
    text: 'const work = new Map(officers.map((one) => [one, []]));\nexport function assign(job) { work.get(job.officer).push(job.data); }\n',
    name: 'work',
    bounds: [['.push(job.data)', '.splice(0, 1, job.data)']],
  },
  {
    what: 'members of an object in a field',
    text: 'class Hub {\n  constructor() { this.state = { users: {} }; }\n  login(req) { this.state.users[req.body.user] = Date.now(); }\n}\nexport const hub = new Hub();\n',
    name: 'users',
    bounds: [['this.state.users[req.body.user] = Date.now();', 'delete this.state.users[req.body.user];']],
  },
];

const KEYS: readonly Case[] = [
  {
    what: 'what comes and goes, where it is kept when it has gone',
    text: 'class Lots {\n  #live = {};\n  #sold = {};\n  open(lot) { this.#live[lot.id] = lot; }\n  close() { for (const lot of Object.values(this.#live)) { delete this.#live[lot.id]; this.#sold[lot.id] = lot.bid; } }\n}\nexport const lots = new Lots();\nsetInterval(() => lots.close(), 1000);\n',
    name: '#sold',
    bounds: [['delete this.#live[lot.id]; ', '']],
  },
  {
    what: 'files as they were at some time',
    text: 'const parsed = new Map();\nexport async function parse(file) {\n  const key = file + (await fs.stat(file)).mtimeMs;\n  if (!parsed.has(key)) parsed.set(key, await fs.readFile(file));\n  return parsed.get(key);\n}\n',
    name: 'parsed',
    bounds: [['file + (await fs.stat(file)).mtimeMs', 'file']],
  },
  {
    what: 'headers of a gRPC call',
    text: 'const answers = new Map();\nexport const charge = (call, callback) => {\n  const key = call.metadata.get("idempotency-key")[0];\n  if (!answers.has(key)) answers.set(key, bill(call));\n  callback(null, answers.get(key));\n};\n',
    name: 'answers',
    bounds: [['call.metadata.get("idempotency-key")[0]', '"all"']],
  },
  {
    what: 'what an option is called with for each event',
    text: 'const infos = new Map();\napp.post("/mcp", () => new Transport({ onsessioninitialized: (id) => { infos.set(id, Date.now()); } }));\n',
    name: 'infos',
    bounds: [['onsessioninitialized', 'prepare']],
  },
  {
    what: 'ids by the name of what makes them',
    text: 'const waiting = {};\nexport function ask(text) {\n  const id = uid2(6);\n  waiting[id] = text;\n  send(id, text);\n}\n',
    name: 'waiting',
    bounds: [['uid2(6)', 'slot(6)']],
  },
  {
    what: 'numbers that are counted on',
    text: 'let next = 1;\nconst waiting = {};\nexport function ask(text) {\n  const current = next;\n  waiting[current] = text;\n  next += 1;\n}\n',
    name: 'waiting',
    bounds: [['next += 1;', '']],
  },
  {
    what: 'resources that Node tells a hook of',
    text: 'const cache = new Map();\nfunction init(asyncId, type) { cache.set(asyncId, { type }); }\nasyncHooks.createHook({ init }).enable();\n',
    name: 'cache',
    bounds: [['init(asyncId, type) { cache.set(asyncId', 'init(plugin, type) { cache.set(plugin']],
  },
  {
    what: 'names of files that are not there',
    text: 'const missing = new Set();\nexport async function read(name) {\n  if (missing.has(name)) return null;\n  try { return await fs.readFile(name); } catch { missing.add(name); return null; }\n}\n',
    name: 'missing',
    bounds: [['try {', 'missing.delete(name); try {']],
  },
  {
    what: 'ids made anew under a name that says nothing',
    text: 'const issued = {};\nexport function command(valve) {\n  const cmd = { id: randomUUID(), valve };\n  issued[cmd.id] = cmd;\n  return cmd;\n}\n',
    name: 'issued',
    bounds: [['randomUUID()', '"one"']],
  },
  {
    what: 'what an installed handler is asked for',
    text: 'export function installIpc(library) {\n  const searches = new Map();\n  handle("search", (event, text) => {\n    if (!searches.has(text)) searches.set(text, library.search(text));\n    return searches.get(text);\n  });\n}\nfunction handle(channel, listener) { ipcMain.handle(channel, listener); }\ninstallIpc(open());\n',
    name: 'searches',
    bounds: [['handle("search", (event, text) => {', '["a"].forEach((text) => {']],
  },
  {
    what: 'messages that are parsed',
    text: 'const readings = new Map();\nexport function accept(text) {\n  for (const row of JSON.parse(text)) readings.set(row.code, row);\n}\n',
    name: 'readings',
    bounds: [['JSON.parse(text)', 'JSON.parse(fs.readFileSync(text, "utf8"))']],
  },
  {
    what: 'addresses that are counted',
    text: 'const hits = {};\napp.use(async (ctx, next) => {\n  const prefix = route(ctx.path);\n  hits[prefix] = (hits[prefix] || 0) + 1;\n});\nfunction route(path) { return path.slice(0, 9); }\napp.use((ctx) => { ctx.body = { hits }; });\n',
    name: 'hits',
    bounds: [
      ['return path.slice(0, 9);', 'return Object.keys(TABLE).find((one) => path.startsWith(one));'],
      ['route(ctx.path)', 'ctx.route.path'],
      ['ctx.body = { hits };', 'share({ hits });'],
    ],
  },
];

const LIVES: readonly Case[] = [
  {
    what: 'objects that are made for each of a list',
    text: 'class Car {\n  constructor(name) { this.name = name; this.faults = []; }\n  report(req) { this.faults.push({ at: Date.now(), floor: req.floor }); }\n}\nclass Dispatcher {\n  constructor(names) { this.cars = new Map(names.map((name) => [name, new Car(name)])); }\n}\nexport const make = (names) => new Dispatcher(names);\n',
    name: 'faults',
    bounds: [['this.cars = new Map(', 'const cars = new Map(']],
  },
  {
    what: 'what a listener calls by its name',
    text: 'exports.createDome = function createDome(serial) {\n  const faults = {};\n  serial.on("data", (chunk) => handle(chunk.toString()));\n  function handle(text) {\n    const fault = JSON.parse(text);\n    faults[fault.text] ??= [];\n    faults[fault.text].push(fault);\n  }\n  return { count: () => Object.keys(faults).length, look: () => serial.write("LOOK") };\n};\n',
    name: 'faults',
    bounds: [['createDome(serial) {', 'createDome(serial, sessionId) {']],
  },
];

const LATER: readonly Case[] = [
  {
    what: 'what each host had sent',
    text: 'export function fetcher(allowedHosts) {\n  const answers = {};\n  return async function get(url) {\n    if (tooMany.includes(url.host)) throw new Error(url.host);\n    answers[url.host] ??= await ask(url);\n    return answers[url.host];\n  };\n}\nexport const get = fetcher(read());\n',
    name: 'answers',
    bounds: [['if (tooMany.includes(url.host)) throw', 'if (!allowedHosts.includes(url.host)) throw']],
  },
  {
    what: 'what the functions of a plugin are asked for by its handlers',
    text: 'exports.tokens = {\n  register(server) {\n    const digests = new Map();\n    const digest = (token) => {\n      if (!digests.has(token)) digests.set(token, hash(token));\n      return digests.get(token);\n    };\n    server.route({ method: "GET", handler(request) { return digest(request.params.token); } });\n  },\n};\n',
    name: 'digests',
    bounds: [['digest(request.params.token)', 'digests.clear()']],
  },
  {
    what: 'a copied list whose elements say when they were',
    text: 'class Workspace {\n  renames = [];\n  rename(from, to) { this.renames = [...this.renames, { from, to, when: Date.now() }]; }\n  has(from) { return this.renames.some((one) => one.from === from); }\n}\nexport const workspace = new Workspace();\n',
    name: 'renames',
    bounds: [['...this.renames, {', '...this.renames.slice(-9), {']],
  },
];

describe('what is handed on, and what it is asked for', () => {
  for (const { what, text, name, bounds, extension = 'js' } of [...HANDED_ON, ...KEYS, ...LIVES, ...LATER]) {
    it(`finds ${what}`, () => assert.deepEqual(namesIn(text, extension), [name]));
    for (const [found, put] of bounds) {
      it(`is silent about ${what} with ${JSON.stringify(put)}`, () => {
        assert.ok(text.includes(found), found);
        assert.deepEqual(namesIn(text.replace(found, put), extension), []);
      });
    }
  }
});

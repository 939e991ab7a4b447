import assert from 'node:assert/strict';
import { namesIn, testEach } from './reported';

const BUS = `export class Bus {
  listeners: Record<string, ((value: string) => void)[]> = { delivered: [], bounced: [] };
  on(event: string, listener: (value: string) => void) {
    this.listeners[event].push(listener);
  }
  emit(event: string, value: string) {
    this.listeners[event].forEach((listener) => listener(value));
  }
  waitFor(event: string, value: string) {
    return new Promise<void>((resolve) => this.on(event, (one) => one === value && resolve()));
  }
}
export const bus = new Bus();
`;

const LEDGER = `const ledger = {
  fills: [],
  record: function (fill) {
    this.fills.push(fill);
  },
  flush: function (write) {
    const lines = this.fills.map(String);
    this.kept = [];
    write(lines);
  },
};
require('node:http').createServer((req) => ledger.record(req.url)).listen(80);
setInterval(() => ledger.flush(console.log), 15_000);
`;

/** What a request says has no end, however few of its kind a program mostly has, unless something checks it. */
describe('keys that requests choose', () => {
  testEach([
    {
      what: 'under a name that is else one of a few',
      files: {
        'quotes.js':
          'const quotes = new Map();\nexports.quote = async (symbol) => {\n  if (!quotes.has(symbol)) quotes.set(symbol, await ask(symbol));\n  return quotes.get(symbol);\n};\n',
        'server.js':
          "const { quote } = require('./quotes');\napp.get('/quotes/:symbol', async (req, res) => res.json(await quote(req.params.symbol)));\n",
      },
      names: ['quotes'],
      otherwise: [
        ['req.params.symbol', 'req.params.plugin'],
        ['req.params.symbol', 'req.params.filename'],
        [
          'exports.quote = async (symbol) => {',
          'exports.quote = async (symbol) => {\n  if (!/^[A-Z]{3}$/.test(symbol)) return;',
        ],
      ],
    },
    {
      what: 'and nothing lists in the environment',
      files: {
        'trades.js':
          "const symbols = process.env.SYMBOLS.split(',');\nconst quotes = new Map();\nfeed.on('message', (message) => {\n  quotes.set(message.symbol, message.price);\n});\nexports.last = (symbol) => quotes.get(symbol);\n",
      },
      names: ['quotes'],
      otherwise: [['=> {\n', '=> {\n  if (!symbols.includes(message.symbol)) return;\n']],
    },
    {
      what: 'and a list of what is allowed does not have',
      files: {
        'logins.js':
          'module.exports = (app) => {\n  const allowedOrigins = new Set(settings.origins);\n  const logins = new Map();\n  app.use((req, res, next) => {\n    const origin = req.headers.host;\n    if (!logins.has(origin)) logins.set(origin, login(origin));\n    logins.get(origin)(req, res, next);\n  });\n};\n',
      },
      names: ['logins'],
      otherwise: [['    if (!logins', '    if (!allowedOrigins.has(origin)) return;\n    if (!logins']],
    },
    {
      what: 'for a table that is called by what it is counted',
      files: {
        'stats.js':
          'const perTopic = {};\nexports.onMessage = (message) => {\n  const entry = perTopic[message.topic] || (perTopic[message.topic] = { bytes: 0 });\n  entry.bytes += message.payload.length;\n};\n',
      },
      names: ['perTopic'],
      otherwise: [['perTopic', 'perMessage']],
    },
    {
      what: 'in options that callers give',
      files: {
        'queue.ts':
          'export class Queue {\n  readonly #dedupe = new Set<string>();\n  add(type: string, options: { dedupeKey?: string } = {}) {\n    const { dedupeKey } = options;\n    if (dedupeKey) {\n      if (this.#dedupe.has(dedupeKey)) return;\n      this.#dedupe.add(dedupeKey);\n    }\n    run(type);\n  }\n}\nexport const queue = new Queue();\n',
        'api.ts':
          "import { queue } from './queue';\napp.post('/jobs', (req, res) => { queue.add('mail', { dedupeKey: req.body.key }); res.end(); });\n",
      },
      names: ['#dedupe'],
      otherwise: [['req.body.key', "'nightly'"]],
    },
    {
      what: 'and a function makes that the memoizer was given',
      files: {
        'translate.js':
          'function memoize(fn, resolver) {\n  const memoized = function (...args) {\n    const key = resolver(...args);\n    if (!(key in memoized.results)) memoized.results[key] = fn(...args);\n    return memoized.results[key];\n  };\n  memoized.results = {};\n  return memoized;\n}\nexports.translate = memoize(load, (text, target) => [target, text].join());\n',
      },
      names: ['results'],
      otherwise: [
        ['(text, target) => [target, text].join()', "() => 'all'"],
        ['memoized.results[key] = fn(...args);', 'memoized.results = { [key]: fn(...args) };'],
      ],
    },
    {
      what: 'set by lodash',
      files: {
        'templates.js':
          "const _ = require('lodash');\nconst compiled = {};\nexports.render = (req) => {\n  const { text } = req.body;\n  if (!_.has(compiled, [text])) _.set(compiled, [text], compile(text));\n  return compiled[text];\n};\n",
      },
      names: ['compiled'],
      otherwise: [
        [
          'return compiled[text];',
          'const found = compiled[text];\n  _.unset(compiled, [text]);\n  return found;',
        ],
      ],
    },
    {
      what: 'within a table that is set up with few of them',
      files: {
        'fonts.js':
          'const widths = {};\nexports.register = (name) => {\n  widths[name] = {};\n};\nexports.measure = (doc, name, text) => {\n  const table = widths[name];\n  if (!(text in table)) table[text] = doc.widthOf(text);\n  return table[text];\n};\n',
      },
      names: ['widths'],
      otherwise: [
        ['return table[text];', 'const found = table[text];\n  delete table[text];\n  return found;'],
      ],
    },
    {
      what: 'for what answers all requests',
      files: {
        'icons.js':
          "export function icons(paint) {\n  const variants = new Map();\n  const draw = (name, color) => {\n    const key = name + color;\n    if (!variants.has(key)) variants.set(key, paint(name, color));\n    return variants.get(key);\n  };\n  return async (req, res, next) => {\n    const url = new URL(req.url, 'http://local');\n    res.end(draw(url.pathname, url.searchParams.get('color')));\n  };\n}\n",
      },
      names: ['variants'],
      otherwise: [["draw(url.pathname, url.searchParams.get('color'))", "draw('star', 'black')"]],
    },
    {
      what: 'and a job is started under them',
      files: {
        'progress.ts':
          'export class Progress {\n  #owners = new Map<string, Set<string>>();\n  start(jobId: string, owner: string) {\n    const jobs = this.#owners.get(owner);\n    if (jobs) jobs.add(jobId);\n    else this.#owners.set(owner, new Set([jobId]));\n  }\n  of(owner: string) {\n    return [...(this.#owners.get(owner) ?? [])];\n  }\n}\nexport const progress = new Progress();\n',
      },
      names: ['#owners'],
      otherwise: [['return [', 'this.#owners.delete(owner);\n    return [']],
    },
    {
      what: 'and nothing is known by that name, which is said once for each',
      files: {
        'texts.js':
          "const missing = {};\nexports.translate = (req) => {\n  const id = req.query.locale + ':' + req.query.key;\n  if (!missing[id]) {\n    missing[id] = true;\n    console.warn('missing %s', id);\n  }\n  return id;\n};\n",
      },
      names: ['missing'],
      otherwise: [['missing[id] = true;', 'missing.last = id;']],
    },
  ]);
});

const TRIE = `class Node {
  children = new Map<string, Node>();
  weight = 0;
}
export class Suggester {
  readonly #root = new Node();
  learn(query: string) {
    let node = this.#root;
    for (const letter of query) {
      let child = node.children.get(letter);
      if (!child) node.children.set(letter, (child = new Node()));
      node = child;
    }
    node.weight++;
  }
}
`;

/** What looks as if it were gone with a call, and stays. */
describe('holders that stay', () => {
  testEach([
    {
      what: 'all nodes of a tree whose root does',
      files: {
        'suggester.ts': `${TRIE}const suggester = new Suggester();\napp.get('/search', (req, res) => { suggester.learn(req.query.q); res.end(); });\n`,
      },
      names: ['children'],
      otherwise: [
        [
          "const suggester = new Suggester();\napp.get('/search', (req, res) => { suggester",
          "app.get('/search', (req, res) => { new Suggester()",
        ],
        ['    node.weight++;', '    node.weight++;\n    node.children.clear();'],
      ],
    },
    {
      what: 'a function that starts a server and is done',
      files: {
        'dashboard.js':
          "export function startDashboard(port) {\n  const notes = {};\n  new WebSocketServer({ port }).on('connection', (socket) => {\n    socket.on('message', (data) => {\n      const { id, text } = JSON.parse(data);\n      (notes[id] ??= []).push(text);\n    });\n    socket.on('ask', (id) => socket.send(JSON.stringify(notes[id] ?? [])));\n  });\n}\n",
        'main.js':
          "import { startDashboard } from './dashboard.js';\nexport async function main() {\n  startDashboard(8080);\n}\n",
      },
      names: ['notes'],
      otherwise: [
        ["socket.on('ask', (id)", "socket.on('ask', (id) => delete notes[id]);\n    socket.on('ask', (id)"],
      ],
    },
    {
      what: 'what a memoizer returns, with more put on it',
      files: {
        'hover.ts':
          'function memoized(render: (text: string) => string) {\n  const cache = new Map<string, string>();\n  const wrapped = (text: string) => {\n    const cached = cache.get(text);\n    if (cached !== undefined) return cached;\n    const html = render(text);\n    cache.set(text, html);\n    return html;\n  };\n  return Object.assign(wrapped, { size: () => cache.size });\n}\nexport const toHtml = memoized((text) => text.trim());\n',
      },
      names: ['cache'],
      otherwise: [['cache.size });', 'cache.size, clear: () => cache.clear() });']],
    },
    {
      what: 'what clients register of themselves',
      files: {
        'clients.js':
          'const registered = new Map();\nexports.register = ({ name }) => {\n  const client = { id: crypto.randomUUID(), name };\n  registered.set(client.id, client);\n  return client;\n};\nexports.find = (id) => registered.get(id);\n',
      },
      names: ['registered'],
      otherwise: [['id: crypto.randomUUID(), name', 'id: name']],
    },
  ]);
});

describe('lists of what requests leave', () => {
  testEach([
    {
      what: 'under keys, that are only read where they are given out',
      files: {
        'flags.ts':
          'export class FlagStore {\n  private revisions = new Map<string, { at: number; by: string }[]>();\n  save(flag: { key: string }, by: string) {\n    const list = this.revisions.get(flag.key) ?? [];\n    list.push({ at: Date.now(), by });\n    this.revisions.set(flag.key, list);\n  }\n  revisionsOf(key: string) {\n    return this.revisions.get(key) ?? [];\n  }\n}\nexport const store = new FlagStore();\n',
        'admin.ts':
          "import { store } from './flags';\napp.put('/flags/:key', (req, res) => {\n  store.save(req.body, req.user);\n  res.json(store.revisionsOf(req.params.key));\n});\n",
      },
      names: ['revisions'],
      otherwise: [
        ['res.json(store.revisionsOf(req.params.key));', 'store.revisionsOf(req.params.key).splice(10);'],
      ],
    },
    {
      what: 'of those who listen, one more for each request that waits',
      files: {
        'bus.ts': BUS,
        'mail.ts':
          "import { bus } from './bus';\napp.post('/mail', async (req, res) => {\n  await bus.waitFor('delivered', req.body.id);\n  res.end();\n});\n",
      },
      names: ['listeners'],
      otherwise: [["await bus.waitFor('delivered', req.body.id);", '']],
    },
    {
      what: 'of an object whose other function makes another one anew',
      files: { 'ledger.js': LEDGER },
      names: ['fills'],
      otherwise: [['this.kept = [];', 'this.fills = [];']],
    },
    {
      what: 'that lodash, Bluebird and sockets only read',
      files: {
        'runners.js':
          "const find = require('lodash.find');\nconst runners = [];\nio.on('connection', (socket) => {\n  socket.on('login', (id) => {\n    runners.push({ id, at: Date.now() });\n    socket.emit('runners', runners);\n  });\n});\nexports.of = (id) => find(runners, (one) => one.id === id);\nexports.stop = () => Bluebird.map(runners, (one) => one.stop());\n",
      },
      names: ['runners'],
      otherwise: [
        ['find(runners,', 'remove(runners,'],
        ["socket.emit('runners', runners)", 'socket.emit(runners)'],
      ],
    },
  ]);

  it('were there before, where they are read when the program starts', () => {
    const restored =
      "let seen = {};\nif (fs.existsSync('seen.json')) {\n  seen = JSON.parse(fs.readFileSync('seen.json', 'utf8'));\n}\nbot.on('message', (message) => {\n  seen[message.author.id] = message.createdAt;\n});\nexports.lastOf = (id) => seen[id];\n";
    assert.deepEqual(namesIn({ 'seen.js': restored }), ['seen']);
    const again = restored
      .replace("if (fs.existsSync('seen.json')) {", 'setInterval(() => {')
      .replace("'utf8'));\n}", "'utf8'));\n}, 1000);");
    assert.deepEqual(namesIn({ 'seen.js': again }), []);
  });

  it('are those of a rule, where the key is the text of one', () => {
    const rules =
      'const rules = {};\nmodule.exports = { find(ruleString) {\n  if (!rules[ruleString]) rules[ruleString] = new Rule(ruleString);\n  return rules[ruleString];\n} };\n';
    assert.deepEqual(namesIn({ 'rules.js': rules }), []);
  });
});

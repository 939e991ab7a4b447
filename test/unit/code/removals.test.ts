import assert from 'node:assert/strict';
import { messagesIn, testEach } from './reported';

const POLLER = `const seen = new Set();
exports.poll = async (req) => { seen.add(req.body.id); };
process.once('SIGTERM', () => { seen.clear(); });
`;

const PLUGIN = `export default async function poller(fastify) {
  const seen = new Set();
  fastify.post('/seen', async (req) => { seen.add(req.body.id); });
  fastify.addHook('onClose', async () => { seen.clear(); });
}
`;

const THREADS = `export class Threads {
  byLetter = new Map<string, object>();
  assign(req: any) { this.byLetter.set(req.body.id, {}); }
  reset() { this.byLetter.clear(); }
}
`;

const MEMO = `const kept = new Map();
exports.find = (req) => {
  const { id } = req.params;
  const found = kept.get(id);
  if (found) return found;
  const loading = load(id);
  kept.set(id, loading);
  loading.catch(() => kept.delete(id));
  return loading;
};
`;

describe('what removes and yet bounds nothing', () => {
  testEach([
    {
      what: 'runs when the program ends',
      files: { 'poller.js': POLLER },
      names: ['seen'],
      otherwise: [["process.once('SIGTERM', ", 'setInterval(']],
    },
    {
      what: 'runs when the server closes',
      files: { 'poller.mjs': PLUGIN },
      names: ['seen'],
      otherwise: [["'onClose'", "'onRequest'"]],
    },
    {
      what: 'is a method that only the end of the program calls',
      files: {
        'threads.ts': THREADS,
        'main.ts':
          "import { Threads } from './threads';\nconst threads = new Threads();\nserver.on('request', (req) => threads.assign(req));\nprocess.on('SIGINT', () => { threads.reset(); });\n",
      },
      names: ['byLetter'],
      otherwise: [["process.on('SIGINT'", "bus.on('midnight'"]],
    },
    {
      what: 'takes out what failed',
      files: { 'memo.js': MEMO },
      names: ['kept'],
      otherwise: [['loading.catch(', 'loading.finally(']],
    },
    {
      what: 'takes out in a catch block what failed',
      files: {
        'memo.js':
          'const pages = {};\nexports.page = async (req) => {\n  try {\n    pages[req.url] ??= render(req);\n    return await pages[req.url];\n  } catch (error) {\n    delete pages[req.url];\n    throw error;\n  }\n};\n',
      },
      names: ['pages'],
      otherwise: [
        ['delete pages[req.url];\n    throw error', 'throw error;\n  } finally {\n    delete pages[req.url]'],
      ],
    },
  ]);
});

describe('what limits a table', () => {
  testEach([
    {
      what: 'is how many keys it has',
      files: {
        'strays.js':
          'const strays = {};\nexports.count = (req) => {\n  if (Object.keys(strays).length < 1) console.log("first");\n  strays[req.body.topic] = (strays[req.body.topic] || 0) + 1;\n};\n',
      },
      names: ['strays'],
      otherwise: [['length < 1)', 'length > 100) return;\n  if (strays.on)']],
    },
    {
      what: 'is a pattern with few texts',
      files: {
        'countries.js':
          'const countries = {};\nexports.count = (req) => {\n  const country = req.get("cf-ipcountry");\n  if (/^[A-Z]+$/.test(country)) countries[country] = (countries[country] ?? 0) + 1;\n};\n',
      },
      names: ['countries'],
      otherwise: [['[A-Z]+', '[A-Z]{2}']],
    },
    {
      what: 'is the part that such a pattern takes',
      files: {
        'openings.js':
          'const openings = {};\nexports.count = (req) => {\n  const volume = /^[A-Z]+/.exec(req.body.eco)?.[0];\n  if (volume) openings[volume] = (openings[volume] ?? 0) + 1;\n};\n',
      },
      names: ['openings'],
      otherwise: [['[A-Z]+', '[A-E]']],
    },
    {
      what: 'is the list that the program was given',
      files: {
        'relations.ts':
          'export class Source {\n  private readonly relations = new Map<number, object>();\n  constructor(private readonly options: { tables: string[] }, stream: any) {\n    stream.on("message", (message: any) => this.handle(message));\n  }\n  private handle(message: any) {\n    if (message.name) this.relations.set(message.oid, message);\n  }\n  get(message: any) { return this.relations.get(message.oid); }\n}\nexport const source = new Source({ tables: [] }, connect());\n',
      },
      names: ['relations'],
      otherwise: [['if (message.name)', 'if (this.options.tables.includes(message.name))']],
    },
    {
      what: 'is a table of its own that has an end',
      files: {
        'presets.ts':
          'const compiled = new Map<string, string[]>();\nconst presets = new Map<string, string[]>();\nexport function load() { for (const preset of require("./presets.json")) presets.set(preset.name, preset.args); }\nload();\nexport function argumentsOf(req: any) {\n  const { preset: id } = req.body;\n  const preset = others.get(id);\n  if (!preset) throw new Error("unknown");\n  let args = compiled.get(id);\n  if (!args) compiled.set(id, (args = [...preset]));\n  return args;\n}\n',
      },
      names: ['compiled'],
      otherwise: [['others.get(id)', 'presets.get(id)']],
    },
    {
      what: 'is a number above which nothing is added',
      files: {
        'boards.js':
          'const boards = new Map();\nexports.put = (req) => {\n  const number = Number(req.body.board);\n  if (number < 1) return;\n  boards.set(number, req.body.fen);\n};\n',
      },
      names: ['boards'],
      otherwise: [
        ['if (number < 1)', 'if (!(number >= 1 && number <= 64))'],
        ['number < 1', 'number > LAST'],
      ],
    },
  ]);
});

describe('what is deleted under a part of its key', () => {
  const KEY = `\`\${valve}:\${id}\``;
  const WAITING = `class Commands {
  #waiting = new Map();
  send(valve, id) { this.#waiting.set(${KEY}, id); }
  acknowledged(valve, id) {
    const entry = this.#waiting.get(${KEY});
    if (entry) this.#waiting.delete(id);
  }
}
const commands = new Commands();
app.post('/', (req) => commands.send(req.body.valve, req.body.id));
`;
  testEach([
    {
      what: 'is never found to delete',
      files: { 'commands.js': WAITING },
      names: ['#waiting'],
      otherwise: [
        ['delete(id)', `delete(${KEY})`],
        // Whoever calls it may have the whole key.
        [`const entry = this.#waiting.get(${KEY});`, 'const entry = this.#waiting.get(id);'],
        [`.set(${KEY}, id)`, '.set(id, id)'],
      ],
    },
    {
      what: 'as what is looked up under a member that another object names',
      files: {
        'codes.js':
          'const requests = {};\napp.post("/", (req) => { requests[req.body[FIELD]] = req; });\napp.delete("/", (req) => {\n  if (requests[req.body[FIELD]]) delete requests[FIELD];\n});\n',
      },
      names: ['requests'],
      otherwise: [['delete requests[FIELD]', 'delete requests[req.body[FIELD]]']],
    },
  ]);

  it('says where it is asked for', () => {
    assert.match(
      messagesIn({ 'commands.js': WAITING })[0] ?? '',
      /^The delete in line 6 asks for a part of the key/,
    );
  });
});

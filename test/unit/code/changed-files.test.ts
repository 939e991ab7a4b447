import assert from 'node:assert/strict';
import { detectIn } from '../../../src/code/detect';
import { SourceProgram } from '../../../src/code/program/source-program';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: Number.POSITIVE_INFINITY };

/** A file that stays as it is, and another that changes what is to be said of the first one. */
interface Changed {
  readonly what: string;
  readonly stays: readonly [file: string, text: string];
  readonly changes: readonly [file: string, before: string, after: string];
  readonly others?: Readonly<Record<string, string>>;
}

const CASES: readonly Changed[] = [
  {
    what: 'who calls a function',
    stays: [
      'known.js',
      'const known = new Map();\nexports.note = (key) => { known.set(key, Date.now()); };\n',
    ],
    changes: [
      'main.js',
      'const { note } = require("./known");\napp.post("/", (req) => note(req.body.userId));\n',
      'const { note } = require("./known");\napp.post("/", () => note("one"));\n',
    ],
  },
  {
    what: 'how long objects of a class live',
    stays: [
      'round.js',
      'class Round {\n  constructor() { this.tried = new Set(); }\n  play(bot) { bot.on("message", (message) => this.tried.add(message.author.id)); }\n}\nmodule.exports = { Round };\n',
    ],
    changes: [
      'main.js',
      'const { Round } = require("./round");\nconst round = new Round();\nround.play(bot);\n',
      'const { Round } = require("./round");\nbot.on("play", () => new Round().play(bot));\n',
    ],
  },
  {
    what: 'when a table is filled',
    stays: [
      'feed.js',
      'const stations = require("./stations");\nconst last = new Map();\napp.post("/:code", (req) => {\n  const { code } = req.params;\n  if (!stations.find(code)) return;\n  last.set(code, req.body);\n});\n',
    ],
    others: {
      'stations.js':
        'const byCode = {};\nexports.load = (list) => { for (const one of list) byCode[one.code] = one; };\nexports.find = (code) => byCode[code];\n',
    },
    changes: [
      'main.js',
      'const { load } = require("./stations");\napp.post("/", (req) => load(req.body));\n',
      'const { load } = require("./stations");\nload(require("./stations.json"));\n',
    ],
  },
];

describe('what other files said once they have changed', () => {
  for (const { what, stays, changes, others = {} } of CASES) {
    it(`is asked anew: ${what}`, () => {
      const program = new SourceProgram();
      const names = () =>
        detectIn(program.parsed(`/project/src/${stays[0]}`)!, OPTIONS).map(({ identifier }) => identifier);
      const [file, before, after] = changes;
      for (const [name, text] of [stays, [file, before] as const, ...Object.entries(others)])
        program.set(`/project/src/${name}`, text);
      const found = names();
      assert.equal(found.length, 1);
      program.set(`/project/src/${file}`, after);
      assert.deepEqual(names(), []);
      program.set(`/project/src/${file}`, before);
      assert.deepEqual(names(), found);
    });
  }
});

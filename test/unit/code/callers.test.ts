import assert from 'node:assert/strict';
import { namesIn } from './reported';

/** Two files: what keeps `circuits` under a `name`, and who calls it. */
interface Caller {
  readonly what: string;
  readonly keeper: string;
  readonly caller: string;
  /** What is put in the place of the first in the caller, after which the names are the program's own or nobody's. */
  readonly otherwise: readonly (readonly [found: string, put: string])[];
  readonly extension?: 'ts';
}

const FACTORY =
  'module.exports.createBreaker = () => {\n  const circuits = new Map();\n  async function run(name, task) {\n    if (!circuits.has(name)) circuits.set(name, { failures: 0 });\n    return task();\n  }\n  return { run };\n};\n';
const PROTOTYPE =
  'function Breaker() { this.circuits = {}; }\nBreaker.prototype.run = function (name) {\n  if (!this.circuits[name]) this.circuits[name] = { failures: 0 };\n  return this.circuits[name];\n};\nmodule.exports = Breaker;\n';
const CLASS =
  'export class HostBreaker implements Breaker {\n  private readonly circuits = new Map<string, object>();\n  run(name: string): object {\n    let circuit = this.circuits.get(name);\n    if (!circuit) this.circuits.set(name, (circuit = {}));\n    return circuit;\n  }\n}\n';

const CALLERS: readonly Caller[] = [
  {
    what: 'on a parameter that is called like what its maker makes',
    keeper: FACTORY,
    caller:
      'const { createBreaker } = require("./keeper");\nexports.origin = ({ breaker }) => (req) => breaker.run(req.headers.host, () => 1);\nexports.breaker = createBreaker();\n',
    otherwise: [
      ['req.headers.host', '"upstream"'],
      // Another thing's method of that name.
      ['breaker.run(req', 'queue.run(req'],
      ['exports.origin = ({ breaker })', 'const breaker = require("cockatiel");\nexports.origin = ()'],
      [
        'exports.origin = ({ breaker })',
        'const { Breaker } = require("cockatiel");\nconst breaker = new Breaker();\nexports.origin = ()',
      ],
    ],
  },
  {
    what: 'on an object of a prototype that its module hands out',
    keeper: PROTOTYPE,
    caller:
      'var Breaker = require("./keeper");\nvar breaker = new Breaker();\nsocket.on("message", function (packet) { breaker.run(packet.toString()); });\n',
    otherwise: [['packet.toString()', '"upstream"']],
  },
  {
    what: 'through an interface that its class implements',
    extension: 'ts',
    keeper: `import type { Breaker } from './caller';\n${CLASS}`,
    caller:
      'import { HostBreaker } from "./keeper";\nexport interface Breaker { run(name: string): object }\nconst shared = new HostBreaker();\nconst via = (breaker: Breaker) => app.get("/", (req) => breaker.run(req.headers.host));\nvia(shared);\n',
    otherwise: [['req.headers.host', '"upstream"']],
  },
];

describe('who calls what keeps things', () => {
  for (const { what, keeper, caller, otherwise, extension = 'js' } of CALLERS) {
    const files = (text: string) => ({ [`keeper.${extension}`]: keeper, [`caller.${extension}`]: text });
    it(`finds calls ${what}`, () => {
      assert.deepEqual(namesIn(files(caller)), ['circuits']);
    });
    for (const [found, put] of otherwise) {
      it(`${what}: not with ${put.split('\n')[0]}`, () => {
        assert.ok(caller.includes(found));
        assert.deepEqual(namesIn(files(caller.replace(found, put))), []);
      });
    }
  }

  it('knows a field by what has it, where the checker does not', () => {
    const scripts = (receiver: string) => ({
      'server.ts':
        'export class Server {\n  readonly scripts: { [sha: string]: string } = {};\n}\nexport const server = new Server();\n',
      'commands.ts': `import { createHash } from "node:crypto";\nexport const commands: Record<string, Command> = {\n  SCRIPT: (${receiver}, [source]) => {\n    const sha = createHash("sha1").update(source).digest("hex");\n    ${receiver}.scripts[sha] = source;\n    return sha;\n  },\n};\n`,
    });
    assert.deepEqual(namesIn(scripts('server')), ['scripts']);
    assert.deepEqual(namesIn(scripts('document')), []);
  });

  it('takes the method whose maker is called most alike', () => {
    const two = (receiver: string) => ({
      'keeper.js': FACTORY,
      'other.js':
        'class RequestBreaker {\n  run(name) { return name.length; }\n}\nmodule.exports = new RequestBreaker();\n',
      'caller.js': `require("./keeper").createBreaker();\nexports.f = (deps) => (req) => deps.${receiver}.run(req.headers.host);\n`,
    });
    assert.deepEqual(namesIn(two('breaker')), ['circuits']);
    assert.deepEqual(namesIn(two('requestBreaker')), []);
  });

  it('knows what a function is given that is handed to a listener by its name', () => {
    const bundle = (event: string, given: string) => ({
      'bundle.js': `class Streams {\n  constructor() { this.known = {}; source.on(${event}, ${given}); }\n  push(delta) {\n    for (const update of delta.updates) update.values.forEach((value) => this.add(value.path));\n  }\n  add(path) { if (!this.known[path]) this.known[path] = new Bus(); }\n}\nmodule.exports = new Streams();\n`,
    });
    assert.deepEqual(namesIn(bundle('"delta"', 'this.push.bind(this)')), ['known']);
    assert.deepEqual(namesIn(bundle('"registerPaths"', 'this.push.bind(this)')), []);
    assert.deepEqual(namesIn(bundle('"delta"', '() => {}')), []);
  });
});

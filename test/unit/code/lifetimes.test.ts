import assert from 'node:assert/strict';
import { detectIn } from '../../../src/code/detect';
import { SourceProgram } from '../../../src/code/program/source-program';
import type { Smell } from '../../../src/protocol/code';

type Files = readonly (readonly [name: string, text: string])[];

/** The names of what is reported in the first of the files. */
function found(...files: Files): string[] {
  return smellsOf(...files).map(({ identifier }) => identifier);
}

function smellsOf(...files: Files): Smell[] {
  const program = new SourceProgram();
  for (const [name, text] of files) program.set(`/project/src/${name}`, text);
  const first = program.parsed(`/project/src/${files[0]![0]}`)!;
  return detectIn(first, { evidence: [], lazyImportMinimumBytes: 1e6 }).filter(
    ({ rule }) => rule === 'unbounded-collection',
  );
}

describe('how long the holder of a collection lives', () => {
  it('follows an object by the name that it has itself', () => {
    const bans = (rest: string) =>
      `export const Bans = new (class {\n  ips = new Map<string, number>();\n  add(ip: string) { Bans.ips.set(ip, Date.now()); }\n  ${rest}\n})();\n`;
    assert.deepEqual(found(['bans.ts', bans('')]), ['ips']);
    assert.deepEqual(found(['bans.ts', bans('lift(ip: string) { Bans.ips.delete(ip); }')]), []);
  });

  it('follows the fields of objects of a generic class', () => {
    const store = (rest: string) =>
      `class Store<T> {\n  byUrl = new Map<string, T>();\n}\nconst store = new Store<number>();\nexport const put = (url: string) => void store.byUrl.set(url, 1);\n${rest}`;
    assert.deepEqual(found(['store.ts', store('')]), ['byUrl']);
    const drop = 'export const drop = (url: string) => void store.byUrl.delete(url);\n';
    assert.deepEqual(found(['store.ts', store(drop)]), []);
  });

  it('follows an object into other files, though its class is not given out', () => {
    const client =
      'class Client {\n  sessions = new Map<string, string>();\n}\nexport const client = new Client();\n';
    const use = (rest: string) =>
      `import { client } from './client';\nexport function login(req: any) { client.sessions.set(req.body.sid, req.body.user); }\n${rest}`;
    assert.deepEqual(found(['client.ts', client], ['login.ts', use('')]), ['sessions']);
    const logout = 'export function logout(req: any) { client.sessions.delete(req.body.sid); }\n';
    assert.deepEqual(found(['client.ts', client], ['login.ts', use(logout)]), []);
  });

  it('follows what a pattern takes out of an object', () => {
    const log = (rest: string) =>
      `class Log {\n  ids = new Set<string>();\n  add(msg: any) { const { ids } = this; ids.add(msg.id); }\n  ${rest}\n}\nexport const log = new Log();\n`;
    assert.deepEqual(found(['log.ts', log('')]), ['ids']);
    assert.deepEqual(found(['log.ts', log('reset() { const { ids } = this; ids.clear(); }')]), []);
    // Another object's.
    assert.deepEqual(found(['log.ts', log('of(other: any) { const { ids } = other; ids.clear(); }')]), [
      'ids',
    ]);
    const clear =
      "import { log } from './log';\nexport function clear() { const { ids } = log; ids.clear(); }\n";
    assert.deepEqual(found(['log.ts', log('')], ['clear.ts', clear]), []);
  });

  it('follows what is given to an object that stays', () => {
    const marks =
      'export class Marks {\n  private ids = new Set<string>();\n  mark(userId: string) { this.ids.add(userId); }\n}\n';
    const made = (statement: string) =>
      found(
        ['marks.ts', marks],
        [
          'main.ts',
          `import { Marks } from './marks';\nclass Api {\n  constructor(private marks: Marks) {}\n}\nlet api: Api;\nfunction boot() {\n  const marks = new Marks();\n  ${statement}\n}\napp.on('ready', boot);\n`,
        ],
      );
    assert.deepEqual(made('api = new Api(marks);'), ['ids']);
    assert.deepEqual(made('marks.mark("a");'), []);
  });

  it('follows what compilers write as a member of a module', () => {
    const bus =
      'class StreamThing {\n  constructor() { this.seen = new Set(); }\n  see(userId) { this.seen.add(userId); }\n}\nexports.StreamThing = StreamThing;\n';
    const made = (statement: string) =>
      found(
        ['bus.js', bus],
        [
          'main.js',
          `const bus_1 = require('./bus');\nfunction wire(app) {\n  ${statement}\n}\nexports.wire = wire;\n`,
        ],
      );
    assert.deepEqual(made('app.bus = new bus_1.StreamThing();'), ['seen']);
    assert.deepEqual(made('const bus = new bus_1.StreamThing(); app.bus = bus;'), ['seen']);
    assert.deepEqual(made('new bus_1.StreamThing().see("a");'), []);
  });

  it('takes what starts and stops for more than one piece of work', () => {
    const runner = (rest: string) =>
      `export class AgentRunner {\n  private sources = new Map<string, string>();\n  constructor() { app.post("/", (req) => this.sources.set(req.body.chat, req.body.source)); }\n  of(chat: string) { return this.sources.get(chat); }\n  ${rest}\n}\n`;
    assert.deepEqual(found(['runner.ts', runner('start() {}\n  stop() {}')]), ['sources']);
    assert.deepEqual(found(['runner.ts', runner('run() {}')]), []);
  });

  it('knows what a container makes once', () => {
    const seen =
      'export class Seen {\n  private ids = new Set<string>();\n  mark(userId: string) { this.ids.add(userId); }\n}\n';
    const registered = (statement: string) =>
      found(['seen.ts', seen], ['boot.ts', `import { Seen } from './seen';\n${statement}\n`]);
    for (const statement of [
      'container.registerSingleton(Seen);',
      'container.bind(Seen).toSelf().inSingletonScope();',
      'container.bind("Seen").to(Seen).inSingletonScope();',
      'container.register({ seen: asClass(Seen).singleton() });',
      'container.register({ seen: asClass(Seen, { lifetime: Lifetime.SINGLETON }) });',
      'export const module = { providers: [Seen] };',
      'export const provider = { provide: "seen", useClass: Seen };',
      'export const mark = (user) => Container.get(Seen).mark(user.id);',
    ])
      assert.deepEqual(registered(statement), ['ids'], statement);
    for (const statement of [
      'container.bind(Seen).toSelf();',
      'container.register({ seen: asClass(Seen).transient() });',
      'export const provider = { provide: "seen", useClass: Seen, scope: Scope.REQUEST };',
      'cache.get(Seen);',
    ])
      assert.deepEqual(registered(statement), [], statement);
  });

  it('follows members of objects by the type of the object, inside of others, and in fields', () => {
    const state = (rest: string) =>
      `interface State { seen: Map<string, number>; open: boolean }\nconst state: State = { seen: new Map(), open: true };\nexport function visit(req: any) { state.seen.set(req.ip, 1); }\n${rest}`;
    assert.deepEqual(found(['state.ts', state('')]), ['seen']);
    // The type of the object says what its members are.
    const [smell] = smellsOf(['state.ts', state('')]);
    assert.ok(smell?.rewrites.length && smell.rewrites.every(({ refusal }) => refusal !== null));
    // What is given an object of the type may be given this one.
    const reset = 'export function reset(one: State) { one.seen.clear(); }\n';
    assert.deepEqual(found(['state.ts', state(reset)]), []);
    const others = 'const other = { seen: new Map() };\nexport const drop = () => other.seen.clear();\n';
    assert.deepEqual(found(['state.ts', state(others)]), ['seen']);
    const inner = (rest: string) =>
      `const state = { byKind: { users: new Set<string>() } };\nexport function login(req: any) { state.byKind.users.add(req.body.user); }\n${rest}`;
    assert.deepEqual(found(['inner.ts', inner('')]), ['users']);
    const leave = 'export function leave(req: any) { state.byKind.users.delete(req.body.user); }\n';
    assert.deepEqual(found(['inner.ts', inner(leave)]), []);
    const field = (rest: string) =>
      `class Hub {\n  private state = { users: new Set<string>() };\n  login(req: any) { this.state.users.add(req.body.user); }\n  ${rest}\n}\nexport const hub = new Hub();\n`;
    assert.deepEqual(found(['hub.ts', field('')]), ['users']);
    assert.deepEqual(found(['hub.ts', field('reset() { this.state = { users: new Set() }; }')]), []);
  });

  it('takes one that works until it is told to stop for one that stays, whatever it is called', () => {
    const state = (loop: string) =>
      `export class PollState {\n  seen = new Set<string>();\n  closed = false;\n  constructor() { void this.poll(); }\n  async poll() { ${loop} { for (const msg of await poll()) this.seen.add(msg.id); } }\n}\n`;
    assert.deepEqual(found(['state.ts', state('while (!this.closed)')]), ['seen']);
    assert.deepEqual(found(['state.ts', state('')]), []);
  });

  it('knows what listeners of something that was started keep', () => {
    const browser = (method: string) =>
      `function Browser(mdns) { this._mdns = mdns; this.${method}(); }\nBrowser.prototype.${method} = function () {\n  const names = {};\n  this._onresponse = function (packet) { if (!(packet.name in names)) names[packet.name] = true; };\n  this._mdns.on('response', this._onresponse);\n};\nmodule.exports = Browser;\n`;
    assert.deepEqual(found(['browser.js', browser('start')]), ['names']);
    assert.deepEqual(found(['browser.js', browser('lookUp')]), []);
  });

  it('knows what a variable of a module, or what is called an application, was given', () => {
    const streams = 'export class Streams {\n  seen = new Set();\n  push(url) { this.seen.add(url); }\n}\n';
    const made = (text: string) =>
      found(['streams.js', streams], ['boot.js', `import { Streams } from './streams';\n${text}\n`]);
    assert.deepEqual(
      made('const parts = {};\nexport const boot = () => { parts.streams = new Streams(); };'),
      ['seen'],
    );
    assert.deepEqual(made('export const boot = (app) => { app.streams = new Streams(); };'), ['seen']);
    assert.deepEqual(made('export const boot = (page) => { page.streams = new Streams(); };'), []);
  });

  it('takes the word of a class where the names of its field and of the key say nothing', () => {
    const revoked = (name: string) =>
      `export class ${name} {\n  revoked = new Set();\n  revoke(value) { this.revoked.add(value); }\n  isRevoked(value) { return this.revoked.has(value); }\n}\nexport const one = new ${name}();\n`;
    assert.deepEqual(found(['revoked.js', revoked('TokenService')]), ['revoked']);
    assert.deepEqual(found(['revoked.js', revoked('PluginService')]), []);
  });

  it('knows that what others are asked for may be anything', () => {
    const carriers = (ask: string, text: string) =>
      `const carriers = new Map();\nexport class Sms extends Channel {\n  async deliver(to) {\n    if (!carriers.has(to)) carriers.set(to, await ${ask}(\`${text}\${to}\`));\n    return carriers.get(to);\n  }\n}\n`;
    assert.deepEqual(found(['sms.js', carriers('fetch', 'https://carriers.invalid/')]), ['carriers']);
    assert.deepEqual(found(['sms.js', carriers('show', 'carriers of ')]), []);
  });
});

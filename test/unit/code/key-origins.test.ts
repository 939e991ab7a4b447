import assert from 'node:assert/strict';
import ts from 'typescript';
import { parseFile } from '../../../src/code/program/parsed-file';
import { isProvedOpen, opennessOf } from '../../../src/code/smells/key-origins';

/** How open the key of the first `m.set(key, …)` in a text is. */
function openness(text: string): number {
  return withKey(text, opennessOf);
}

function withKey<T>(text: string, tell: (file: ReturnType<typeof parseFile>, key: ts.Expression) => T): T {
  const file = parseFile('/project/src/keys.ts', text);
  let key: ts.Expression | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'm.set') key ??= node.arguments[0];
    ts.forEachChild(node, visit);
  };
  visit(file.source);
  assert.ok(key, 'no key');
  return tell(file, key);
}

describe('where keys come from', () => {
  const open: [what: string, text: string][] = [
    ['a request', 'app.get("/", (req, res) => { const { x } = req.params; m.set(x, 1); });'],
    ['a message', 'socket.on("data", (x) => m.set(x.toString(), 1));'],
    ['an id of a user, by its name', 'function f(userId) { m.set(userId, 1); }'],
    ['what is new each time', 'const f = () => { const x = randomUUID(); m.set(x, 1); };'],
    ['a domain of a tenant', 'function f(tenant) { m.set(tenant.domain, 1); }'],
    ['an address that a message names', 'function f(msg) { m.set(msg.server.url, 1); }'],
    [
      'what an object has that a function returns, under its own name',
      'function budget(userId) { const key = userId + ":1"; return { key, left: 2 }; } function f(x) { const b = budget(x); m.set(b.key, 1); }',
    ],
    ["what a row has under a name, `row['user_id']`", 'function f(row) { m.set(row["user_id"], 1); }'],
    [
      'the message of an error, whatever it is called',
      'app.use((err, req, res, next) => { const label = err.name + ": " + err.message; m.set(label, 1); });',
    ],
    [
      'what is picked of a copy of a list',
      'function f(tickets) { for (const x of [...tickets].map((one) => one.account)) m.set(x, 1); }',
    ],
    ['a branch', 'function f(branch) { m.set(branch, 1); }'],
    ['a language that a request names', 'app.get("/", (req) => m.set(req.query.locale, 1));'],
    [
      'what the body of a request has',
      'app.post("/", async (req) => { const { repository } = await readBody(req); m.set(repository.full_name, 1); });',
    ],
    [
      'what a function composes of what it is given here',
      'const keyOf = (a, b) => a + "/" + b; keyOf("a", "b"); app.get("/", (req) => m.set(keyOf("x", req.params.x), 1));',
    ],
    ['a counter', 'let x = 0; const f = () => m.set(x++, 1);'],
    [
      'a caller that has it from a request',
      'function f(x) { m.set(x, 1); } app.post("/", (req) => f(req.body.x));',
    ],
    [
      'a field that a constructor fills',
      'class A { constructor(url) { this.x = url; } f() { m.set(this.x, 1); } }',
    ],
    ['whoever calls what is exported', 'export const f = (x: string) => m.set(x, 1);'],
    [
      'an object made of what was given',
      'function f(options) { const x = JSON.stringify(options); m.set(x, 1); }',
    ],
    [
      'a key that a function composes',
      'function f(a, b) { const key = (0, keys_1.buildKey)(a, b); m.set(key, 1); }',
    ],
    [
      'a caller of what a factory gives out',
      'function make() { const put = (x) => m.set(x, 1); return { put }; } const all = make(); app.get("/", (req) => all.put(req.params.x));',
    ],
    ['an id of anything, by its name', 'function f(parcelId) { m.set(parcelId, 1); }'],
  ];
  for (const [what, text] of open)
    it(`open: ${what}`, () => assert.ok(openness(text) >= 1.5, `${openness(text)}`));

  const few: [what: string, text: string][] = [
    ['written out', 'const f = () => m.set("a", 1);'],
    ['the configuration', 'function f() { for (const url of config.urls) m.set(url, 1); }'],
    [
      'a class that a type parameter stands for',
      'class A { allow = <P extends Constructor>(model: P) => { m.set(model, 1); }; }',
    ],
    ['a class', 'class A {} const f = () => m.set(A, 1);'],
    ['an enum of addresses', 'enum Url { A = "a" } const f = () => m.set(Url.A, 1);'],
    ['parts of the program, by their name', 'function f(plugin) { m.set(plugin.id, 1); }'],
    [
      'callers that write it out, where `this` is told',
      'function f(this: unknown, url) { m.set(url, 1); } f("a"); f("b");',
    ],
    [
      'another list of the object',
      'class A { urls = []; f() { for (const url of this.urls) m.set(url, 1); } }',
    ],
    ['callers that write it out', 'function f(url) { m.set(url, 1); } f("a"); f("b");'],
    [
      'one of those that a table of the module has',
      'const KNOWN = ["en", "de"]; app.get("/", (req) => { const x = KNOWN.includes(req.query.x) ? req.query.x : "en"; m.set(x, 1); });',
    ],
    ['a name of a part that comes from a request', 'app.get("/", (req) => m.set(req.query.type, 1));'],
    [
      'the names of a table of the module',
      'const table = { a: 1 }; function f() { for (const x of Object.keys(table)) m.set(x, 1); }',
    ],
    [
      'what is in a Map that is made new',
      'const made = new Map(); function f() { for (const one of made) m.set(one, 1); }',
    ],
    [
      'an address of hardware that a message names',
      'socket.on("data", (data) => m.set(data.device.ieeeAddr, 1));',
    ],
    ['one of a written list', 'function f() { ["a", "b"].forEach((x) => m.set(x, 1)); }'],
    [
      'a function that composes it of configured names',
      'class A { getKey() { if (!this.x) return null; return config.a + config.b; } f() { m.set(this.getKey(), 1); } }',
    ],
    [
      'what a configuration of its own name lists',
      'function f() { for (const url of serverConfig.data().urls) m.set(url, 1); }',
    ],
    ['a kind of media', 'function f(mime) { m.set(mime, 1); }'],
    ['a domain of a server', 'function f(server) { m.set(server.domain, 1); }'],
    ['an id of a configuration', 'function f(sendConfigurationId) { m.set(sendConfigurationId, 1); }'],
    [
      'what a file had that was read before',
      'let known = {}; async function load() { known = await readFile("a.json", "utf8"); known = JSON.parse(known); for (const x in known) m.set(x, 1); }',
    ],
    ['a name of an event', 'function f(eventName) { m.set(eventName, 1); }'],
  ];
  for (const [what, text] of few)
    it(`few: ${what}`, () => assert.ok(openness(text) < 0, `${openness(text)}`));

  it('proves what comes from outside, and nothing by a name', () => {
    assert.equal(withKey('app.get("/", (req) => m.set(req.query.url, 1));', isProvedOpen), true);
    assert.equal(withKey('export const f = (url) => m.set(url, 1);', isProvedOpen), true);
    assert.equal(withKey('function f(url) { m.set(url, 1); } load(f);', isProvedOpen), false);
  });

  it('knows what was read of an event, taken out of a queue, or given to what handles it', () => {
    for (const text of [
      'function f(event: ChatEvent) { const content = event.getContent(); m.set(content.call_id, 1); }',
      'function f(event: ChatEvent) { const { call_id: x } = event.getRelation(); m.set(x, 1); }',
      'function f(event: ChatEvent) { m.set(event.getX(), 1); }',
      'async function f() { const job = await queue.shift(); m.set(job.getDomain(), 1); }',
      'class A { handleDeltaUpdate(update) { m.set(update.values[0].url, 1); } }',
    ])
      assert.ok(openness(text) > 2, text);
    for (const text of [
      'function f(event: ChatEvent) { m.set(event.getType(), 1); }',
      'function f(event: ChatEvent) { const app = event.server.getApp(); m.set(app.x, 1); }',
      'class A { handleDeltaUpdate(update) { m.set(update.values[0].type, 1); } }',
      'class A { handleIdAddition(part) { m.set(part.x, 1); } }',
    ])
      assert.ok(openness(text) <= 0, text);
  });

  const unknown: [what: string, text: string][] = [
    ['a device, of which a home has few and a platform many', 'function f(device) { m.set(device, 1); }'],
    ['an address of a server that is configured', 'function f(metadataUrl) { m.set(metadataUrl, 1); }'],
    ['a parameter that nobody gives', 'function f(x) { m.set(x, 1); }'],
    ['parts of a written text', 'function f(x) { m.set(x, 1); } "a b".split(" ").forEach((x) => f(x));'],
  ];
  for (const [what, text] of unknown) it(`unknown: ${what}`, () => assert.equal(openness(text), 0));
});

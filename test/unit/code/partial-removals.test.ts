import assert from 'node:assert/strict';
import { messagesIn, testEach } from './reported';

const VERDICTS = `const verdicts = new Map();
export async function introspect(req) {
  const { token } = req.query;
  const known = verdicts.get(token);
  if (known) {
    if (known.until > Date.now()) return known.active;
    verdicts.delete(token);
  }
  const active = await ask(token);
  verdicts.set(token, { active, until: Date.now() + 60_000 });
  return active;
}
`;

const SESSIONS = `const sessions = {};
module.exports = (req, res, next) => {
  const sid = req.cookies.sid;
  let session = sid && sessions[sid];
  const age = session && Date.now() - session.at;
  if (session && age > 1_800_000) {
    delete sessions[sid];
    session = null;
  }
  if (!session) session = sessions[sid] = { at: Date.now() };
  next();
};
`;

const WAITERS = `import { randomUUID } from 'node:crypto';
const waiters = new Map();
export function ask(channel, question) {
  const id = randomUUID();
  return new Promise((resolve, reject) => {
    waiters.set(id, resolve);
    setTimeout(() => reject(new Error('late')), 5_000);
    channel.send({ id, question });
  });
}
export function answered({ id, answer }) {
  const resolve = waiters.get(id);
  waiters.delete(id);
  resolve?.(answer);
}
`;

const RACED = `import { randomUUID } from 'node:crypto';
export class Approvals {
  private readonly awaiting = new Map<string, (answer: string) => void>();
  async submit(order: object): Promise<string> {
    const id = randomUUID();
    const answer = new Promise<string>((resolve) => this.awaiting.set(id, resolve));
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('late')), 60_000);
    });
    return Promise.race([answer, late]);
  }
  decide(id: string, answer: string): void {
    this.awaiting.get(id)?.(answer);
    this.awaiting.delete(id);
  }
}
export const approvals = new Approvals();
`;

const CALLED_OFF = `import { randomUUID } from 'node:crypto';
const pending = {};
export function call(socket, method) {
  const id = randomUUID();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      delete pending[id];
      reject(new Error('late'));
    }, 4_000);
    pending[id] = (answer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    socket.send({ id, method });
  });
}
export const onMessage = (message) => pending[message.id](message);
`;

const BANS = `const failures = new Map();
app.post('/login', (req, res) => {
  const failed = failures.get(req.ip) ?? { count: 0 };
  failed.count += 1;
  failures.set(req.ip, failed);
  if (failed.count >= MAX_FAILURES) {
    ban(req.ip);
    failures.delete(req.ip);
  }
});
`;

const PAGES = `export class Pages {
  #pages = new Map<string, Map<string, { html: string; at: number }>>();
  get(route: string, url: string): string | undefined {
    const page = this.#pages.get(route)?.get(url);
    if (page && Date.now() - page.at > 60_000) {
      this.#pages.get(route)!.delete(url);
      return undefined;
    }
    return page?.html;
  }
  put(route: string, url: string, html: string): void {
    let ofRoute = this.#pages.get(route);
    if (!ofRoute) this.#pages.set(route, (ofRoute = new Map()));
    ofRoute.set(url, { html, at: Date.now() });
  }
}
export const pages = new Pages();
`;

const RESTORED = `const state = { users: new Map(), started: Date.now() };
function load() {
  const saved = JSON.parse(fs.readFileSync('state.json', 'utf8'));
  state.users = new Map(Object.entries(saved.users));
}
load();
bot.on('message', (message) => state.users.set(message.author.id, message.createdAt));
exports.lastOf = (id) => state.users.get(id);
`;

describe('what removes on some path only', () => {
  testEach([
    {
      what: 'is a token whose time is over, when it is asked for again',
      files: { 'tokens.js': VERDICTS },
      names: ['verdicts'],
      otherwise: [
        ['    if (known.until > Date.now()) return known.active;\n', ''],
        ['known.until > Date.now()', 'known.until < Date.now()'],
        [
          'verdicts.delete(token);',
          'for (const [key, one] of verdicts) if (one.until < Date.now()) verdicts.delete(key);',
        ],
        ['  const active =', '  setInterval(() => verdicts.delete(token), 60_000);\n  const active ='],
      ],
    },
    {
      what: 'is a session that has grown too old, when its cookie comes back',
      files: { 'session.js': SESSIONS },
      names: ['sessions'],
      otherwise: [
        ['age > 1_800_000', 'req.path === "/logout"'],
        ['age > 1_800_000', 'age < 1_800_000'],
      ],
    },
    {
      what: 'is what is answered, while what times out stays',
      files: { 'ask.js': WAITERS },
      names: ['waiters'],
      otherwise: [
        ["reject(new Error('late'))", "{ waiters.delete(id); reject(new Error('late')); }"],
        ["reject(new Error('late'))", "{ forget(id); reject(new Error('late')); }"],
        ["    setTimeout(() => reject(new Error('late')), 5_000);\n", ''],
      ],
    },
    {
      what: 'is what is answered before another promise gives up',
      files: { 'approvals.ts': RACED },
      names: ['awaiting'],
      otherwise: [
        [
          'Promise.race([answer, late])',
          'Promise.race([answer, late]).finally(() => this.awaiting.delete(id))',
        ],
      ],
    },
    {
      what: 'is what times out, while an answer calls the timer off',
      files: { 'rpc.js': CALLED_OFF },
      names: ['pending'],
      otherwise: [
        ['clearTimeout(timer);', 'clearTimeout(timer);\n      delete pending[id];'],
        ['      clearTimeout(timer);\n', ''],
      ],
    },
    {
      what: 'is what was counted to its limit',
      files: { 'login.js': BANS },
      names: ['failures'],
      otherwise: [
        ['failed.count >= MAX_FAILURES', 'failed.count > failed.allowed'],
        ['failed.count >= MAX_FAILURES', '!failed.count'],
        ['failed.count += 1', 'failed.count -= 1'],
        ['  }\n});', '  } else setTimeout(() => failures.delete(req.ip), 60_000);\n});'],
      ],
    },
    {
      what: 'is what has expired in a table of a table, when it is asked for again',
      files: { 'pages.ts': PAGES },
      names: ['#pages'],
      otherwise: [
        [
          'put(route: string',
          'drop(route: string, url: string) { this.#pages.get(route)?.delete(url); }\n  put(route: string',
        ],
        ['page && Date.now() - page.at > 60_000', 'page?.html.length > 60_000'],
      ],
    },
    {
      what: 'is what is restored at the start',
      files: { 'bot.js': RESTORED },
      names: ['users'],
      otherwise: [
        ['new Map(Object.entries(saved.users))', 'new Map()'],
        ['load();\nbot', 'setInterval(load, 1000);\nbot'],
        ['load();\nbot', 'setInterval(() => load(), 1000);\nbot'],
      ],
    },
    {
      what: 'is one entry of a known name',
      files: {
        'requests.js':
          'const requests = {};\nexports.ask = (req) => { requests[req.body.id] = req; };\nexports.connected = () => { delete requests.connect; };\n',
      },
      names: ['requests'],
      otherwise: [
        [
          'exports.connected = () => { delete requests.connect; }',
          'exports.done = (id) => { delete requests[id]; }',
        ],
      ],
    },
  ]);

  it('is not what leaves when a client does, whatever timers its server has', () => {
    const broker =
      "export class Broker {\n  clients = new Set();\n  constructor(done) {\n    net.createServer((socket) => {\n      this.clients.add(socket);\n      socket.on('close', () => this.ended(socket));\n    });\n    setTimeout(() => done('late'), 1000);\n  }\n  ended(socket) { this.clients.delete(socket); }\n}\nexport const broker = new Broker(start);\n";
    assert.deepEqual(messagesIn({ 'broker.ts': broker }), []);
  });

  it('is said, and where', () => {
    const said = (name: string, text: string) => messagesIn({ [name]: text })[0] ?? '';
    assert.match(
      said('tokens.js', VERDICTS),
      /^What has expired is removed in line 7 only when it is asked for again/,
    );
    assert.match(said('ask.js', WAITERS), /^An answer removes its entry in line 13, what times out stays/);
    assert.match(
      said('rpc.js', CALLED_OFF),
      /^What times out is removed in line 7, an answer leaves its entry/,
    );
    assert.match(said('login.js', BANS), /^What has reached its limit is removed in line 8/);
  });
});

import { testEach } from './reported';

const HOSTS = `const hosts = new Map();
exports.connect = (req) => {
  const { ip } = req;
  let host = hosts.get(ip);
  if (!host) {
    host = { since: Date.now(), nicks: new Set() };
    hosts.set(ip, host);
  }
  host.nicks.add(req.body.nick);
};
`;

const QUEUES = `function Switchboard(names) {
  var self = this;
  this.queues = {};
  names.forEach(function (name) { self.queues[name] = { name: name, waits: [] }; });
}
Switchboard.prototype.onConnect = function (message) {
  var queue = this.queues[message.queue];
  queue.waits.push(Date.now() - message.joined);
};
Switchboard.prototype.average = function (name) {
  return this.queues[name].waits.slice(-50).length;
};
module.exports = new Switchboard(['sales', 'support']);
`;

const JUDGED = `const judged = {};
exports.judge = (message) => {
  const judgement = { score: 0, reasons: [] };
  for (const rule of RULES) if (rule.test(message)) judgement.reasons.push(rule.name);
  return (judged[message.id] = judgement);
};
`;

describe('lists that the entries of a table have', () => {
  testEach([
    {
      what: 'grow in a table of a few',
      files: { 'switchboard.js': QUEUES },
      names: ['waits'],
      otherwise: [
        ['queue.waits.push(', 'queue.waits.shift();\n  queue.waits.push('],
        ['queue.waits.push(', 'if (!queue.waits.includes(1)) queue.waits.push('],
        // An entry goes with its list.
        [
          'module.exports =',
          'Switchboard.prototype.drop = function (name) { delete this.queues[name]; };\nmodule.exports =',
        ],
        // Another object has such a list, and nobody knows which one is meant.
        ['module.exports =', 'exports.other = { waits: [] };\nmodule.exports ='],
      ],
    },
    {
      what: 'grow besides the table',
      files: { 'hosts.js': HOSTS },
      names: ['hosts', 'nicks'],
      otherwise: [['host.nicks.add(', 'setTimeout(() => hosts.delete(ip), 1e6);\n  host.nicks.add(']],
    },
    {
      what: 'do not grow in what makes their entry',
      files: { 'judge.js': JUDGED },
      names: ['judged'],
      otherwise: [],
    },
    {
      what: 'grow where an entry that is missing is made on the way',
      files: {
        'visits.js':
          'const referrers = new Map();\nexports.track = (req) => {\n  const ref = req.get("referer");\n  const entry = referrers.get(ref) || { hits: 0, landed: [] };\n  entry.landed.push(req.path);\n  referrers.set(ref, entry);\n};\n',
      },
      names: ['referrers', 'landed'],
      otherwise: [
        ['entry.landed.push', 'if (referrers.size > 1000) referrers.clear();\n  entry.landed.push'],
      ],
    },
  ]);
});

const MADE = `const { randomUUID } = require('crypto');
const sessions = new Map();
const begin = () => ({ id: randomUUID(), pages: [], since: Date.now() });
exports.middleware = (req, res, next) => {
  let session = sessions.get(req.cookies.sid);
  if (!session) sessions.set(req.cookies.sid, (session = begin()));
  next(session);
};
exports.visit = (req) => {
  const session = sessions.get(req.cookies.sid);
  session.pages.push(req.url);
};
`;

const BANS = `const bans = {};
exports.join = (req) => (bans[req.body.channel] || []).indexOf(req.ip) < 0;
exports.ban = (req) => {
  const { channel } = req.body;
  if (!bans[channel]) bans[channel] = [];
  bans[channel].push(req.body.host);
};
`;

describe('lists in a table', () => {
  testEach([
    {
      what: 'are found where a function of the file makes an entry',
      files: { 'sessions.js': MADE },
      names: ['sessions', 'pages'],
      otherwise: [['session.pages.push(', 'sessions.delete(req.query.old);\n  session.pages.push(']],
    },
    {
      what: 'are asked elsewhere, and longer with each call',
      files: { 'bans.js': BANS },
      names: ['bans'],
      otherwise: [['bans[channel].push(', 'delete bans[oldest];\n  bans[channel].push(']],
    },
  ]);
});

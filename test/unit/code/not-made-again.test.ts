import assert from 'node:assert/strict';
import { detectIn, rewriteIn } from '../../../src/code/detect';
import { SourceProgram } from '../../../src/code/program/source-program';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: Number.POSITIVE_INFINITY };
const FILE = '/project/src/kept.js';

/** What the small bounded map of the first collection is refused for; null where it is made. */
function refusalOf(text: string): string | null {
  const program = new SourceProgram();
  program.set(FILE, text);
  const file = program.parsed(FILE)!;
  const [smell] = detectIn(file, OPTIONS);
  assert.ok(smell, 'nothing was found');
  const settings = { maxEntries: 500, ttlMs: 0 };
  const id = smell.rewrites.find((one) => one.id === 'drop-oldest') ? 'drop-oldest' : 'bounded-map';
  const result = rewriteIn(file, smell.id, id, settings, OPTIONS);
  return result.kind === 'refused' ? result.reason : null;
}

const SERVER = "require('http').createServer((req) => exports.of(req.url));\n";

/** Each refused whatever it is called, and made where the entry is one that comes out the same again. */
describe('entries that are not the same when they are made again', () => {
  const cases: [what: string, reason: RegExp, text: string, found: string, put: string][] = [
    [
      'are random',
      /another one \(crypto\.randomBytes/,
      "const saltCache = new Map();\nexports.of = (url) => {\n  let salt = saltCache.get(url);\n  if (!salt) {\n    salt = crypto.randomBytes(8).toString('hex') + url;\n    saltCache.set(url, salt);\n  }\n  return salt;\n};\n",
      "crypto.randomBytes(8).toString('hex') + url",
      'url.trim()',
    ],
    [
      'are numbered in a statement of its own',
      /another one \(\{ body, version \}\)/,
      'let version = 0;\nconst tagCache = new Map();\nexports.of = (url, body) => {\n  const hit = tagCache.get(url);\n  if (hit) return hit.version;\n  version++;\n  tagCache.set(url, { body, version });\n  return version;\n};\n',
      'version++',
      'check(version)',
    ],
    [
      'have a key that is made for them',
      /another one/,
      'const tokenCache = new Map();\nexports.of = (url) => {\n  const token = crypto.randomUUID();\n  tokenCache.set(token, url);\n  return token;\n};\nexports.find = (token) => tokenCache.get(token);\n',
      'crypto.randomUUID()',
      'url.trim()',
    ],
    [
      'are counted up',
      /line 3 an entry is counted up/,
      'const lookupCache = {};\nexports.of = (url) => {\n  lookupCache[url] = (lookupCache[url] || 0) + 1;\n  return lookupCache[url];\n};\n',
      '(lookupCache[url] || 0) + 1',
      'lookupCache[url] || url.length',
    ],
    [
      'say when something came first',
      /when something came first/,
      'const memo = new Map();\nexports.of = (url) => {\n  if (!memo.has(url)) memo.set(url, Date.now());\n  return memo.get(url);\n};\n',
      'Date.now()',
      'url.length',
    ],
    [
      'are compared with the next',
      /line 3 an entry is compared with what comes next/,
      'const valueCache = new Map();\nexports.of = (url, value) => {\n  if (valueCache.get(url) === value) return;\n  valueCache.set(url, value);\n  emit(url, value);\n};\n',
      'valueCache.get(url) === value',
      'valueCache.get(url)',
    ],
    [
      'are summed up in two steps',
      /line 4 an entry carries on the one before it/,
      'const voteCache = {};\nexports.of = (url, more) => {\n  const known = voteCache[url] || 0;\n  voteCache[url] = known + more;\n  return voteCache[url];\n};\n',
      'known + more',
      'known || more',
    ],
    [
      'are the ends of queues',
      /each entry carries on the one before it/,
      'const tails = {};\nexports.of = (url, task) => {\n  const previous = tails[url] ?? Promise.resolve();\n  const next = previous.then(task, task);\n  tails[url] = next.catch(() => url);\n  return next;\n};\n',
      'const next = previous.then(task, task);\n  tails[url] = next.catch(() => url);\n  return next;',
      'if (tails[url]) return previous;\n  tails[url] = fetch(url);\n  return tails[url];',
    ],
    [
      'break a circle',
      /line 5 an entry is stored before it is ready/,
      'const nodeCache = new Map();\nexports.of = function of(url) {\n  if (nodeCache.has(url)) return nodeCache.get(url);\n  const node = { url, next: [] };\n  nodeCache.set(url, node);\n  for (const one of linksOf(url)) node.next.push(of(one));\n  return node;\n};\n',
      'node.next.push(of(one))',
      'node.next.push(one)',
    ],
    [
      'are stored for a whole batch, and then read',
      /line 4 an entry is used without asking/,
      'const rowCache = new Map();\nexports.all = (req) => {\n  for (const url of req.body.urls) if (!rowCache.has(url)) rowCache.set(url, url.trim());\n  return req.body.urls.map((url) => rowCache.get(url));\n};\nexports.of = (url) => exports.all({ body: { urls: [url] } });\n',
      'rowCache.get(url)',
      'rowCache.get(url) ?? url.trim()',
    ],
    [
      'are waited for and used without a question',
      /line 3 an entry is used without asking/,
      'const rowCache = new Map();\nconst rowOf = async (url) => rowCache.get(url);\nexports.textOf = async (url) => (await rowOf(url)).text;\nexports.of = async (url) => {\n  if (!(await rowOf(url))) rowCache.set(url, await fetch(url));\n};\n',
      '(await rowOf(url)).text',
      'rowOf(url).then((row) => row?.text)',
    ],
    [
      'are asked for before something else is waited for',
      /line 8 an entry is used without asking/,
      'const rowCache = new Map();\nasync function rowOf(url) {\n  if (!rowCache.has(url)) rowCache.set(url, await fetch(url));\n  await tell(url);\n  return rowCache.get(url);\n}\nexports.of = async (url) => {\n  const { text } = await rowOf(url);\n  return text;\n};\n',
      '  await tell(url);\n',
      '',
    ],
    [
      'say what must not be done twice',
      /must not be done twice/,
      'const receiptCache = new Map();\nexports.of = (idempotencyKey) => {\n  if (!receiptCache.has(idempotencyKey)) receiptCache.set(idempotencyKey, charge(idempotencyKey));\n  return receiptCache.get(idempotencyKey);\n};\n',
      'idempotencyKey',
      'url',
    ],
    [
      'keep a state',
      /state of their own \(debounce\(save\)\)/,
      'const saverCache = new Map();\nexports.of = (url) => {\n  if (!saverCache.has(url)) saverCache.set(url, debounce(save));\n  return saverCache.get(url);\n};\n',
      'debounce(save)',
      'bind(save)',
    ],
    [
      'are changed by who asked for them',
      /line 8 what it gives out is changed/,
      'const parsedCache = new Map();\nexports.of = (url) => {\n  let found = parsedCache.get(url);\n  if (!found) parsedCache.set(url, (found = JSON.parse(url)));\n  return found;\n};\nexports.mark = (url) => {\n  const found = exports.of(url);\n  found.seen = true;\n};\n',
      'found.seen = true',
      'tell(found.seen)',
    ],
    [
      'are counted by what they are',
      /line 5 each entry is counted once/,
      'const pickCache = new Map();\nexports.of = (url) => {\n  const known = pickCache.get(url);\n  if (known) return known;\n  const pick = pickFor(url); pickCache.set(url, pick);\n  totals[pick] += 1;\n  return pick;\n};\n',
      'totals[pick] += 1',
      'missed += 1',
    ],
    [
      'are changed by a function that gets them',
      /changes? after|line 7|changed/,
      'const pages = new Map();\nfunction bump(target, size) {\n  target.bytes += size;\n}\nexports.of = (url) => {\n  let usage = pages.get(url);\n  if (!usage) pages.set(url, (usage = blank(url)));\n  bump(usage, 1);\n  return usage.bytes;\n};\n',
      'target.bytes += size',
      'tell(target.bytes, size)',
    ],
    [
      'hold connections',
      /have to be closed \(nodemailer\.createTransport/,
      'const mailerCache = new Map();\nexports.of = (url) => {\n  if (!mailerCache.has(url)) mailerCache.set(url, nodemailer.createTransport(url));\n  return mailerCache.get(url).name;\n};\n',
      'nodemailer.createTransport(url)',
      'url.trim()',
    ],
    [
      'are asked for in a list before they are added',
      /line 3 it is asked whether an element is there/,
      'const errorLog = [];\nexports.of = (url) => {\n  if (errorLog.includes(url)) return;\n  errorLog.push(url);\n  tell(url);\n};\n',
      '  if (errorLog.includes(url)) return;\n',
      '',
    ],
    [
      'are looked for by their id in a list',
      /counted from the first/,
      'const auditLog = [];\nexports.of = (url) => {\n  auditLog.push({ url });\n};\nexports.find = (url) => auditLog.find((one) => one.url === url);\n',
      'auditLog.find((one) => one.url === url)',
      'auditLog.filter((one) => one.url === url)',
    ],
  ];
  for (const [what, reason, text, found, put] of cases)
    it(what, () => {
      assert.match(refusalOf(text + SERVER) ?? 'made', reason);
      assert.ok(text.includes(found));
      assert.equal(refusalOf(text.replaceAll(found, put) + SERVER), null);
    });
});

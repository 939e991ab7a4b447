import assert from 'node:assert/strict';
import { detectIn, rewriteIn } from '../../../src/code/detect';
import { SourceProgram } from '../../../src/code/program/source-program';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: Number.POSITIVE_INFINITY };
const SETTINGS = { maxEntries: 500, ttlMs: 0 };

/** What a rewrite of the first collection of the first file is refused for; null where it is made. */
function refusalOf(files: Readonly<Record<string, string>>, id: string): string | null {
  const program = new SourceProgram();
  for (const [name, text] of Object.entries(files)) program.set(`/project/src/${name}`, text);
  const file = program.parsed(`/project/src/${Object.keys(files)[0]}`)!;
  const [smell] = detectIn(file, OPTIONS);
  assert.ok(smell, 'nothing was found');
  assert.ok(
    smell.rewrites.some((one) => one.id === id),
    `${id} is not spoken of`,
  );
  const result = rewriteIn(file, smell.id, id, SETTINGS, OPTIONS);
  return result.kind === 'refused' ? result.reason : null;
}

const DOC = `interface Doc {
  readonly id: string;
}
const seen = new Map<Doc, string>();
export function known(doc: Doc): string | undefined {
  return seen.get(doc);
}
`;

describe('keys that are held weakly', () => {
  const refused: [what: string, reason: RegExp, text: string][] = [
    [
      'are what was thrown',
      /line 6 a key \(e\) is what was thrown/,
      `interface Failure { readonly message: string }
const seen = new Set<Failure>();
export function run(work: () => void): void {
  try { work(); } catch (e: any) {
    if (seen.has(e)) return;
    seen.add(e);
  }
}
`,
    ],
    [
      'are what was thrown, by another name',
      /line 4 a key \(e\) is what was thrown/,
      `interface Failure { readonly message: string }
const seen = new Set<Failure>();
export function run(work: () => void): void {
  try { work(); } catch (e) { const err = e as Failure; if (!seen.has(err)) seen.add(err); }
}
`,
    ],
    [
      'are what a promise was rejected with',
      /a key \(err\) is what was thrown/,
      `${DOC}export function run(work: Promise<void>, said: string): void {
  work.catch((err: Doc) => seen.set(err, said));
}
export function note(doc: Doc, said: string): void {
  seen.set(doc, said);
}
`,
    ],
    [
      'are parsed',
      /line 9 a key \(JSON\.parse\(json\)\) is parsed/,
      `${DOC}export function load(json: string): void {
  const doc = JSON.parse(json) as Doc;
  seen.set(doc, json);
}
`,
    ],
    [
      'are parsed into what is declared',
      /a key \(JSON\.parse\(json\)\) is parsed/,
      `${DOC}export function load(json: string): void {
  let doc: Doc;
  doc = JSON.parse(json);
  seen.set(doc, json);
}
`,
    ],
    [
      'are parsed by a function',
      /a key \(JSON\.parse\(json\)\) is parsed/,
      `${DOC}function parse(json: string): Doc {
  return JSON.parse(json);
}
export function load(json: string): void {
  seen.set(parse(json), json);
}
`,
    ],
    [
      'are part of what was parsed',
      /is parsed/,
      `${DOC}export function load(json: string): void {
  const { docs } = JSON.parse(json) as { docs: Doc[] };
  for (const doc of docs) seen.set(doc, json);
}
`,
    ],
    [
      'are received as JSON',
      /is parsed/,
      `${DOC}export async function load(response: { json(): Promise<any> }): Promise<void> {
  const doc: Doc = await response.json();
  seen.set(doc, 'received');
}
`,
    ],
    [
      'are asserted to be there',
      /line 9 a key \(doc!\) is an object by an assertion alone/,
      `${DOC}export function note(doc: Doc | null, said: string): void {
  seen.set(doc!, said);
}
`,
    ],
    [
      'are asserted to be objects',
      /a key \(value as Doc\) is an object by an assertion alone/,
      `${DOC}export function note(value: unknown, said: string): void {
  seen.set(value as Doc, said);
}
`,
    ],
    [
      'are asserted to be objects in the old way',
      /a key \(<Doc>value\) is an object by an assertion alone/,
      `${DOC}export function note(value: unknown, said: string): void {
  seen.set(<Doc>value, said);
}
`,
    ],
    [
      'are of any type',
      /a key \(value\) is of no known type/,
      `${DOC}export function note(value: any, said: string): void {
  seen.set(value, said);
}
`,
    ],
    [
      'are a member of any type',
      /a key \(event\.data\) is of no known type/,
      `${DOC}export function note(event: { data: any }, said: string): void {
  seen.set(event.data, said);
}
`,
    ],
    [
      'are asserted by a caller',
      /a key \(value as Doc\) is an object by an assertion alone/,
      `${DOC}function note(doc: Doc, said: string): void {
  seen.set(doc, said);
}
export function take(value: unknown, said: string): void {
  note(value as Doc, said);
}
`,
    ],
    [
      'are there from the start, parsed',
      /is parsed/,
      `interface Doc { readonly id: string }
const seen = new Set<Doc>(JSON.parse(process.env.DOCS ?? '[]') as Doc[]);
export function note(doc: Doc): boolean {
  if (seen.has(doc)) return false;
  seen.add(doc);
  return true;
}
`,
    ],
  ];
  for (const [what, reason, text] of refused)
    it(`${what}: refused`, () =>
      assert.match(refusalOf({ 'kept.ts': text }, 'weak-collection') ?? 'made', reason));

  const made: [what: string, text: string][] = [
    ['are parameters', `export function note(doc: Doc, said: string): void {\n  seen.set(doc, said);\n}\n`],
    [
      'are given by callers that have them',
      `function note(doc: Doc, said: string): void {\n  seen.set(doc, said);\n}\nexport function take(doc: Doc): void {\n  note(doc, 'taken');\n}\n`,
    ],
    [
      'are this',
      `export class Page implements Doc {\n  readonly id = 'page';\n  note(said: string): void {\n    seen.set(this, said);\n  }\n}\n`,
    ],
    [
      'are made here',
      `class Page implements Doc {\n  readonly id = 'page';\n}\nexport function page(said: string): Doc {\n  const made = new Page();\n  seen.set(made, said);\n  return made;\n}\n`,
    ],
    [
      'are written out',
      `export function page(id: string): Doc {\n  const made = { id } as Doc;\n  seen.set(made, id);\n  return made;\n}\n`,
    ],
    [
      'are one of a list',
      `export function all(docs: readonly Doc[]): void {\n  for (const doc of docs) seen.set(doc, doc.id);\n  docs.forEach((doc) => seen.set(doc, doc.id));\n}\n`,
    ],
    [
      'are objects that are said to be others',
      `interface Page extends Doc { readonly text: string }\nexport function note(doc: Page): void {\n  seen.set(doc as Doc, doc.text);\n}\n`,
    ],
    [
      'are asked first what they are',
      `class Page implements Doc {\n  readonly id = 'page';\n}\nexport function note(value: unknown): void {\n  if (value instanceof Page) seen.set(value, value.id);\n}\n`,
    ],
    [
      'are thrown, and asked first what they are',
      `export function run(work: () => void): void {\n  try { work(); } catch (e) {\n    const known = e instanceof Failure ? e : new Failure(String(e));\n    seen.set(known, known.message);\n    if (work.length > 0 && e instanceof Failure) seen.set(e, e.message);\n    if (!(e instanceof Failure)) throw e;\n    seen.set(e, e.message);\n  }\n}\n`,
    ],
    [
      'are found where nothing is known of it',
      `import { find } from 'finder';\nexport function note(said: string): void {\n  seen.set(find(said), said);\n}\n`,
    ],
  ];
  for (const [what, text] of made)
    it(`${what}: made`, () => assert.equal(refusalOf({ 'kept.ts': DOC + text }, 'weak-collection'), null));
});

describe('fields that an extending class declares again', () => {
  const again = /A class that extends its own declares it again\./;
  const base = (modifier: string, owner: string) => `import { createServer } from 'node:http';
export class LabelCache {
  ${modifier}labelCache = new Map<string, string>();
  of(url: string): string {
    const known = ${owner}.labelCache.get(url);
    if (known !== undefined) return known;
    const label = url.trim();
    ${owner}.labelCache.set(url, label);
    return label;
  }
}
const labels = new LabelCache();
createServer((request) => labels.of(request.url!));
`;
  const heir = (member: string, extended = 'LabelCache') => `import { LabelCache } from './base';
class Between extends LabelCache {}
export class Named extends ${extended} {
  ${member}
}
export const between = new Between();
`;
  for (const id of ['bounded-map', 'lru-cache'])
    for (const [modifier, owner] of [
      ['static ', 'LabelCache'],
      ['', 'this'],
    ] as const) {
      const field = `${modifier}override labelCache = new Map<string, string>([['/', 'home']]);`;
      const with_ = (text: string) => refusalOf({ 'base.ts': base(modifier, owner), 'heir.ts': text }, id);
      it(`${id}, ${modifier || 'instance'}`, () => {
        assert.match(with_(heir(field)) ?? 'made', again);
        assert.match(with_(heir(field, 'Between')) ?? 'made', again);
        assert.match(with_(heir(field, 'tracked(LabelCache)')) ?? 'made', again);
        assert.equal(with_(heir(field.replace('labelCache', 'others'))), null);
        assert.equal(with_(heir(field, 'Object')), null);
        assert.equal(with_(heir(modifier ? field.replace('static ', '') : `static ${field}`)), null);
      });
    }

  for (const [modifier, owner] of [
    ['static ', 'LookupCache'],
    ['', 'this'],
  ] as const)
    it(`drop-oldest, ${modifier || 'instance'}`, () => {
      const log = `import { createServer } from 'node:http';
export class LookupCache {
  ${modifier}auditLog: string[] = [];
  note(url: string): void {
    ${owner}.auditLog.push(url);
  }
}
const lookups = new LookupCache();
createServer((request) => lookups.note(request.url!));
`;
      const heir = (member: string) =>
        `import { LookupCache } from './base';\nimport { Ring } from './ring';\nexport class Kept extends LookupCache {\n  ${modifier}${member}\n}\n`;
      const with_ = (member: string) => refusalOf({ 'base.ts': log, 'heir.ts': heir(member) }, 'drop-oldest');
      assert.match(with_('override auditLog = new Ring();') ?? 'made', again);
      assert.match(with_('override get auditLog() { return Ring.ours; }') ?? 'made', again);
      assert.equal(with_('otherLog: string[] = [];'), null);
    });
});

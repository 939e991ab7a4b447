import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { detectIn } from '../../../src/code/detect';
import { SourceProgram } from '../../../src/code/program/source-program';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: Number.POSITIVE_INFINITY };

const CLIENTS = `export class Clients {
  private readonly states = new Map<string, number>();
  seen(id: string): void { this.states.set(id, Date.now()); }
  isKnown(id: string): boolean { return this.states.has(id); }
  evictIdle(before: number): void {
    for (const [id, at] of this.states) if (at < before) this.states.delete(id);
  }
}
`;
const SERVER = `import { Clients } from './clients';
const clients = new Clients();
app.post('/hello', (req) => clients.seen(req.body.clientId));
app.get('/known', (req) => clients.isKnown(req.query.clientId));
`;
/** Another class has a method of that name, and its objects call it. */
const QUEUE = `export class Queue {
  evictIdle(): void {}
}
const queue = new Queue();
setInterval(() => queue.evictIdle(), 1000);
`;

const CHECKS = `const barcodes = new Map();
export function check(row) {
  if (barcodes.has(row.barcode)) return false;
  barcodes.set(row.barcode, row);
  return true;
}
`;
const COMMAND = `import { check } from '../src/checks.js';
for await (const row of rows(process.argv[2])) check(row);
`;

describe('what an application never runs', () => {
  let root = '';
  before(async () => {
    root = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'never-run-')));
  });
  after(() => fs.rm(root, { recursive: true }));

  let folders = 0;
  /** The smells of the first of the files, of a package that is on disk. */
  async function smellsOf(packageJson: object, files: Readonly<Record<string, string>>) {
    const folder = path.join(root, `${folders++}`);
    await fs.mkdir(folder);
    await fs.writeFile(path.join(folder, 'package.json'), JSON.stringify(packageJson));
    const program = new SourceProgram();
    for (const [file, text] of Object.entries(files)) program.set(path.join(folder, file), text);
    return detectIn(program.parsed(path.join(folder, Object.keys(files)[0]!))!, OPTIONS);
  }
  async function namesOf(packageJson: object, files: Readonly<Record<string, string>>) {
    return (await smellsOf(packageJson, files)).map(({ identifier }) => identifier);
  }

  it('is an eviction that nothing calls', async () => {
    const files = { 'clients.ts': CLIENTS, 'server.ts': SERVER };
    assert.deepEqual(await namesOf({ private: true }, files), ['states']);
    const [smell] = await smellsOf({ private: true }, files);
    assert.match(smell?.message ?? '', /^Nothing calls evictIdle, which removes in line 6,/);
    // Who installs the package may call it.
    assert.deepEqual(await namesOf({ name: 'clients', main: 'clients.js' }, files), []);
  });

  it('is not what a timer calls', async () => {
    const server = `${SERVER}setInterval(() => clients.evictIdle(Date.now() - 60_000), 60_000);\n`;
    assert.deepEqual(await namesOf({ private: true }, { 'clients.ts': CLIENTS, 'server.ts': server }), []);
  });

  it('is told from a method of the same name of another class', async () => {
    const files = { 'clients.ts': CLIENTS, 'server.ts': SERVER, 'queue.ts': QUEUE };
    assert.deepEqual(await namesOf({ private: true }, files), ['states']);
  });

  it('is not what a framework may call by its name', async () => {
    const remove = CLIENTS.replace('evictIdle', 'remove');
    assert.deepEqual(await namesOf({ private: true }, { 'clients.ts': remove, 'server.ts': SERVER }), []);
    const server = `${SERVER}every('1 min', 'Clients.evictIdle');\n`;
    assert.deepEqual(await namesOf({ private: true }, { 'clients.ts': CLIENTS, 'server.ts': server }), []);
  });

  it('is no reason where nothing calls what adds, either', async () => {
    assert.deepEqual(await namesOf({ private: true }, { 'clients.ts': CLIENTS, 'server.ts': '' }), []);
  });

  it('is a second time in a command that has done its work', async () => {
    const files = { 'src/checks.js': CHECKS, 'bin/check.js': COMMAND };
    const command = { type: 'module', bin: 'bin/check.js' };
    assert.deepEqual(await namesOf(command, files), []);
    assert.deepEqual(await namesOf({ ...command, exports: './src/checks.js' }, files), ['barcodes']);
    const serving = `${COMMAND}http.createServer((req) => check(req)).listen(80);\n`;
    assert.deepEqual(await namesOf(command, { ...files, 'bin/check.js': serving }), ['barcodes']);
  });
});

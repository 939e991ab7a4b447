import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Ajv from 'ajv';
import { cliFile, nodeBinary, projectRoot } from './support';

const server = `const http = require('node:http');
const cache = new Map();
const bounded = new Map();
let n = 0;
let ends = 0;
http.createServer((request, response) => {
  if (request.url === '/end' && ++ends > 30) process.exit(3);
  if (request.url === '/missing') response.statusCode = 404;
  if (request.url === '/work') cache.set('key-' + ++n, { n });
  bounded.set(++n, n);
  if (bounded.size > 20) bounded.delete(bounded.keys().next().value);
  response.end('ok');
}).listen(0, '127.0.0.1', function () { console.log('PORT ' + this.address().port); });
`;

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cliFile, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

describe('command line: hunt', function () {
  this.timeout(120_000);
  let folder: string;
  let url: string;
  let inspector: string;
  let stop: () => void;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'heapwright-cli-'));
    writeFileSync(path.join(folder, 'server.cjs'), server);
    const child = spawn(await nodeBinary(24), ['--inspect=127.0.0.1:0', 'server.cjs'], { cwd: folder });
    stop = () => child.kill('SIGKILL');
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const listen = (text: Buffer) => {
        said += text;
        const port = /PORT (\d+)/.exec(said);
        const socket = /ws:\/\/\S+/.exec(said);
        if (!port || !socket) return;
        url = `http://127.0.0.1:${port[1]}`;
        inspector = socket[0];
        resolve();
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      child.once('exit', () => reject(new Error(`The server ended: ${said}`)));
    });
  });
  after(() => {
    stop?.();
    rmSync(folder, { recursive: true, force: true });
  });

  const quick = ['--operations', '40', '--warmup', '10', '--idle', '300'];

  it('prints one object that keeps to the schema, and exits with 1 on a leak', async () => {
    const html = path.join(folder, 'report.html');
    const { code, stdout } = await run([
      ...['hunt', '--inspect', inspector, '--url', `${url}/work`, ...quick, '--json', '--html', html],
      ...['--write-baseline', path.join(folder, 'baseline.json')],
    ]);
    assert.equal(code, 1);
    const report = JSON.parse(stdout);
    const schemaFile = path.join(projectRoot, 'docs/hunt-report.schema.json');
    const schema: object = JSON.parse(readFileSync(schemaFile, 'utf8'));
    const keepsTo = new Ajv({ allowUnionTypes: true }).compile(schema);
    const errors = keepsTo(report) ? [] : keepsTo.errors;
    assert.deepEqual(errors, []);
    assert.equal(report.rounds.length, 3);
    const leaks = report.verdicts.filter((verdict: { level: string }) => verdict.level === 'leak');
    assert.equal(leaks.length, 1);
    const [leak] = leaks;
    assert.equal(leak.name, 'cache');
    assert.equal(leak.kind, 'map');
    assert.deepEqual(leak.location, { file: path.join(folder, 'server.cjs'), line: 2, column: 7 });
    assert.equal(leak.addedAt.line, 9);
    assert.deepEqual(leak.entries, [50, 90, 130]);
    assert.equal(leak.perOperation.objects, 1);
    assert.ok(readFileSync(html, 'utf8').includes(`vscode://file${path.join(folder, 'server.cjs')}:2:7`));
  });

  it('leaves the program running and answering', async () => {
    const response = await fetch(`${url}/work`);
    assert.equal(await response.text(), 'ok');
  });

  it('exits with 0 when nothing leaks, and when the baseline knows the leak', async () => {
    const cold = ['--operations', '40', '--warmup', '0', '--idle', '100', '--no-adding'];
    const innocent = await run(['hunt', '--inspect', inspector, '--url', `${url}/`, ...cold]);
    assert.equal(innocent.code, 0, innocent.stdout);
    assert.match(innocent.stdout, /No leak found/);
    const known = await run([
      ...['hunt', '--inspect', inspector, '--url', `${url}/work`, ...cold],
      ...['--baseline', path.join(folder, 'baseline.json')],
    ]);
    assert.equal(known.code, 0, known.stdout);
    assert.match(known.stdout, /cache still grows/);
  });

  it('says what to do when it cannot start, and exits with 2', async () => {
    const none = await run(['hunt', '--url', url]);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /No target is named\.\nGive one of --inspect/);
    const dead = await run(['hunt', '--inspect', '127.0.0.1:1', '--url', url]);
    assert.equal(dead.code, 2);
    const away = await run(['hunt', '--inspect', inspector, '--url', 'http://127.0.0.1:1/', ...quick]);
    assert.equal(away.code, 2);
    assert.match(away.stderr, /Nothing answers at http:\/\/127\.0\.0\.1:1\//);
    const address = await run(['hunt', '--inspect', inspector, '--url', 'nonsense', ...quick]);
    assert.equal(address.code, 2);
    assert.match(address.stderr, /nonsense is no HTTP address/);
    const option = await run(['hunt', '--rounds', 'some']);
    assert.equal(option.code, 2, 'commander would end with the code of a leak');
  });

  it('says when every request is answered by an error, and hunts in errors when asked to', async () => {
    const work = ['hunt', inspector, '--url', `${url}/missing`, ...quick];
    const { code, stderr } = await run(work);
    assert.equal(code, 2);
    assert.match(stderr, /Every request to .*\/missing was answered by an error \(HTTP 404\)/);
    const asked = await run([...work, '--any-status', '--no-adding']);
    assert.equal(asked.code, 0, asked.stderr);
  });

  it('says that the program ended while it was hunted in', async () => {
    const { code, stdout, stderr } = await run([
      'hunt',
      inspector,
      '--url',
      `${url}/end`,
      ...quick,
      '--json',
    ]);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /The hunt could not go on\. The process has ended\./);
  });
});

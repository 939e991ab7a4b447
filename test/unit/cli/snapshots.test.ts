import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { cliFile, nodeBinary } from './support';

const run = promisify(execFile);

const source = `const journal = new Set();
setInterval(() => {
  for (let i = 0; i < 50; i++) journal.add({ i });
}, 20);
`;

describe('command line: snapshot, diff, analyze, census', function () {
  this.timeout(120_000);
  let folder: string;
  let child: ChildProcess;
  let inspector: string;

  /** Resolves when the program has printed what `pattern` matches. */
  function said(pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      let text = '';
      const listen = (chunk: Buffer) => {
        text += chunk;
        const match = pattern.exec(text);
        if (!match) return;
        child.stdout?.off('data', listen);
        child.stderr?.off('data', listen);
        resolve(match[0]);
      };
      child.stdout?.on('data', listen);
      child.stderr?.on('data', listen);
    });
  }

  async function heapwright(...args: string[]) {
    const { stdout } = await run(process.execPath, [cliFile, ...args, '--json'], { maxBuffer: 1 << 26 });
    return JSON.parse(stdout);
  }

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'heapwright-cli-'));
    const file = path.join(folder, 'journal.cjs');
    writeFileSync(file, source);
    child = spawn(await nodeBinary(22), ['--inspect=127.0.0.1:0', file], { stdio: 'pipe' });
    inspector = await said(/ws:\/\/\S+/);
  });
  after(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('captures a series, finds what grew in it, and counts it live', async () => {
    const output = path.join(folder, 'journal.heapsnapshot');
    const { snapshots } = await heapwright(
      ...['snapshot', '--inspect', inspector, '-o', output, '--count', '3', '--every', '100'],
    );
    const files: string[] = snapshots.map((one: { file: string }) => one.file);
    assert.equal(files[2], path.join(folder, 'journal-3.heapsnapshot'));
    assert.equal(snapshots[2].fileBytes, statSync(files[2]!).size);

    const { growth, constructors } = await heapwright('diff', ...files);
    assert.equal(growth.length, 1);
    assert.equal(growth[0].name, 'journal');
    const [first, second, third] = growth[0].entries;
    assert.ok(first < second && second < third, growth[0].entries.join());
    assert.equal(growth[0].location.line, 1);
    const objects = constructors.find((row: { name: string }) => row.name === 'Object');
    assert.ok(objects.addedCount >= third - first, `${objects.addedCount} objects came`);

    const analysis = await heapwright('analyze', files[2]!);
    assert.ok(
      analysis.collections.some(
        (row: { kind: string; entries: number }) => row.kind === 'set' && row.entries === third,
      ),
    );

    const found = await heapwright('search', files[2]!, 'class:Set retained>10kB');
    const journal = found.objects[0];
    const part = path.join(folder, 'part.heapsnapshot');
    const cut = await heapwright('cut', files[2]!, `@${journal.id}`, '-o', part, '--redact');
    assert.ok(cut.nodeCount > third);
    assert.ok(statSync(part).size < statSync(files[2]!).size);
    assert.equal((await heapwright('search', part, `@${journal.id}`)).total, 1);

    const census = await heapwright('census', '--inspect', inspector);
    const set = census.collections.find((row: { kind: string }) => row.kind === 'set');
    assert.ok(set.entries > third);
    assert.deepEqual(set.holds, ['Object']);
  });

  it('prints tables for people, and help for every command', async () => {
    const { stdout } = await run(process.execPath, [cliFile, 'census', '--inspect', inspector]);
    assert.match(stdout, /^collection +entries +keys +holds/);
    for (const command of ['hunt', 'snapshot', 'analyze', 'diff', 'census', 'search', 'cut']) {
      const help = await run(process.execPath, [cliFile, command, '--help']);
      assert.match(help.stdout, new RegExp(`Usage: heapwright ${command} .*--json`, 's'));
    }
  });

  it('says what is wrong with a file that is no snapshot', async () => {
    const file = path.join(folder, 'journal.cjs');
    await assert.rejects(
      run(process.execPath, [cliFile, 'analyze', file]),
      (error: { code: number; stderr: string }) => {
        assert.equal(error.code, 2);
        assert.match(error.stderr, /heapwright: .+\n.+/);
        return true;
      },
    );
  });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { RunArchive } from '../../../src/history/run-archive';
import { RunWriter, runFile } from '../../../src/history/run-writer';
import { rowToSample, sampleToRow } from '../../../src/protocol/sample-rows';
import { sampleAt } from './samples';

const subject = (id: string) => ({
  id,
  title: 'server.js',
  pid: 42,
  nodeVersion: 'v24.1.0',
  workingDirectory: '/shop',
  from: 1_700_000_000_000,
});
const onFailure = (error: Error) => {
  throw error;
};

describe('a run on disk', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-runs-'));
  });
  afterEach(async () => {
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('comes back as it was written, with its summary', async () => {
    const writer = new RunWriter(folder, subject('a'), { onFailure });
    const gap = { ...sampleAt(9), gap: { reason: 'asleep', ms: 4000 } as const };
    const { runtime: _, ...bare } = sampleAt(10);
    for (const sample of [sampleAt(0), sampleAt(1), gap, bare]) writer.add(sample, { urgent: false });
    writer.note({ at: 1_700_000_001_000, kind: 'alert', text: 'The heap is at 71 % of the heap limit.' });
    writer.dispose();
    const run = await new RunArchive(folder).read('a');
    assert.deepEqual(run.samples, [sampleAt(0), sampleAt(1), gap, bare]);
    assert.deepEqual(
      run.events.map(({ kind }) => kind),
      ['alert'],
    );
    const { samples, alerts, peakHeapUsed, peakRss, to } = run.summary;
    assert.deepEqual(
      { samples, alerts, peakHeapUsed, peakRss, to },
      { samples: 4, alerts: 1, peakHeapUsed: 20e6 + 10_000, peakRss: 90e6, to: bare.at },
    );
  });

  it('is there up to the last second when the window is killed in the midst of it', async () => {
    // The window is a process of its own, since killing is what is tested.
    const module = path.join(folder, 'window.cjs');
    const { build } = await import('esbuild');
    await build({
      stdin: {
        contents: `
          import { RunWriter } from './src/history/run-writer';
          import { sampleAt } from './test/unit/history/samples';
          const writer = new RunWriter(process.argv[2], ${JSON.stringify(subject('killed'))}, { onFailure: console.error });
          for (let second = 0; second < 5; second++) writer.add(sampleAt(second), { urgent: false });
          writer.flush();
          writer.add(sampleAt(5), { urgent: true });
          writer.add(sampleAt(6), { urgent: false });
          console.log('written');
          setInterval(() => {}, 1000);`,
        resolveDir: process.cwd(),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      outfile: module,
      logLevel: 'silent',
    });
    const window = spawn(process.execPath, [module, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => window.stdout.once('data', resolve));
    const ended = new Promise((resolve) => window.once('exit', resolve));
    window.kill('SIGKILL');
    await ended;
    // As if the machine had gone down while a line was on its way.
    await fs.appendFile(runFile(folder, 'killed'), '[1700000007000,20007');
    const [summary] = await new RunArchive(folder).list();
    assert.equal(summary?.samples, 6);
    const run = await new RunArchive(folder).read('killed');
    assert.deepEqual(run.samples.at(-1), sampleAt(5));
  });

  it('stays within its size: older samples are thinned, events and the newest stay', async () => {
    const writer = new RunWriter(folder, subject('long'), { onFailure, mostBytes: 40_000 });
    writer.note({ at: 1, kind: 'note', text: 'first' });
    for (let second = 0; second < 2000; second++) {
      writer.add(sampleAt(second), { urgent: second % 10 === 0 });
      if (second % 100 === 0) assert.ok((await fs.stat(runFile(folder, 'long'))).size < 45_000);
    }
    writer.dispose();
    const { samples, events } = await new RunArchive(folder).read('long');
    assert.equal(events.length, 1);
    assert.equal(samples[0]!.at, sampleAt(0).at);
    assert.deepEqual(
      samples.slice(-50).map(({ at }) => at),
      Array.from({ length: 50 }, (_, i) => sampleAt(1950 + i).at),
    );
  });

  it('leaves nothing when it had no sample', async () => {
    new RunWriter(folder, subject('empty'), { onFailure }).dispose();
    assert.deepEqual(await fs.readdir(folder), []);
  });

  it('tells once when the disk does not take it any more', async () => {
    const failures: Error[] = [];
    const writer = new RunWriter(folder, subject('lost'), { onFailure: (error) => failures.push(error) });
    await fs.rm(folder, { recursive: true });
    for (let second = 0; second < 3; second++) writer.add(sampleAt(second), { urgent: true });
    writer.dispose();
    assert.equal(failures.length, 1);
    assert.match(failures[0]!.message, /ENOENT/);
  });

  it('survives rows of other versions, and lines that are none', async () => {
    const { runtime: _, ...sizes } = sampleAt(3);
    assert.deepEqual(rowToSample(sampleToRow(sampleAt(3)).slice(0, 7)), sizes);
    assert.equal(rowToSample([1, 2, 3]), null);
    assert.equal(rowToSample(['a', 2, 3, 4, 5, 6, 7]), null);
    await fs.writeFile(path.join(folder, 'foreign.jsonl'), '{"some":"thing"}\n');
    await fs.writeFile(path.join(folder, 'empty.jsonl'), '');
    await fs.writeFile(path.join(folder, 'binary.jsonl'), Buffer.from([0, 255, 10, 13, 200]));
    const writer = new RunWriter(folder, subject('good'), { onFailure });
    writer.add(sampleAt(0), { urgent: true });
    await fs.appendFile(runFile(folder, 'good'), 'null\n7\n"x"\n[]\n{}\n{"at":1}\n');
    writer.dispose();
    const archive = new RunArchive(folder);
    assert.deepEqual(
      (await archive.list()).map(({ id, samples }) => [id, samples]),
      [['good', 1]],
    );
    await assert.rejects(archive.read('foreign'), /not there any more/);
    await assert.rejects(archive.read('../../etc/passwd'), /not there any more/);
  });
});

describe('the archive of runs', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-runs-'));
    for (let i = 0; i < 6; i++) {
      const writer = new RunWriter(folder, { ...subject(`run-${i}`), from: 1000 * i }, { onFailure });
      writer.add(sampleAt(i), { urgent: true });
      writer.dispose();
      const then = new Date(Date.now() - 3_600_000 + i * 1000);
      await fs.utimes(runFile(folder, `run-${i}`), then, then);
    }
  });
  afterEach(async () => {
    await fs.rm(folder, { recursive: true, force: true });
  });
  const ids = async (archive: RunArchive) => (await archive.list()).map(({ id }) => id);

  it('lists the newest first and deletes what it is told to', async () => {
    const archive = new RunArchive(folder);
    assert.deepEqual(await ids(archive), ['run-5', 'run-4', 'run-3', 'run-2', 'run-1', 'run-0']);
    await archive.delete('run-3');
    assert.deepEqual(await ids(archive), ['run-5', 'run-4', 'run-2', 'run-1', 'run-0']);
  });

  it('keeps so many runs and so many bytes, and none less that is being written', async () => {
    const archive = new RunArchive(folder);
    const now = new Date();
    await fs.utimes(runFile(folder, 'run-0'), now, now);
    assert.equal(await archive.cleanUp({ maxRuns: 4, maxBytes: 1e9 }), 2);
    assert.deepEqual(await ids(archive), ['run-5', 'run-4', 'run-3', 'run-0']);
    assert.equal(await archive.cleanUp({ maxRuns: 4, maxBytes: 10 }), 3);
    assert.deepEqual(await ids(archive), ['run-0']);
  });

  it('is empty where there is no folder yet', async () => {
    assert.deepEqual(await new RunArchive(path.join(folder, 'none')).list(), []);
  });
});

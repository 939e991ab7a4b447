import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Browser } from 'playwright-core';
import { captureSnapshot } from '../../../src/inspector/capture';
import { listLocalProcesses } from '../../../src/inspector/discovery/local-processes';
import { OtherEngines } from '../../../src/inspector/discovery/other-engines';
import { readMemory } from '../../../src/inspector/memory';
import { MemorySampler } from '../../../src/inspector/memory-sampler';
import { connect } from '../../../src/inspector/session';
import { hunt } from '../../../src/leaks/hunt/hunt';
import { huntHtml } from '../../../src/leaks/hunt/report-html';
import { huntMarkdown } from '../../../src/leaks/hunt/report-markdown';
import { expressionWorkload } from '../../../src/leaks/hunt/workloads';
import type { MemorySample } from '../../../src/protocol/samples';
import type { OtherTarget } from '../../../src/protocol/targets';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { launchChromium } from '../../host/chromium';
import { denoBinary } from '../../host/deno-binary';
import { workerFile } from '../../leaks/program';
import { freePort } from './free-port';
import { startProgram, type TargetProgram, until } from './target-program';

describe('finding targets that are no Node processes', function () {
  this.timeout(120_000);
  let browser: Browser;
  let program: TargetProgram;
  let port: number;

  before(async () => {
    port = await freePort();
    browser = await launchChromium([`--remote-debugging-port=${port}`]);
    const page = await browser.newPage();
    await page.setContent('<title>Basket</title><script>basket = new Array(300000).fill({ id: 1 })</script>');
    program = await startProgram('');
  });

  after(async () => {
    await browser?.close();
    await program?.dispose();
  });

  it('lists the tabs of a browser by the port on its command line, and no Node process', async () => {
    const targets = await new OtherEngines().list(await listLocalProcesses());
    const tab = targets.find((target) => target.title === 'Basket');
    assert.ok(tab, JSON.stringify(targets));
    assert.equal(tab.kind, 'Tab');
    assert.equal(tab.port, port);
    assert.match(tab.url, new RegExp(`^ws://127\\.0\\.0\\.1:${port}/devtools/page/`));
    assert.ok(targets.every((target) => target.port !== Number(new URL(program.url).port)));
  });

  it('attaches to a tab: its heap is told, what only Node knows is not', async () => {
    const [tab] = (await new OtherEngines().list([])).filter((target) => target.title === 'Basket');
    const session = await connect({ url: tab!.url }, { title: tab!.title });
    try {
      assert.equal(session.info.title, 'Basket');
      assert.equal(session.info.pid, null);
      const sample = await readMemory(session);
      assert.ok(sample.heapUsed > 1e6, String(sample.heapUsed));
      assert.equal(sample.rss, 0);
      assert.equal(await session.evaluate('basket.length'), 300_000);
    } finally {
      session.dispose();
    }
  });
});

describe('Deno as a target', function () {
  this.timeout(120_000);
  let folder: string;
  let port: number;
  let deno: ChildProcess;

  before(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-deno-'));
    await fs.writeFile(
      path.join(folder, 'shop.js'),
      'const orders = new Map(); globalThis.kept = []; setInterval(() => kept.push({}), 20);\nglobalThis.order = () => orders.set(orders.size, { id: orders.size, lines: [1, 2] });',
    );
    port = await freePort();
    deno = spawn(await denoBinary(), ['run', `--inspect=127.0.0.1:${port}`, 'shop.js'], {
      cwd: folder,
      env: { ...process.env, DENO_DIR: path.join(folder, 'cache'), DENO_NO_UPDATE_CHECK: '1' },
      stdio: 'ignore',
    });
  });

  after(async () => {
    deno?.kill('SIGKILL');
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('is listed by its port, streams samples and gives a snapshot', async () => {
    let target: OtherTarget | undefined;
    for (const deadline = Date.now() + 50_000; !target && Date.now() < deadline; ) {
      target = (await new OtherEngines().list(await listLocalProcesses())).find((each) => each.port === port);
    }
    assert.equal(target?.kind, 'Deno');
    const session = await connect({ url: target.url }, { title: target.title });
    const sampler = new MemorySampler(session, { intervalMs: 50 });
    const samples: MemorySample[] = [];
    const troubles: (string | null)[] = [];
    sampler.onSample((sample) => samples.push(sample));
    sampler.onTrouble((trouble) => troubles.push(trouble));
    try {
      await until(
        () => samples.length > 3,
        () => `${samples.length} samples, ${troubles.join()}`,
      );
      assert.deepEqual(troubles, []);
      assert.ok(samples.every(({ heapUsed, rss }) => heapUsed > 1e6 && rss > heapUsed));
      // It has an observer, a loop and resources by name, which tell nothing.
      for (const { runtime } of samples) {
        assert.equal(runtime?.gc, null);
        assert.equal(runtime?.eventLoop, null);
        assert.equal(runtime?.resources, null);
        assert.ok((runtime?.malloced ?? 0) > 0 && runtime!.spaces.length > 3);
      }
      assert.equal(session.info.title, 'shop.js');
      assert.equal(session.info.pid, deno.pid);
      assert.match(session.info.denoVersion ?? '', /^\d+\.\d+\.\d+$/);
      assert.equal(session.info.nodeVersion, null);
      await session.collectGarbage();
      const { scripts } = await captureSnapshot(session, path.join(folder, 'shop.heapsnapshot'));
      assert.ok(scripts.some(({ url }) => url.endsWith('/shop.js')));
    } finally {
      sampler.dispose();
      session.dispose();
    }
  });

  it('is hunted in, and the report names it', async () => {
    const session = await connect({ host: '127.0.0.1', port });
    const engine = new SnapshotEngine(workerFile);
    try {
      const workload = expressionWorkload(session, 'order()');
      const report = await hunt(session, engine, workload, {
        rounds: 2,
        operations: 50,
        warmup: 10,
        idleMs: 0,
      });
      const orders = report.verdicts.find(({ name }) => name === 'orders');
      assert.equal(orders?.location?.line, 1, JSON.stringify(report.verdicts.map(({ name }) => name)));
      assert.match(huntMarkdown(report, null), new RegExp(`Deno ${session.info.denoVersion}\\.`));
      assert.match(huntHtml(report, null), new RegExp(`Deno ${session.info.denoVersion}\\.`));
      assert.doesNotMatch(huntMarkdown(report, null), /Node|unknown/);
    } finally {
      session.dispose();
      await engine.dispose();
    }
  });
});

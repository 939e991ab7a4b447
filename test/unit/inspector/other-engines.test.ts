import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { Browser } from 'playwright-core';
import { listLocalProcesses } from '../../../src/inspector/discovery/local-processes';
import { OtherEngines } from '../../../src/inspector/discovery/other-engines';
import { readMemory } from '../../../src/inspector/memory';
import { connect } from '../../../src/inspector/session';
import { launchChromium } from '../../host/chromium';
import { startProgram, type TargetProgram } from './target-program';

describe('finding targets that are no Node processes', function () {
  this.timeout(60_000);
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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

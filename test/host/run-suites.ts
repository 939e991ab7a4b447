// Runs the host suites: `node out/test/host/run-suites.js`. Prints one line per test, then `N passed, N failed`.
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { projectRoot } from './cache-folder';
import { runOnDesktop } from './desktop';
import { followEvents } from './follow-events';
import { runInServer } from './run-in-server';
import { stageExtension } from './staged-extension';

async function main(): Promise<void> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-suites-'));
  const events = path.join(folder, 'events');
  const follower = followEvents(events, (line) => console.log(line));
  try {
    const workspace = path.join(folder, 'workspace');
    await fs.cp(path.join(projectRoot(), 'test/fixtures/sample'), workspace, {
      recursive: true,
      filter: (source) => !/[\\/](node_modules|dist)$/.test(source),
    });
    const run = process.env.VSCODE_TEST_HOST === 'desktop' ? runOnDesktop : runInServer;
    const failure = await run({
      extension: await stageExtension(folder),
      tests: path.join(__dirname, 'suite/index.js'),
      workspace,
      env: { HEAPWRIGHT_TEST_EVENTS: events },
    }).then(
      () => undefined,
      (error: unknown) => error,
    );
    const { passed, failed, skipped, ended } = await follower.finish();
    if (failure !== undefined && failed === 0) console.error(failure);
    const lost = !ended && failed === 0 ? 1 : 0;
    if (lost) console.error('The suites did not reach their end.');
    console.log(`${passed} passed, ${failed + lost} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    if (failed + lost > 0 || failure !== undefined || passed === 0) process.exitCode = 1;
  } finally {
    await fs.rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});

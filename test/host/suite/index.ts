import * as fs from 'node:fs';
import * as path from 'node:path';
import Mocha from 'mocha';
import type { TestEvent } from '../test-events';

/**
 * VS Code calls this in the extension host. Runs every suite beside this file; rejects when a test failed, which
 * ends the host with an error. Each event goes as one line of JSON to the file that HEAPWRIGHT_TEST_EVENTS names:
 * the host's own console is mixed with VS Code's log.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ timeout: 60_000, reporter: class {} as unknown as string });
  const only = process.env.HEAPWRIGHT_HOST_GREP;
  if (only) mocha.grep(only);
  for (const name of fs.readdirSync(__dirname)) {
    if (name.endsWith('.test.js')) mocha.addFile(path.join(__dirname, name));
  }
  const file = process.env.HEAPWRIGHT_TEST_EVENTS;
  const report = (event: TestEvent) => {
    if (file) fs.appendFileSync(file, `${JSON.stringify(event)}\n`);
    else console.log(JSON.stringify(event));
  };
  const failures = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on('pass', (test) =>
        report({ kind: 'passed', title: test.fullTitle(), durationMs: test.duration ?? 0 }),
      )
      .on('fail', (test, error) =>
        report({ kind: 'failed', title: test.fullTitle(), error: error.stack ?? String(error) }),
      )
      .on('pending', (test) => report({ kind: 'skipped', title: test.fullTitle() }));
  });
  report({ kind: 'end', failures });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

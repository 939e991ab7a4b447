import * as fs from 'node:fs';
import { describeEvent, type TestEvent } from './test-events';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Whether the suites ran to their end. */
  readonly ended: boolean;
}

/** Follows the file that a suite writes its events to, and hands each to `print` as a line for people. */
export function followEvents(file: string, print: (line: string) => void): { finish(): Promise<Tally> } {
  let offset = 0;
  let rest = '';
  const tally = { passed: 0, failed: 0, skipped: 0, ended: false };

  const read = () => {
    if (!fs.existsSync(file)) return;
    const bytes = fs.readFileSync(file).subarray(offset);
    offset += bytes.length;
    const lines = (rest + bytes.toString('utf8')).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const event = JSON.parse(line) as TestEvent;
      if (event.kind === 'end') tally.ended = true;
      else {
        tally[event.kind]++;
        print(describeEvent(event));
      }
    }
  };

  const timer = setInterval(read, 100);
  return {
    async finish() {
      clearInterval(timer);
      read();
      return tally;
    },
  };
}

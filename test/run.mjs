// All tests, in the order in which they fail fastest: `npm test`. Single stages: `node test/run.mjs unit host ui`.
// Ends with one line, `N passed, N failed`.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) =>
  path.join(root, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name);

/** A check counts as one test; the others count what they print. */
const STAGES = {
  build: { command: [process.execPath, 'esbuild.mjs', '--production', '--tests'], check: true, always: true },
  types: { command: [bin('tsc'), '--noEmit'], check: true },
  lint: { command: [bin('biome'), 'ci', '.'], check: true },
  unit: { command: [bin('mocha'), '--exit', 'out/test/unit/**/*.test.js'] },
  host: { command: [process.execPath, 'out/test/host/run-suites.js'] },
  ui: { command: [bin('mocha'), '--exit', 'out/test/ui/**/*.test.js'] },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in STAGES));
if (unknown.length > 0) {
  console.error(`There is no stage ${unknown.join(', ')}; there are ${Object.keys(STAGES).join(', ')}.`);
  process.exit(2);
}

const totals = { passed: 0, failed: 0, skipped: 0 };
for (const [name, stage] of Object.entries(STAGES)) {
  if (wanted.length > 0 && !stage.always && !wanted.includes(name)) continue;
  console.log(`\n── ${name} ──`);
  const { code, output } = await run(stage.command);
  const counts = stage.check
    ? { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
    : count(output);
  // A stage that broke off before it could count is a failure of its own.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  if (code === 0 && counts.passed === 0) counts.failed += 1;
  for (const key of Object.keys(totals)) totals[key] += counts[key];
  if (name === 'build' && code !== 0) break;
}
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
console.log(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exit(totals.failed === 0 ? 0 : 1);

/** Runs a command, passes its output on as it comes, and keeps its end for counting. */
async function run([command, ...args]) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && command.endsWith('.cmd'),
  });
  let output = '';
  for (const [stream, target] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    stream.setEncoding('utf8').on('data', (text) => {
      target.write(text);
      output = (output + text).slice(-200_000);
    });
  }
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', (status) => resolve(status ?? 1));
  });
  return { code, output };
}

/** Mocha's closing lines ("12 passing", "1 failing", "2 pending") or our own ("12 passed, 1 failed, 2 skipped"). */
function count(output) {
  const last = (pattern) => Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0);
  return {
    passed: last(/^\s*(\d+) pass(?:ing|ed)\b/gm),
    failed: last(/(?:^\s*|, )(\d+) fail(?:ing|ed)\b/gm),
    skipped: last(/(?:^\s*|, )(\d+) (?:pending|skipped)\b/gm),
  };
}

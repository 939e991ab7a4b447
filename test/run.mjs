// The whole test run: node test/run.mjs [build] [typecheck] [lint] [unit] [host] [ui]
// Without names all stages run, in this order. Ends with a line `N passed, N failed`.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const tool = (file) => [process.execPath, path.join(root, 'node_modules', file)];

/** Each stage: the command, and whether its output ends with counts of tests. A stage without counts is one check. */
const STAGES = {
  build: { command: [process.execPath, 'esbuild.mjs', '--tests'] },
  typecheck: { command: [...tool('typescript/bin/tsc'), '--noEmit'] },
  lint: { command: [...tool('@biomejs/biome/bin/biome'), 'ci', '.'] },
  unit: { command: mocha('out/test/unit/**/*.test.js', 120_000), counts: true },
  host: { command: [process.execPath, 'out/test/host/run-suites.js'], counts: true },
  ui: { command: mocha('out/test/ui/**/*.test.js', 120_000), counts: true },
};

function mocha(pattern, timeoutMs) {
  return [...tool('mocha/bin/mocha.js'), pattern, '--timeout', String(timeoutMs), '--forbid-only'];
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(STAGES, name));
if (unknown.length > 0) {
  console.error(`No stage ${unknown.join(', ')}; there are ${Object.keys(STAGES).join(', ')}.`);
  process.exit(2);
}
// Tests run what is built: a single stage of tests builds first.
const stages = asked.length === 0 ? Object.keys(STAGES) : [...new Set(['build', ...asked])];

const total = { passed: 0, failed: 0, skipped: 0 };
const lines = [];
let running;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    running?.kill(signal);
    process.exitCode = 130;
  });
}

for (const name of stages) {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const { code, output } = await run(STAGES[name].command);
  const counts = STAGES[name].counts ? readCounts(output) : { passed: 0, failed: 0, skipped: 0 };
  if (!STAGES[name].counts) counts[code === 0 ? 'passed' : 'failed'] = 1;
  // A run that failed without a failed test, or ran none, must not look like a good one.
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) counts.failed = 1;
  for (const key of Object.keys(total)) total[key] += counts[key];
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  lines.push(
    `${name.padEnd(10)} ${String(counts.passed).padStart(4)} passed, ${counts.failed} failed  ${seconds} s`,
  );
  if (process.exitCode === 130) break;
  if (name === 'build' && code !== 0) break;
}

console.log(`\n${lines.join('\n')}\n`);
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
if (total.failed > 0) process.exitCode ||= 1;

/** Runs a command, passes its output on and collects it. */
function run([command, ...args]) {
  return new Promise((resolve) => {
    let output = '';
    running = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const [stream, target] of [
      [running.stdout, process.stdout],
      [running.stderr, process.stderr],
    ]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        target.write(text);
      });
    }
    running.on('error', (error) => {
      console.error(error.message);
      resolve({ code: 1, output });
    });
    running.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The counts that mocha's spec reporter and the host's launcher print: "12 passing", "1 failing", "2 pending". */
function readCounts(output) {
  const sum = (pattern) => [...output.matchAll(pattern)].reduce((all, [, count]) => all + Number(count), 0);
  return {
    passed: sum(/^ *(\d+) pass(?:ing|ed)\b/gm),
    failed: sum(/^ *(?:\d+ passed, )?(\d+) fail(?:ing|ed)\b/gm),
    skipped: sum(/^ *(?:\d+ passed, \d+ failed, )?(\d+) (?:pending|skipped)\b/gm),
  };
}

// The whole test run: node test/run.mjs [build] [typecheck] [lint] [unit] [host] [ui]
// Without names all stages run, in this order. Ends with a line `N passed, N failed`.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const tool = (file) => [process.execPath, path.join(root, 'node_modules', file)];

/**
 * Each stage: the command, and whether its output ends with counts of tests. A stage without counts is one check. A stage
 * with a `pattern` runs several of mocha's files at a time, since much of a unit test is waiting for processes; one with
 * `files` runs its command for each of them: two editors with their browsers at a time keep a small machine so busy that
 * hardly anything is won. A file that fails runs once more, alone, and that is told at the end: processes, browsers and
 * editors are not always as quick as each other on a busy machine.
 */
const STAGES = {
  build: { command: [process.execPath, 'esbuild.mjs', '--tests'] },
  typecheck: { command: [...tool('typescript/bin/tsc'), '--noEmit'] },
  lint: { command: [...tool('@biomejs/biome/bin/biome'), 'ci', '.'] },
  unit: { command: mocha(), pattern: 'out/test/unit/**/*.test.js', jobs: 3, counts: true },
  host: { command: [process.execPath, 'out/test/host/run-suites.js'], counts: true },
  ui: { command: mocha(), files: 'out/test/ui', counts: true },
};

function mocha() {
  return [
    ...tool('mocha/bin/mocha.js'),
    '--timeout',
    '120000',
    '--forbid-only',
    '--reporter',
    'test/reporter.cjs',
  ];
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
/** Failures of files that passed when run again, and of those that failed again: { file, title, message }. */
const failures = { once: [], twice: [] };
/** Where mocha's reporter leaves the record of a run. */
const recordFolder = mkdtempSync(path.join(tmpdir(), 'heapwright-tests-'));
const recordFile = path.join(recordFolder, 'record.json');
process.once('exit', () => rmSync(recordFolder, { recursive: true, force: true }));
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
  const counts = await runStage(STAGES[name]);
  add(total, counts);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  lines.push(
    `${name.padEnd(10)} ${String(counts.passed).padStart(4)} passed, ${counts.failed} failed  ${seconds} s`,
  );
  if (process.exitCode === 130) break;
  if (name === 'build' && counts.failed > 0) break;
}

console.log(`\n${lines.join('\n')}\n`);
tell('Failed once and passed when run again', failures.once);
tell('Failed', failures.twice);
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
if (total.failed > 0) process.exitCode ||= 1;

/** Runs a stage: whole, or file by file. */
async function runStage({ command, pattern, jobs, files, counts: counted }) {
  if (pattern !== undefined) return runMocha([...command, '--parallel', '--jobs', String(jobs)], pattern);
  if (files === undefined) return countsOf(await run(command), counted);
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const file of readdirSync(path.join(root, files)).filter((name) => name.endsWith('.test.js'))) {
    add(sum, await runMocha(command, `${files}/${file}`));
    if (process.exitCode === 130) break;
  }
  return sum;
}

/** Runs mocha on some files, and once more on each of them in which a test failed; what that second run says counts. */
async function runMocha(command, pattern) {
  const first = await recordedRun(command, pattern);
  if (first.counts.failed === 0 || process.exitCode === 130) return first.counts;
  if (first.record === undefined) return first.counts;
  const { files } = first.record;
  for (const file of Object.keys(files).filter((name) => files[name].failed > 0)) {
    console.log(`\n${file} failed and runs once more.`);
    const second = await recordedRun(command, file);
    files[file] = second.counts;
    if (second.counts.failed === 0)
      failures.once.push(...first.record.failures.filter((each) => each.file === file));
    else failures.twice.push(...(second.record?.failures ?? []));
  }
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of Object.values(files)) add(sum, counts);
  return sum;
}

/** One run of mocha: its counts, and the reporter's record, which is missing where mocha did not come to its end. */
async function recordedRun(command, pattern) {
  rmSync(recordFile, { force: true });
  const counts = countsOf(await run([...command, pattern]), true);
  const record = existsSync(recordFile) ? JSON.parse(readFileSync(recordFile, 'utf8')) : undefined;
  return { counts, record };
}

function add(sum, counts) {
  for (const key of Object.keys(sum)) sum[key] += counts[key];
}

function tell(heading, list) {
  if (list.length === 0) return;
  const told = list.map(
    ({ file, title, message }) => `  ${file}: ${title}\n${message.replace(/^/gm, '    ')}`,
  );
  console.log(`${heading}:\n${told.join('\n')}\n`);
}

/** What a command's end and output say of its tests; of a command without tests, that it is one check. */
function countsOf({ code, output }, counted) {
  const counts = counted
    ? readCounts(output)
    : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  // A run that failed without a failed test, or ran none, must not look like a good one.
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) counts.failed = 1;
  return counts;
}

/** Runs a command, passes its output on and collects it. */
function run([command, ...args]) {
  return new Promise((resolve) => {
    let output = '';
    running = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, HEAPWRIGHT_TEST_RECORD: recordFile },
    });
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

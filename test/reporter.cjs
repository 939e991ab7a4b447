// Mocha's reporter of specs, which also leaves a record of the run in the file that HEAPWRIGHT_TEST_RECORD names:
// { files: { file: { passed, failed, skipped } }, failures: [{ file, title, message }] }. The whole run tells the
// failures once more at its end, and knows which files to run again.
const { writeFileSync } = require('node:fs');
const path = require('node:path');
const { reporters, Runner } = require('mocha');

const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_END } = Runner.constants;

const LONGEST_END_MS = 10_000;

class SpecWithRecord extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const into = process.env.HEAPWRIGHT_TEST_RECORD;
    if (into === undefined) return;
    const record = { files: {}, failures: [] };
    const count = (runnable, outcome) => {
      const file = fileOf(runnable);
      record.files[file] ??= { passed: 0, failed: 0, skipped: 0 };
      record.files[file][outcome] += 1;
      return file;
    };
    runner.on(EVENT_TEST_PASS, (test) => count(test, 'passed'));
    runner.on(EVENT_TEST_PENDING, (test) => count(test, 'skipped'));
    // A hook that fails comes here too, as one failure for all that it kept from running.
    runner.on(EVENT_TEST_FAIL, (test, error) => {
      const message = String(error?.stack ?? error);
      record.failures.push({ file: count(test, 'failed'), title: test.fullTitle(), message });
    });
    runner.on(EVENT_RUN_END, () => {
      writeFileSync(into, JSON.stringify(record));
      // A test that failed half-way may have left something at work, for which mocha would wait for ever.
      const { length } = record.failures;
      if (length > 0) setTimeout(() => process.exit(length), LONGEST_END_MS).unref();
    });
  }
}

/** The file of a test, or of the suite whose hook failed, from the project's root. */
function fileOf(runnable) {
  if (runnable === undefined) return '';
  return runnable.file ? path.relative(process.cwd(), runnable.file) : fileOf(runnable.parent);
}

module.exports = SpecWithRecord;

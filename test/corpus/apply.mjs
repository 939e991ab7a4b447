// Carries out the fixes on copies of packages and lets the packages' own tests, or an exercise, judge them.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { corpus, lint, outputOf, publishedOf, workingCopyOf } from './packages.mjs';

/** True when each package that can be judged ends after the fixes as it did before. */
export async function tryFixes(projects) {
  const counts = { green: 0, red: 0, grey: 0 };
  for (const project of projects.filter(({ test, typecheck, exercise }) => test || typecheck || exercise)) {
    const { colour, why } = await tryFixesOf(project).catch((error) => ({
      colour: 'grey',
      why: error.message,
    }));
    counts[colour]++;
    console.log(`${colour.padEnd(5)} ${project.labels.padEnd(26)} ${why}`);
  }
  console.log(`\nfixes: ${counts.green} green, ${counts.red} red, ${counts.grey} could not be judged`);
  return counts.red === 0;
}

async function tryFixesOf(project) {
  const copy = await workingCopyOf(project);
  const before = await judge(project, copy);
  // A suite that fails in some places as it is can still be compared; one that cannot run tells nothing.
  if (before.summary === '')
    return { colour: 'grey', why: `cannot run as it is\n${lastLines(before.output)}` };
  const { written } = await lint(copy, project.sources, ['--fix']);
  const changed = [...new Set(written)].map((file) => path.relative(copy, file));
  if (changed.length === 0) return { colour: 'green', why: `nothing to fix (${before.summary})` };
  const unpublished = await unpublishedOf(copy, changed);
  if (unpublished.length > 0)
    return { colour: 'red', why: `would not be published: ${unpublished.join(', ')}` };
  const after = await judge(project, copy);
  const why = `${changed.join(', ')} (${before.summary})`;
  if (after.summary === before.summary) return { colour: 'green', why };
  return {
    colour: 'red',
    why: `${why}, then ${after.summary || 'it cannot run'}\n${lastLines(after.output)}`,
  };
}

/** What the type checker, the tests and the exercise say, as a line that is the same when nothing has changed. */
async function judge({ labels, typecheck, test, exercise }, copy) {
  const summary = [];
  let output = '';
  if (typecheck) {
    const result = await outputOf(typecheck, null, copy);
    output += result.output;
    const errors = result.output.match(/error TS\d+/g) ?? [];
    if (result.code !== 0 && errors.length === 0) return { summary: '', output };
    summary.push(`${errors.length} type errors`);
  }
  if (test) {
    const result = await outputOf(test, null, copy);
    output += result.output;
    const counts = countsOf(result.output);
    if (result.code !== 0 && counts === '') return { summary: '', output };
    summary.push(`exit ${result.code}${counts && `: ${counts}`}`);
  }
  if (exercise) {
    const program = path.join(corpus, 'exercises.mjs');
    const result = await outputOf(process.execPath, [program, labels, copy], copy);
    output += result.output;
    if (result.code !== 0) return { summary: '', output };
    const lines = result.output.split('\n').length - 1;
    const hash = createHash('sha256').update(result.output).digest('hex').slice(0, 8);
    summary.push(`exercise: ${lines} lines, ${hash}`);
  }
  return { summary: summary.join(', '), output };
}

/** Files that a fix made and that package.json keeps out of the package: whoever installs it could not load the rest. */
async function unpublishedOf(copy, changed) {
  const published = new Set(await publishedOf(copy));
  return changed.map((file) => file.split(path.sep).join('/')).filter((file) => !published.has(file));
}

/** The counts that runners print, without the times beside them: "12 passing", "Tests: 3 passed", "# pass 7". */
function countsOf(output) {
  const counts = output.matchAll(
    /^\W*(?:Tests:.*|(?:pass|fail|failed|passed) \d+|\d+ (?:passing|failing|tests? passed|passed|failed)\b)/gm,
  );
  return [...counts].map(([line]) => line.replace(/[^\w:, ]/g, '').trim()).join(', ');
}

function lastLines(output) {
  return output.trimEnd().split('\n').slice(-15).join('\n');
}

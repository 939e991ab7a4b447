// Carries out the fixes on copies of packages and lets the packages' own tests judge them.
import path from 'node:path';
import { lint, outputOf, workingCopyOf } from './packages.mjs';

/** True when each package with a test command ends as it did before the fixes. */
export async function tryFixes(projects) {
  let same = true;
  for (const project of projects.filter(({ test }) => test)) {
    const verdict = await tryFixesOf(project);
    console.log(`apply ${project.labels.padEnd(26)} ${verdict.colour}: ${verdict.why}`);
    if (verdict.colour === 'red') same = false;
  }
  return same;
}

async function tryFixesOf(project) {
  const copy = await workingCopyOf(project);
  const before = await judge(project, copy);
  if (before.code !== 0) return { colour: 'grey', why: `its tests fail as they are\n${lastLines(before)}` };
  const { written } = await lint(copy, project.sources, ['--fix']);
  const changed = [...new Set(written)].map((file) => path.relative(copy, file));
  if (changed.length === 0) return { colour: 'green', why: `nothing to fix, ${before.summary}` };
  const after = await judge(project, copy);
  const same = after.code === 0 && after.summary === before.summary;
  const why = `${changed.length} files changed (${changed.join(', ')}), ${before.summary}`;
  return same
    ? { colour: 'green', why }
    : { colour: 'red', why: `${why}; then ${after.summary}\n${lastLines(after)}` };
}

/** Runs the type checker where the package has one configured, then its tests. */
async function judge({ typecheck, test }, copy) {
  for (const command of [typecheck, test].filter(Boolean)) {
    const { code, output } = await outputOf(command, null, copy);
    if (code !== 0 || command === test) return { code, output, summary: countsOf(output) };
  }
  return { code: 0, output: '', summary: '' };
}

/** The counts that runners print, without the times beside them: "12 passing", "Tests: 3 passed", "# pass 7", "ok 4". */
function countsOf(output) {
  const counts = [
    ...output.matchAll(
      /^\W*(?:Tests:.*|(?:pass|fail|ok|failed|passed) \d+|\d+ (?:passing|failing|tests? passed|passed|failed)\b)/gm,
    ),
  ];
  return counts.map(([line]) => line.replace(/[^\w:, ]/g, '').trim()).join(', ') || 'no counts';
}

function lastLines({ output }) {
  return output.trimEnd().split('\n').slice(-15).join('\n');
}

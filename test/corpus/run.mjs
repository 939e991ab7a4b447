// How often the detectors are right, measured on real packages whose sources were labelled:
//   node test/corpus/run.mjs [--apply] [name…]
// Prints precision and recall of each detector and every disagreement; exit code 1 below the floors of score.mjs.
// With --apply the fixes are carried out on copies, and the packages' own tests have to end as before.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { tryFixes } from './apply.mjs';
import { corpus, lint, root, sourceOf } from './packages.mjs';
import { compare, FLOORS, misplaced, ofPlace, score } from './score.mjs';

const PLACES = ['module', 'static', 'closure', 'instance'];

const { values, positionals } = parseArgs({
  options: { apply: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (!existsSync(path.join(root, 'dist', 'cli.js'))) {
  console.error('There is no dist/cli.js: run `npm run build` first.');
  process.exit(2);
}
const all = JSON.parse(readFileSync(path.join(corpus, 'projects.json'), 'utf8')).projects;
const projects = positionals.length === 0 ? all : all.filter(({ labels }) => positionals.includes(labels));
if (projects.length === 0) {
  console.error(`None of these is in projects.json: ${positionals.join(', ')}`);
  process.exit(2);
}

const rules = { 'unbounded-collection': [], 'lazy-import': [] };
let failed = false;
for (const project of projects) {
  const source = await sourceOf(project);
  const labels = JSON.parse(readFileSync(path.join(corpus, 'labels', `${project.labels}.json`), 'utf8'));
  const labelled = { 'unbounded-collection': labels.collections, 'lazy-import': labels.imports };
  const textOf = (file) => readFileSync(path.join(source, file), 'utf8');
  for (const label of misplaced(Object.values(labels).flat(), textOf)) {
    console.log(`${project.labels}: no ${label.identifier ?? label.module} in ${label.file}:${label.line}`);
    failed = true;
  }
  const { smells } = await lint(source, project.sources);
  for (const [rule, comparisons] of Object.entries(rules)) {
    if (!labelled[rule]) continue;
    const findings = smells
      .filter((smell) => smell.rule === rule)
      .map(({ file, position, identifier, message }) => ({
        file: path.relative(source, file).split(path.sep).join('/'),
        line: position.line,
        identifier,
        message,
      }));
    const comparison = compare(rule, labelled[rule], findings);
    comparisons.push({ ...comparison, set: project.set ?? 'first' });
    printComparison(rule, project, comparison);
  }
}

for (const [rule, comparisons] of Object.entries(rules)) {
  if (comparisons.length === 0) continue;
  const { precision, recall } = score(comparisons);
  console.log(`\n${rule}, ${comparisons.length} packages: ${scoreLine(comparisons)}`);
  for (const set of new Set(comparisons.map((comparison) => comparison.set)))
    console.log(
      `  ${set.padEnd(9)} ${scoreLine(comparisons.filter((comparison) => comparison.set === set))}`,
    );
  for (const place of rule === 'unbounded-collection' ? PLACES : [])
    console.log(`  ${place.padEnd(9)} ${scoreLine(ofPlace(comparisons, place))}`);
  // A few packages alone are looked at, not judged.
  if (positionals.length > 0) continue;
  if (precision !== null && precision < FLOORS[rule].precision) failed = true;
  if (recall !== null && recall < FLOORS[rule].recall) failed = true;
}
if (values.apply) {
  console.log('');
  if (!(await tryFixes(projects))) failed = true;
}
process.exitCode = failed ? 1 : 0;

function printComparison(rule, project, { right, wrong, missed, unlabelled }) {
  console.log(
    `${rule.padEnd(21)} ${project.labels.padEnd(26)} ${right.length} right, ${wrong.length + unlabelled.length} wrong, ${missed.length} missed`,
  );
  for (const { file, line, identifier, message } of unlabelled)
    console.log(`  not labelled: ${file}:${line} ${identifier}: ${message}`);
  for (const [what, labels] of [
    ['wrong', wrong],
    ['missed', missed],
  ]) {
    for (const { file, line, identifier, module, label, why } of labels)
      console.log(`  ${what}: ${file}:${line} ${identifier ?? module} is ${label}: ${why}`);
  }
}

function scoreLine(comparisons) {
  const { right, wrong, missed, precision, recall } = score(comparisons);
  return `precision ${percent(precision)} (${right} right, ${wrong} wrong), recall ${percent(recall)} (${missed} missed)`;
}

function percent(share) {
  return share === null ? 'unknown' : `${(share * 100).toFixed(1)} %`;
}

// Compares what a detector reports with what people labelled.

/** What is to be reached. */
export const GOAL = { precision: 0.95, recall: 0.85 };

/** The least that each detector has to reach, which is what it reached when it was measured last: below it something got worse. */
export const FLOORS = {
  'unbounded-collection': { precision: 0.95, recall: 0.85 },
  'lazy-import': GOAL,
};

/** Which labels say that there is something to report. */
const POSITIVE = {
  'unbounded-collection': (label) => label.label === 'unbounded' || label.unbounded === true,
  'lazy-import': (label) => label.label === 'lazy',
};

/**
 * What one detector says that is right, and the disagreements, in one package. A finding that nobody labelled counts as wrong until
 * somebody has read the source and labelled it; one whose label says that people could differ counts neither way. @param findings `{file, line, identifier}`, files as the labels write them
 */
export function compare(rule, labels, findings) {
  const open = new Set(labels);
  const result = { right: [], wrong: [], missed: [], unlabelled: [] };
  for (const finding of findings) {
    const label = labelOf(finding, open);
    open.delete(label);
    if (!label) result.unlabelled.push(finding);
    else if (label.arguable) continue;
    else if (POSITIVE[rule](label)) result.right.push(label);
    else result.wrong.push(label);
  }
  for (const label of open) {
    if (POSITIVE[rule](label) && !label.arguable) result.missed.push(label);
  }
  return result;
}

/** A field may be declared in one line and created in another: a name that is labelled once is known by itself. */
function labelOf({ file, line, identifier }, labels) {
  const named = [...labels].filter(
    (label) => label.file === file && (label.identifier ?? label.module) === identifier,
  );
  return named.find((label) => label.line === line) ?? (named.length === 1 ? named[0] : undefined);
}

/** Precision and recall over comparisons; null where nothing was reported, or nothing is to be. */
export function score(comparisons) {
  const sum = (count) => comparisons.reduce((all, comparison) => all + count(comparison), 0);
  const right = sum((comparison) => comparison.right.length);
  const wrong = sum((comparison) => comparison.wrong.length + comparison.unlabelled.length);
  const missed = sum((comparison) => comparison.missed.length);
  return {
    right,
    wrong,
    missed,
    precision: right + wrong === 0 ? null : right / (right + wrong),
    recall: right + missed === 0 ? null : right / (right + missed),
  };
}

/** The comparisons of labels of one place only: module, static, closure, instance. Findings without a label have none. */
export function ofPlace(comparisons, place) {
  const here = (labels) => labels.filter((label) => label.place === place);
  return comparisons.map(({ right, wrong, missed }) => ({
    right: here(right),
    wrong: here(wrong),
    missed: here(missed),
    unlabelled: [],
  }));
}

/** The most lines that an import of a corpus package takes. */
const LONGEST_IMPORT = 40;

/** Labels that point at a line where their name does not stand, as after a new version of a package. */
export function misplaced(labels, textOf) {
  return labels.filter(({ file, line, identifier, module }) => {
    const lines = textOf(file).split('\n');
    const there = module ? lines.slice(line - 1, line + LONGEST_IMPORT) : lines.slice(line - 1, line);
    return !there.join('\n').includes(identifier ?? module);
  });
}

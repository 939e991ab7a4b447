// Compares what a detector reports with what people labelled.

/** The least that each detector has to reach. */
export const FLOORS = { precision: 0.95, recall: 0.85 };

/** Which labels say that there is something to report. */
const POSITIVE = {
  'unbounded-collection': (label) => label.label === 'unbounded' || label.unbounded === true,
  'lazy-import': (label) => label.label === 'lazy',
};

/**
 * The hits and the disagreements of one detector in one package. A finding that nobody labelled counts as wrong until
 * somebody has read the source and labelled it. @param findings `{file, line, identifier}`, files as the labels write them
 */
export function compare(rule, labels, findings) {
  const open = new Set(labels);
  const result = { hits: 0, wrong: [], missed: [], unlabelled: [] };
  for (const finding of findings) {
    const label = labelOf(finding, open);
    open.delete(label);
    if (!label) result.unlabelled.push(finding);
    else if (POSITIVE[rule](label)) result.hits++;
    else result.wrong.push(label);
  }
  for (const label of open) {
    if (POSITIVE[rule](label)) result.missed.push(label);
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

/** Precision and recall of all comparisons; null where nothing was reported, or nothing labelled. */
export function score(comparisons) {
  const sum = (count) => comparisons.reduce((all, comparison) => all + count(comparison), 0);
  const hits = sum((comparison) => comparison.hits);
  const wrong = sum(({ wrong, unlabelled }) => wrong.length + unlabelled.length);
  const missed = sum((comparison) => comparison.missed.length);
  return {
    hits,
    wrong,
    missed,
    precision: hits + wrong === 0 ? null : hits / (hits + wrong),
    recall: hits + missed === 0 ? null : hits / (hits + missed),
  };
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

import type { Smell } from '../protocol/code';

const NEXT_LINE = /heapwright-ignore-next-line\b([^\n]*)/g;
const WHOLE_FILE = /heapwright-ignore-file\b([^\n]*)/g;

/**
 * Leaves out what comments silence: `heapwright-ignore-next-line unbounded-collection -- reason`, and
 * `heapwright-ignore-file`. Rules are separated by commas or blanks; a comment without a rule silences all.
 */
export function withoutIgnored(text: string, smells: readonly Smell[]): Smell[] {
  if (!text.includes('heapwright-ignore-')) return [...smells];
  const inFile = [...text.matchAll(WHOLE_FILE)].map(([, rest]) => rulesIn(rest!));
  const byLine = [...text.matchAll(NEXT_LINE)].map((match) => ({
    line: lineOf(text, match.index) + 1,
    rules: rulesIn(match[1]!),
  }));
  return smells.filter(
    ({ rule, position }) =>
      !inFile.some((rules) => names(rules, rule)) &&
      !byLine.some(({ line, rules }) => line === position.line && names(rules, rule)),
  );
}

function rulesIn(rest: string): string[] {
  const [list = ''] = rest.replace(/\*\/.*/, '').split('--');
  return list.split(/[\s,]+/).filter((word) => word !== '');
}

function names(rules: readonly string[], rule: string): boolean {
  return rules.length === 0 || rules.includes(rule);
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

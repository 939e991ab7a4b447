import ts from 'typescript';

/** What stands between two that are written in a list one after the other, or in front of the first: a comma, and comments. */
export interface ListGap {
  /** Both in one line; a line each, the comma behind the first or in front of the second. */
  readonly kind: 'one-line' | 'comma-behind' | 'comma-in-front';
  /** Null in front of the first one. */
  readonly comma: number | null;
  /** Where what belongs to the first ends: comments in its line, and the comma where that stands among them. */
  readonly end: number;
  /** Comments on the second: above it, or in front of it in its line. */
  readonly comments: readonly ts.TextRange[];
}

/** The gap between where one ends, or the word that begins the list, and where the next one starts. */
export function gapBetween(text: string, from: number, to: number): ListGap {
  const comma = tokensIn(text, from, to).find(({ kind }) => kind === ts.SyntaxKind.CommaToken)?.pos ?? null;
  const isBroken = (end: number) => text.slice(from, end).includes('\n');
  const kind = !isBroken(to)
    ? 'one-line'
    : comma !== null && isBroken(comma)
      ? 'comma-in-front'
      : 'comma-behind';
  const all = commentsIn(text, from, to);
  const ofFirst = all.filter(({ pos }) => {
    if (kind === 'one-line') return comma !== null && pos < comma;
    return !isBroken(pos) && (kind === 'comma-behind' || pos < comma!);
  });
  const ends = ofFirst.map((one) => one.end);
  if (kind === 'comma-behind' && comma !== null) ends.push(comma + 1);
  return { kind, comma, end: Math.max(from, ...ends), comments: all.filter((one) => !ofFirst.includes(one)) };
}

/** The comments between two offsets, wherever they stand between tokens. */
export function commentsIn(text: string, from: number, to: number): ts.TextRange[] {
  return tokensIn(text, from, to).flatMap(({ kind, pos, end }) =>
    kind === ts.SyntaxKind.SingleLineCommentTrivia || kind === ts.SyntaxKind.MultiLineCommentTrivia
      ? [{ pos, end }]
      : [],
  );
}

interface Token extends ts.TextRange {
  readonly kind: ts.SyntaxKind;
}

function tokensIn(text: string, from: number, to: number): Token[] {
  const scanner = ts.createScanner(
    ts.ScriptTarget.ESNext,
    false,
    undefined,
    text,
    undefined,
    from,
    to - from,
  );
  const found: Token[] = [];
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan())
    found.push({ kind, pos: scanner.getTokenStart(), end: scanner.getTokenEnd() });
  return found;
}

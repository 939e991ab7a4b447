import ts from 'typescript';
import { isTypeComment } from './import-removal';
import { commentsIn, gapBetween, type ListGap } from './list-gaps';

/** How one of several is taken out of `var a = 1, b = 2;`. */
export interface ListCut {
  /** What is cut out, and what stands there instead. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Comments that go where it goes: above it or in front of it, and behind it in its line. */
  readonly above: readonly ts.TextRange[];
  readonly behind: readonly ts.TextRange[];
  /** All that stand above it or behind it, also where they are about more than it. */
  readonly beside: readonly ts.TextRange[];
}

/** One of several, with what stands around it. */
interface Listed {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly isFirst: boolean;
  /** Where the one before it ends, or the word that begins the list. */
  readonly previousEnd: number;
  readonly before: ListGap;
}

/**
 * The cut after which one comma stands between each two that are left: in lists of one line, of a line each, and of lines that
 * begin with the comma. Null where commas and comments stand in another order.
 */
export function cutOutOfList(
  statement: ts.VariableStatement,
  declaration: ts.VariableDeclaration,
): ListCut | null {
  const source = statement.getSourceFile();
  const { text } = source;
  const { declarations } = statement.declarationList;
  const index = declarations.indexOf(declaration);
  const start = declaration.getStart(source);
  const previousEnd = declarations[index - 1]?.end ?? endOfWord(text, statement.getStart(source));
  const before = gapBetween(text, previousEnd, start);
  const listed = { text, start, end: declaration.end, isFirst: index === 0, previousEnd, before };
  const next = declarations[index + 1]?.getStart(source);
  const cut = next === undefined ? cutOfLast(listed, statement.end) : cutBefore(listed, next);
  return cut && { ...cut, beside: [...before.comments, ...cut.behind] };
}

type Cut = Omit<ListCut, 'beside'>;

/** `var`, `let`, `const` */
function endOfWord(text: string, start: number): number {
  return start + /^\w+/.exec(text.slice(start, start + 10))![0].length;
}

/** Of one behind which another one stands. */
function cutBefore(listed: Listed, next: number): Cut | null {
  const { text, start, end, isFirst, previousEnd, before } = listed;
  const after = gapBetween(text, end, next);
  if (before.kind === 'one-line' && !isFirst) {
    // Behind several in one line a comment is about the line.
    const last = after.kind === 'one-line' ? after.end : end;
    return plainCut(before.end, last, before.comments, commentsIn(text, end, last));
  }
  const behind = commentsIn(text, end, after.end);
  if (before.kind !== 'one-line' && before.kind === after.kind) {
    const above = isEndOfGroup(text, after.end) ? closeAbove(listed) : onlyItsOwn(listed);
    const stays = before.comments.filter((one) => !above.includes(one)).at(-1);
    return plainCut(stays?.end ?? before.end, after.end, above, behind);
  }
  const above = inItsLine(listed);
  const from = above[0]?.pos ?? start;
  if (after.kind === 'one-line') return plainCut(from, after.comments[0]?.pos ?? next, above, behind);
  if (!isFirst) return null;
  if (after.comments.length === 0) return plainCut(from, next, above, behind);
  // The comment above the next one stays above it, below the word that begins the list.
  const isBelowWord = before.kind === 'one-line' && after.kind === 'comma-behind';
  return isBelowWord ? plainCut(previousEnd, after.end, above, behind) : null;
}

/** Of the last one: what ends the statement goes to the end of the one before. */
function cutOfLast(listed: Listed, statementEnd: number): Cut {
  const { text, end, previousEnd, before } = listed;
  if (before.kind === 'one-line') return plainCut(before.end, end, before.comments, []);
  const semicolon = /^[ \t]*;$/.test(text.slice(end, statementEnd)) ? ';' : '';
  const last = semicolon ? statementEnd : end;
  const behind = ts.getTrailingCommentRanges(text, last) ?? [];
  const kept = text.slice(previousEnd, before.end);
  const comma = before.comma === null ? -1 : before.comma - previousEnd;
  const withoutComma =
    comma >= 0 && comma < kept.length ? kept.slice(0, comma) + kept.slice(comma + 1) : kept;
  const above = before.comments;
  return {
    ...plainCut(previousEnd, behind.at(-1)?.end ?? last, above, behind),
    text: semicolon + withoutComma.trimEnd(),
  };
}

function plainCut(
  start: number,
  end: number,
  above: readonly ts.TextRange[],
  behind: readonly ts.TextRange[],
): Cut {
  return { start, end, text: '', above, behind };
}

/** A blank line or a comment below it: what stands above it is not about those that follow. */
function isEndOfGroup(text: string, end: number): boolean {
  return /^[ \t]*\r?\n[ \t]*(\r?\n|,?[ \t]*\/[/*])/.test(text.slice(end));
}

/** Comments right above it, without a blank line between. */
function closeAbove({ text, start, before }: Listed): ts.TextRange[] {
  const found: ts.TextRange[] = [];
  let below = start;
  for (const comment of before.comments.toReversed()) {
    if (text.slice(comment.end, below).split('\n').length > 2) break;
    found.unshift(comment);
    below = comment.pos;
  }
  return found;
}

/** In front of it in its line, and from a comment on that says of what type it is. */
function onlyItsOwn(listed: Listed): ts.TextRange[] {
  const { text, before } = listed;
  const type = before.comments.findLastIndex((one) => isTypeComment(text, one));
  return type === -1 ? inItsLine(listed) : before.comments.slice(type);
}

function inItsLine({ text, start, before }: Listed): ts.TextRange[] {
  return before.comments.filter(({ pos }) => !text.slice(pos, start).includes('\n'));
}

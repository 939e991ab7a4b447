import ts from 'typescript';
import type { TextChange } from '../../protocol/code';
import type { Hand } from '../hand';
import type { ParsedFile } from '../program/parsed-file';
import { isTypePosition, type LazyImportCandidate } from '../smells/lazy-import';
import { commentsIn } from './list-gaps';

const DIRECTIVE =
  /@ts-(ignore|expect-error)|eslint-disable|biome-ignore|prettier-ignore|istanbul ignore|c8 ignore/;
const HEADER = /licen[sc]e|copyright|@preserve|@file|eslint|@ts-|@jest|biome-|#!/i;

/** What is done with an import that is loaded elsewhere from now on. */
export interface Removal {
  readonly change: TextChange;
  /** Comments that belong to it, and go where it goes. */
  readonly above: readonly string[];
  /** Those among them that say of what type the variable is, which every variable for it needs. */
  readonly types: readonly string[];
  readonly behind: string;
}

/** `// @ts-expect-error` and its like mean the line below them, or their own. */
export function refuseRemoval({ text, source }: ParsedFile, statement: ts.Statement): string | null {
  const above = text.slice(0, statement.getStart(source)).split('\n').at(-2)?.trim() ?? '';
  if (/^(\/\/|\/\*)/.test(above) && DIRECTIVE.test(above)) {
    return 'The comment above the import is a directive that belongs to it.';
  }
  const behind = ts.getTrailingCommentRanges(text, statement.end) ?? [];
  return behind.some((one) => isDirective(text, one))
    ? 'The comment behind the import is a directive that belongs to it.'
    : null;
}

export function isDirective(text: string, { pos, end }: ts.TextRange): boolean {
  return DIRECTIVE.test(text.slice(pos, end));
}

/** The import goes, with its line and its own comments; what the file uses as a type stays as `import type`. */
export function removalOf(file: ParsedFile, candidate: LazyImportCandidate, hand: Hand): Removal {
  const { text, source } = file;
  const { statement } = candidate;
  const start = statement.getStart(source);
  const shortened = shortenedList(file, candidate);
  if (shortened) return shortened;
  const own = endInLine(statement, text);
  const within = commentsWithin(text, start, own);
  const kept = typeImports(candidate, hand);
  if (kept.length > 0) {
    const change = { start, end: own, text: kept.join(hand.lineEnd) };
    return { change, above: within, types: [], behind: '' };
  }
  const trailing = ts.getTrailingCommentRanges(text, own)?.at(-1);
  const behind = trailing ? text.slice(own, trailing.end).trim() : '';
  const end = trailing?.end ?? own;
  const above = commentsAbove(file, statement, end);
  const from = above[0]?.pos ?? start;
  const isFirst = /^\uFEFF?$/.test(text.slice(0, from));
  const isBehindBlank = /\n[ \t]*\r?\n[ \t]*$/.test(text.slice(0, from));
  // Between two blank lines one of them is enough; at the top of the file none is.
  const line = isFirst || isBehindBlank ? /^[ \t]*(\r?\n)*/ : /^[ \t]*(\r?\n)?/;
  const removed = line.exec(text.slice(end))?.[0].length ?? 0;
  return {
    change: { start: from, end: end + removed, text: '' },
    above: [...above.flatMap((one) => linesOf(text, one)), ...within],
    types: above.filter((one) => isTypeComment(text, one)).flatMap((one) => linesOf(text, one)),
    behind,
  };
}

/** A semicolon in front of the next line belongs there: without it `[a, b].map(…)` would go on with the line above. */
function endInLine({ end }: ts.Statement, text: string): number {
  const semicolon = /\s*;$/.exec(text.slice(0, end))?.[0] ?? '';
  return semicolon.includes('\n') ? end - semicolon.length : end;
}

/** The comments between two offsets, a line each. */
export function commentsWithin(text: string, start: number, end: number): string[] {
  return commentsIn(text, start, end).flatMap((one) => linesOf(text, one));
}

/** A comment line by line, without the indentation that it has there. */
export function linesOf(text: string, { pos, end }: ts.TextRange): string[] {
  const [first, ...others] = text.slice(pos, end).split(/\r?\n/);
  return [first!, ...others.map((line) => ` ${line.trim()}`)];
}

/** `@type` of the declaration below; a `@typedef` stands for itself, and the file needs it where it is. */
export function isTypeComment(text: string, { pos, end }: ts.TextRange): boolean {
  const comment = text.slice(pos, end);
  return (
    comment.startsWith('/**') && /@type\b/.test(comment) && !/@(typedef|callback|import)\b/.test(comment)
  );
}

/**
 * Comments right above an import that stands by itself: above a whole block of imports they speak of the block. Left where it is,
 * the type of the variable would be that of whatever is declared next.
 */
function commentsAbove(
  { text, source }: ParsedFile,
  statement: ts.Statement,
  end: number,
): ts.CommentRange[] {
  const comments = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  const type = comments.findLastIndex((one) => isTypeComment(text, one));
  const found = type === -1 ? [] : comments.slice(type);
  if (/^[ \t]*\r?\n[ \t]*\S/.test(text.slice(end))) return found;
  let below = found[0]?.pos ?? statement.getStart(source);
  for (const comment of comments.slice(0, comments.length - found.length).toReversed()) {
    const lines = text.slice(comment.end, below).split('\n').length - 1;
    const isHeader = comment.pos <= 1 || HEADER.test(text.slice(comment.pos, comment.end));
    if (lines !== 1 || isHeader || text.slice(comment.pos, comment.end).includes('\n')) break;
    found.unshift(comment);
    below = comment.pos;
  }
  return found;
}

/** A list over several lines stays one: `type` in front of it, and out of it the names that are loaded later. */
function shortenedList(
  { text, source }: ParsedFile,
  { statement, bindings }: LazyImportCandidate,
): Removal | null {
  if (!ts.isImportDeclaration(statement) || !statement.importClause || statement.importClause.name)
    return null;
  const list = statement.importClause.namedBindings;
  if (!list || !ts.isNamedImports(list) || !list.getText(source).includes('\n')) return null;
  const isLoaded = (element: ts.ImportSpecifier) =>
    bindings.some(({ name, references }) => name === element.name && !references.some(isTypePosition));
  if (list.elements.every(isLoaded)) return null;
  const start = statement.getStart(source);
  const end = endInLine(statement, text);
  const above: string[] = [];
  let kept = '';
  let at = start;
  for (const element of list.elements) {
    const [from, to] = isLoaded(element) ? placeInList(text, element) : wordOfType(element);
    kept += text.slice(at, from);
    if (isLoaded(element)) above.push(...commentsWithin(text, from, to));
    at = to;
  }
  kept += text.slice(at, end);
  return {
    change: { start, end, text: kept.replace(/^import\s+\{/, 'import type {') },
    above,
    types: [],
    behind: '',
  };
}

/** A name with its comma and its comments, and with its line where it has one to itself. */
function placeInList(text: string, element: ts.ImportSpecifier): readonly [from: number, to: number] {
  // What stands behind the comma before is a comment on the name before.
  const from = ts.getTrailingCommentRanges(text, element.getFullStart())?.at(-1)?.end;
  const comma = element.end + (/^\s*,/.exec(text.slice(element.end))?.[0].length ?? 0);
  const to = ts.getTrailingCommentRanges(text, comma)?.at(-1)?.end ?? comma;
  return [from ?? element.getFullStart(), /^[ \t]*\r?\n/.test(text.slice(to)) ? to : comma];
}

/** `type` of `type Node`, or nothing. */
function wordOfType(element: ts.ImportSpecifier): readonly [from: number, to: number] {
  const from = element.getStart();
  const word = element.isTypeOnly ? (/^type\s+/.exec(element.getText())?.[0] ?? '') : '';
  return [from, from + word.length];
}

/** `import type` takes a default or names, but not both: a statement for each form that is needed. */
function typeImports({ bindings, types, specifier }: LazyImportCandidate, hand: Hand): string[] {
  const used = bindings.filter(({ references }) => references.some(isTypePosition));
  const named = used
    .filter(({ imported }) => !/^(\*|default|=)$/.test(imported))
    .map(({ name, imported }) => (imported === name.text ? imported : `${imported} as ${name.text}`));
  const clauses = used
    .filter(({ imported }) => imported === '*' || imported === 'default')
    .map(({ name, imported }) => (imported === '*' ? `* as ${name.text}` : name.text));
  const names = [...named, ...types];
  if (names.length > 0) clauses.push(`{ ${names.join(', ')} }`);
  const quoted = `${hand.quote}${specifier}${hand.quote}`;
  const required = used
    .filter(({ imported }) => imported === '=')
    .map(({ name }) => `import type ${name.text} = require(${quoted})${hand.semicolon}`);
  return [...clauses.map((clause) => `import type ${clause} from ${quoted}${hand.semicolon}`), ...required];
}

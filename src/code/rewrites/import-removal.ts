import ts from 'typescript';
import type { TextChange } from '../../protocol/code';
import type { Hand } from '../hand';
import type { ParsedFile } from '../program/parsed-file';
import { isTypePosition, type LazyImportCandidate } from '../smells/lazy-import';

const DIRECTIVE =
  /@ts-(ignore|expect-error)|eslint-disable|biome-ignore|prettier-ignore|istanbul ignore|c8 ignore/;
const HEADER = /licen[sc]e|copyright|@preserve|@file|eslint|@ts-|@jest|biome-|#!/i;

/** What is done with an import that is loaded elsewhere from now on. */
export interface Removal {
  readonly change: TextChange;
  /** Comments that belong to it, and go where it goes. */
  readonly above: readonly string[];
  readonly behind: string;
}

/** `// @ts-expect-error` and its like mean the line below them, or their own. */
export function refuseRemoval({ text, source }: ParsedFile, statement: ts.Statement): string | null {
  const above = text.slice(0, statement.getStart(source)).split('\n').at(-2)?.trim() ?? '';
  if (/^(\/\/|\/\*)/.test(above) && DIRECTIVE.test(above)) {
    return 'The comment above the import is a directive that belongs to it.';
  }
  const behind = ts.getTrailingCommentRanges(text, statement.end) ?? [];
  return behind.some(({ pos, end }) => DIRECTIVE.test(text.slice(pos, end)))
    ? 'The comment behind the import is a directive that belongs to it.'
    : null;
}

/** The import goes, with its line and its own comments; what the file uses as a type stays as `import type`. */
export function removalOf(file: ParsedFile, candidate: LazyImportCandidate, hand: Hand): Removal {
  const { text, source } = file;
  const { statement } = candidate;
  const start = statement.getStart(source);
  const shortened = shortenedList(file, candidate);
  if (shortened) return { change: shortened, above: [], behind: '' };
  const kept = typeImports(candidate, hand);
  if (kept.length > 0) {
    const change = { start, end: statement.getEnd(), text: kept.join(hand.lineEnd) };
    return { change, above: [], behind: '' };
  }
  const trailing = ts.getTrailingCommentRanges(text, statement.end)?.at(-1);
  const behind = trailing ? text.slice(statement.end, trailing.end).trim() : '';
  const end = trailing?.end ?? statement.end;
  const above = commentsAbove(file, statement, end);
  const from = above[0]?.pos ?? start;
  const isFirst = /^\uFEFF?$/.test(text.slice(0, from));
  const isBehindBlank = /\n[ \t]*\r?\n[ \t]*$/.test(text.slice(0, from));
  // Between two blank lines one of them is enough; at the top of the file none is.
  const line = isFirst || isBehindBlank ? /^[ \t]*(\r?\n)*/ : /^[ \t]*(\r?\n)?/;
  const removed = line.exec(text.slice(end))?.[0].length ?? 0;
  return {
    change: { start: from, end: end + removed, text: '' },
    above: above.map(({ pos, end: until }) => text.slice(pos, until)),
    behind,
  };
}

/** Comments right above an import that stands by itself: above a whole block of imports they speak of the block. */
function commentsAbove(
  { text, source }: ParsedFile,
  statement: ts.Statement,
  end: number,
): ts.CommentRange[] {
  if (/^[ \t]*\r?\n[ \t]*\S/.test(text.slice(end))) return [];
  const found: ts.CommentRange[] = [];
  let below = statement.getStart(source);
  for (const comment of (ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? []).toReversed()) {
    const lines = text.slice(comment.end, below).split('\n').length - 1;
    const isHeader = comment.pos <= 1 || HEADER.test(text.slice(comment.pos, comment.end));
    if (lines !== 1 || isHeader || text.slice(comment.pos, comment.end).includes('\n')) break;
    found.unshift(comment);
    below = comment.pos;
  }
  return found;
}

/** A list over several lines stays one: `type` in front of it, and out of it the names that are loaded later. */
function shortenedList(file: ParsedFile, { statement, bindings }: LazyImportCandidate): TextChange | null {
  if (!ts.isImportDeclaration(statement) || !statement.importClause || statement.importClause.name)
    return null;
  const list = statement.importClause.namedBindings;
  if (!list || !ts.isNamedImports(list) || !list.getText(file.source).includes('\n')) return null;
  const isLoaded = (element: ts.ImportSpecifier) =>
    bindings.some(({ name, references }) => name === element.name && !references.some(isTypePosition));
  const kept = list.elements.filter((element) => !element.isTypeOnly && !isLoaded(element));
  const types = list.elements.filter((element) => element.isTypeOnly);
  if (kept.length + types.length === 0) return null;
  const start = statement.getStart(file.source);
  let text = '';
  let at = start;
  for (const element of list.elements) {
    if (!isLoaded(element)) continue;
    // With its comma, and with its line where it has one to itself.
    text += file.text.slice(at, element.getFullStart());
    at = element.end + (/^\s*,/.exec(file.text.slice(element.end))?.[0].length ?? 0);
  }
  text += file.text.slice(at, statement.end);
  return {
    start,
    end: statement.end,
    text: text.replace(/^import\s+\{/, 'import type {').replaceAll(/(?<=[{,]\s*)type\s+(?=\w)/g, ''),
  };
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

import { isBuiltin } from 'node:module';
import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { loadedModule, requiredBefore } from '../program/required-module';

/** Where a new import stands. */
export interface ImportPlace {
  readonly offset: number;
  /** It stands above what follows, with a line of its own; else behind what ends at the offset. */
  readonly isBefore: boolean;
  /** The import that it stands beside; null where there is none. */
  readonly below: ts.Statement | null;
}

/**
 * Behind the imports of its kind (Node's own, packages, the project's files), in their order where they have one; without any
 * import before the first statement, below the file's header and above the comments of that statement. A `require` has to
 * run before `user`.
 */
export function placeForImport(
  file: ParsedFile,
  specifier: string,
  commonJs: boolean,
  user: ts.Node,
): ImportPlace {
  const { source, text } = file;
  const limit = requiredBefore(file, user);
  const imports = source.statements.filter((node) => {
    if (loadedModule(node) === null) return false;
    return (
      ts.isImportDeclaration(node) || (commonJs && node.end <= limit) || ts.isImportEqualsDeclaration(node)
    );
  });
  const place = imports.length === 0 ? null : besideOthers(imports, specifier);
  if (place?.before) {
    return { offset: startWithComments(place.before, source), isBefore: true, below: place.before };
  }
  if (place?.after) {
    return { offset: endWithComment(text, place.after.end), isBefore: false, below: place.after };
  }
  const first = source.statements.find((node) => !isDirective(node));
  return { offset: first ? startWithComments(first, source) : text.length, isBefore: true, below: null };
}

/** Of imports in their order the one behind which another belongs, or the first where it belongs before all. */
function besideOthers(
  imports: readonly ts.Statement[],
  specifier: string,
): { readonly after?: ts.Statement; readonly before?: ts.Statement } {
  const rank = rankOf(specifier);
  const nameOf = (node: ts.Statement) => loadedModule(node) ?? '';
  const same = imports.filter((node) => rankOf(nameOf(node)) === rank && !isSideEffect(node));
  if (same.length > 0) {
    const names = same.map(nameOf);
    const isSorted = names.length > 1 && names.every((one, index) => index === 0 || names[index - 1]! <= one);
    const earlier = isSorted ? same.filter((node) => nameOf(node) <= specifier) : same;
    if (earlier.length > 0) return { after: lastOfValues(earlier) };
    return { before: same[0]! };
  }
  const ranks = imports.map((node) => rankOf(nameOf(node)));
  const areByRank = ranks.every((one, index) => index === 0 || ranks[index - 1]! <= one);
  const before = areByRank ? imports.filter((node) => rankOf(nameOf(node)) < rank) : imports;
  return before.length > 0 ? { after: before.at(-1)! } : { after: imports.at(-1)! };
}

/** Types may have a block of their own behind the values. */
function lastOfValues(imports: readonly ts.Statement[]): ts.Statement {
  const isOfTypes = (node: ts.Statement) =>
    ts.isImportDeclaration(node) && node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  const firstOfTypes = imports.findIndex(isOfTypes);
  const isBlock = firstOfTypes > 0 && imports.slice(firstOfTypes).every(isOfTypes);
  return isBlock ? imports[firstOfTypes - 1]! : imports.at(-1)!;
}

function rankOf(specifier: string): number {
  if (isBuiltin(specifier)) return 0;
  return /^[.#~]|^@\//.test(specifier) ? 2 : 1;
}

function isSideEffect(node: ts.Statement): boolean {
  return ts.isImportDeclaration(node) && node.importClause === undefined;
}

/** A comment behind a statement belongs to it. */
function endWithComment(text: string, end: number): number {
  const comments = ts.getTrailingCommentRanges(text, end) ?? [];
  return Math.max(end, ...comments.map((one) => one.end));
}

/** `'use strict'` and its like must stay first. */
function isDirective(node: ts.Statement): boolean {
  return ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression);
}

/** It is about the line below it. */
const OF_NEXT_LINE = /-next-line\b|@ts-ignore|@ts-expect-error|biome-ignore\s|prettier-ignore|ignore next/;
/** It is about the whole file. */
const OF_FILE =
  /licen[sc]e|copyright|spdx|@preserve|@file|@module\b|@packageDocumentation|@author|eslint|@ts-|@jest|@vitest|biome-|@flow|@jsx|jshint|jslint|istanbul|c8 ignore|^\/\*\s*globals?\b|#!|^\/\*!/i;

/** Where a statement begins with the comments that stand right above it; a licence or a directive for the file is not one of them. */
function startWithComments(statement: ts.Statement, source: ts.SourceFile): number {
  const { text } = source;
  let start = statement.getStart(source);
  const comments = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  for (const comment of comments.toReversed()) {
    const written = text.slice(comment.pos, comment.end);
    // A block of lines at the top that documents nothing introduces the file.
    const isIntroduction = comment.pos <= 1 && /^\/\*(?!\*)/.test(written) && written.includes('\n');
    const isApart = (text.slice(comment.end, start).match(/\n/g) ?? []).length > 1;
    if (isApart || isIntroduction || isOfFile(written)) break;
    start = comment.pos;
  }
  return start;
}

function isOfFile(comment: string): boolean {
  return OF_FILE.test(comment) && !OF_NEXT_LINE.test(comment);
}

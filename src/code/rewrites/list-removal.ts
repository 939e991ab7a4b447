import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { isTypePosition, type LazyImportCandidate } from '../smells/lazy-import';
import {
  commentsWithin,
  isDirective,
  isTypeComment,
  linesOf,
  type Removal,
  refuseRemoval,
} from './import-removal';
import { cutOutOfList, type ListCut } from './list-cut';
import { commentsIn } from './list-gaps';

/** One of several that a statement declares. */
export interface ListedImport extends LazyImportCandidate {
  readonly statement: ts.VariableStatement;
  readonly listed: ts.VariableDeclaration;
}

/** True of `a` in `var a = require('a'), b = require('b')`. */
export function isListed(candidate: LazyImportCandidate): candidate is ListedImport {
  return candidate.listed !== null && ts.isVariableStatement(candidate.statement);
}

/** Why one of several cannot be taken out of its list; null where it can. */
export function refuseListRemoval(
  file: ParsedFile,
  { statement, listed, bindings }: ListedImport,
): string | null {
  const { text, source } = file;
  if (bindings.some(({ references }) => references.some(isTypePosition)))
    return 'It is used as a type, too, and the list that it stands in is one of values.';
  const cut = cutOutOfList(statement, listed);
  if (!cut || losesComment(text, listed.getStart(source), listed.end, cut))
    return 'In its list commas and comments stand in an order that taking it out would break.';
  if (cut.beside.some((one) => isDirective(text, one)))
    return 'The comment beside it in its list is a directive that belongs to it.';
  const { declarations } = statement.declarationList;
  const isInFirstLine = !text.slice(statement.getStart(source), listed.getStart(source)).includes('\n');
  const ofStatement = isInFirstLine || listed === declarations.at(-1) ? refuseRemoval(file, statement) : null;
  if (ofStatement) return ofStatement;
  // Above the statement it says so of the first in the list, which would be another one.
  const above = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  return listed === declarations[0] && above.some((one) => isTypeComment(text, one))
    ? 'The comment above the list says of what type the first in it is.'
    : null;
}

/** It goes out of the list, with its own comments; the rest of the list stays as it is written. */
export function listRemovalOf({ text, source }: ParsedFile, { statement, listed }: ListedImport): Removal {
  const cut = cutOutOfList(statement, listed)!;
  const { start, end, above } = cut;
  const behind = cut.behind.flatMap((one) => linesOf(text, one));
  const isOneBehind = behind.length === 1;
  return {
    change: { start, end, text: cut.text },
    above: [
      ...above.flatMap((one) => linesOf(text, one)),
      ...commentsWithin(text, listed.getStart(source), listed.end),
      ...(isOneBehind ? [] : behind),
    ],
    types: above.filter((one) => isTypeComment(text, one)).flatMap((one) => linesOf(text, one)),
    behind: isOneBehind ? behind[0]! : '',
  };
}

/** A comment in what is cut out goes along or is written again. */
function losesComment(text: string, from: number, to: number, cut: ListCut): boolean {
  const cutOut = [
    ...commentsIn(text, cut.start, Math.max(cut.start, from)),
    ...commentsIn(text, to, Math.max(cut.end, to)),
  ];
  const moved = [...cut.above, ...cut.behind].map(({ pos }) => pos);
  return cutOut.some(({ pos, end }) => !moved.includes(pos) && !cut.text.includes(text.slice(pos, end)));
}

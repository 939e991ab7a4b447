import ts from 'typescript';
import type { TextChange } from '../../protocol/code';
import { endOfLine, type Hand, indentAt, statementEnd } from '../hand';
import type { ParsedFile } from '../program/parsed-file';
import { type CollectionUse, unwrap } from '../smells/collection-uses';
import { startWithComments } from './lost-comments';
import { movedLines } from './moved-lines';

/** How an entry is read and stored: `cache.get(key)`, and `cache.set(key, VALUE)` with what stands for the value. */
export interface EntryTexts {
  readonly get: string;
  set(value: string): string;
}

/**
 * An assignment to an entry whose value is used: `return (table[key] = value)`, `(key) => table[key] ?? (table[key] = value)`,
 * `return (table[key] ??= value)`, `const x = (table[key] = value)`. The value gets a name and the entry a line. Null where
 * there is no place for lines.
 */
export function usedAssignment(
  file: ParsedFile,
  assignment: ts.BinaryExpression,
  entry: EntryTexts,
  hand: Hand,
): TextChange[] | null {
  const either = eitherAround(assignment);
  const place = returnedAt(file, either?.whole ?? unwrap(assignment), hand);
  if (place) {
    return either
      ? memoized(assignment.right, either.isNullish, entry, place, hand)
      : named(assignment.right, entry, place, hand);
  }
  const isPlain = assignment.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return either || !isPlain ? null : assignedOn(file, assignment, entry, hand);
}

/** The left half of `return table[key] || (table[key] = value)`, which goes with the assignment; null for any other addition. */
export function readOfUsedAssignment(file: ParsedFile, use: CollectionUse, hand: Hand): ts.Node | null {
  if (use.kind !== 'add' || !ts.isElementAccessExpression(use.node)) return null;
  const { parent: assignment } = unwrap(use.node);
  if (!ts.isBinaryExpression(assignment)) return null;
  const either = eitherAround(assignment);
  return either?.read && returnedAt(file, either.whole, hand) ? either.read : null;
}

interface Either {
  /** `table[key] || (table[key] = value)`, with its brackets. */
  readonly whole: ts.Node;
  readonly read: ts.Node | null;
  /** `??`, which takes 0 and the empty text for an answer. */
  readonly isNullish: boolean;
}

function eitherAround(assignment: ts.BinaryExpression): Either | null {
  const { kind } = assignment.operatorToken;
  if (kind === ts.SyntaxKind.BarBarEqualsToken || kind === ts.SyntaxKind.QuestionQuestionEqualsToken) {
    const isNullish = kind === ts.SyntaxKind.QuestionQuestionEqualsToken;
    return { whole: unwrap(assignment), read: null, isNullish };
  }
  const { parent } = unwrap(assignment);
  if (kind !== ts.SyntaxKind.EqualsToken || !ts.isBinaryExpression(parent)) return null;
  const isNullish = parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken;
  const isOr = isNullish || parent.operatorToken.kind === ts.SyntaxKind.BarBarToken;
  if (!isOr || parent.left.getText() !== assignment.left.getText()) return null;
  return { whole: unwrap(parent), read: parent.left, isNullish };
}

/** What gives a value back, and can give way to some lines that do. */
interface ReturnedPlace {
  readonly start: number;
  readonly end: number;
  readonly open: string;
  readonly close: string;
  /** What each line begins with. */
  readonly line: string;
  /** A name for the value that nothing around uses. */
  readonly name: string;
}

/** `return value`, with braces of its own where it stands behind an `if`, and `() => value`, which gets some. */
function returnedAt(file: ParsedFile, value: ts.Node, hand: Hand): ReturnedPlace | null {
  const { text, source } = file;
  const { parent } = value;
  if (ts.isReturnStatement(parent)) {
    const start = parent.getStart(source);
    const outer = hand.lineEnd + indentAt(text, start);
    const line = outer + hand.indent;
    const block = parent.parent;
    const common = { start, end: parent.end, name: freeName(block, hand) };
    if (!ts.isBlock(block)) return { ...common, open: `{${line}`, close: `${outer}}`, line };
    const isOneLine = !block.getText(source).includes('\n');
    if (!isOneLine) return { ...common, open: '', close: '', line: outer };
    const isAlone = block.statements.length === 1;
    const inner = { start: block.getStart(source) + 1, end: block.end - 1 };
    return isAlone ? { ...common, ...inner, open: line, close: outer, line } : null;
  }
  if (!ts.isArrowFunction(parent) || parent.body !== value) return null;
  const start = value.getStart(source);
  const outer = hand.lineEnd + indentAt(text, parent.getStart(source));
  const line = outer + hand.indent;
  const name = freeName(parent, hand);
  return { start, end: value.end, open: `{${line}`, close: `${outer}}`, line, name };
}

/** Looked up, made where it is missing, and returned, in some lines. */
function memoized(
  right: ts.Expression,
  isNullish: boolean,
  { get, set }: EntryTexts,
  { start, end, open, close, line, name }: ReturnedPlace,
  { indent, semicolon, variable }: Hand,
): TextChange[] {
  const isMissing = isNullish ? `${name} === undefined || ${name} === null` : `!${name}`;
  const before = `${variable} ${name} = ${get}${semicolon}${line}if (${isMissing}) {${line}${indent}${name} = `;
  const behind = `${line}${indent}${set(name)}${semicolon}${line}}${line}return ${name}${semicolon}`;
  return [
    { start, end: startWithComments(right), text: open + before },
    ...movedLines(right, indentIn(line) + indent),
    { start: right.end, end, text: semicolon + behind + close },
  ];
}

/** The indentation of what each line begins with. */
function indentIn(line: string): string {
  return line.replace(/^\r?\n/, '');
}

/** Made, stored, and returned. */
function named(
  right: ts.Expression,
  { set }: EntryTexts,
  { start, end, open, close, line, name }: ReturnedPlace,
  { semicolon, constant }: Hand,
): TextChange[] {
  // What has a name needs none.
  if (ts.isIdentifier(right)) {
    const stored = `${set(right.text)}${semicolon}${line}return ${right.text}${semicolon}`;
    return [{ start, end, text: open + stored + close }];
  }
  const behind = `${line}${set(name)}${semicolon}${line}return ${name}${semicolon}`;
  return [
    { start, end: startWithComments(right), text: `${open}${constant} ${name} = ` },
    ...movedLines(right, indentIn(line)),
    { start: right.end, end, text: semicolon + behind + close },
  ];
}

/** `const x = (table[key] = value)` and `x = table[key] = value`: the entry is stored in the next line. */
function assignedOn(
  file: ParsedFile,
  assignment: ts.BinaryExpression,
  { set }: EntryTexts,
  hand: Hand,
): TextChange[] | null {
  const outer = unwrap(assignment);
  const { parent } = outer;
  const start = startWithComments(assignment.right);
  const { end } = assignment.right;
  const list =
    ts.isVariableDeclaration(parent) && ts.isVariableDeclarationList(parent.parent) ? parent.parent : null;
  const isDeclared = list !== null && ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name);
  const statement = list ? list.parent : parent.parent;
  const isAssigned =
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isIdentifier(parent.left);
  const isAlone = isDeclared
    ? ts.isVariableStatement(statement) && list.declarations.length === 1
    : isAssigned && ts.isExpressionStatement(statement);
  if (!isAlone || !(ts.isBlock(statement.parent) || ts.isSourceFile(statement.parent))) return null;
  const name = isDeclared ? parent.name.getText() : isAssigned ? parent.left.getText() : '';
  const line = hand.lineEnd + indentAt(file.text, statement.getStart(file.source));
  const behind = endOfLine(statement as ts.Statement);
  return [
    { start: outer.getStart(file.source), end: start, text: '' },
    ...(outer.end > end ? [{ start: end, end: outer.end, text: '' }] : []),
    {
      start: behind,
      end: behind,
      text: line + set(name) + statementEnd(hand, file.text, behind),
    },
  ];
}

/** A `var` is known in all of its function. */
function freeName(place: ts.Node, { variable }: Hand): string {
  const around = variable === 'var' ? ts.findAncestor(place, ts.isFunctionLike) : undefined;
  const text = (around ?? place).getText();
  const free = ['value', 'result', 'entry', 'made'].find((name) => !new RegExp(`\\b${name}\\b`).test(text));
  return free ?? 'newValue';
}

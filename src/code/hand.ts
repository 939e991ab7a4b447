import ts from 'typescript';
import type { ParsedFile } from './program/parsed-file';

/** How the file is written; what a rewrite adds is written the same way. */
export interface Hand {
  readonly quote: "'" | '"';
  readonly semicolon: ';' | '';
  readonly indent: string;
  readonly lineEnd: '\n' | '\r\n';
  /** What declares a variable that gets no other value, and one that does: `var` in a file that has nothing else. */
  readonly constant: 'const' | 'var';
  readonly variable: 'let' | 'var';
}

const known = new WeakMap<ts.SourceFile, Hand>();

/** Reads the hand of a file off its text; where it gives no sign, the commonest habit. */
export function handOf(file: ParsedFile): Hand {
  const hand = known.get(file.source) ?? readHand(file);
  known.set(file.source, hand);
  return hand;
}

function readHand({ source, text }: ParsedFile): Hand {
  let single = 0;
  let double = 0;
  let withSemicolon = 0;
  let without = 0;
  let ofFunction = 0;
  let ofBlock = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node)) {
      if (text[node.getStart(source)] === '"') double++;
      else single++;
    }
    if (ts.isImportDeclaration(node) || ts.isVariableStatement(node) || ts.isExpressionStatement(node)) {
      if (text[node.end - 1] === ';') withSemicolon++;
      else without++;
    }
    if (ts.isVariableDeclarationList(node)) {
      if ((node.flags & ts.NodeFlags.BlockScoped) === 0) ofFunction++;
      else ofBlock++;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const isOld = ofFunction > 0 && ofBlock === 0;
  return {
    quote: double > single ? '"' : "'",
    semicolon: without > withSemicolon ? '' : ';',
    indent: /^(\t|[ ]{2,8})\S/m.exec(text)?.[1] ?? '  ',
    lineEnd: text.includes('\r\n') ? '\r\n' : '\n',
    constant: isOld ? 'var' : 'const',
    variable: isOld ? 'var' : 'let',
  };
}

/**
 * What a statement ends with that is written in front of `offset`. Where the file has no semicolons one is needed all the same
 * before a line that would go on with the statement: `(`, `[`, a template.
 */
export function statementEnd({ semicolon }: Hand, text: string, offset: number): ';' | '' {
  if (semicolon) return semicolon;
  let at = offset;
  for (const comment of ts.getLeadingCommentRanges(text, offset) ?? []) at = comment.end;
  for (const comment of ts.getTrailingCommentRanges(text, offset) ?? []) at = Math.max(at, comment.end);
  return /^\s*[([`/+-]/.test(text.slice(at, at + 1000)) ? ';' : '';
}

/**
 * Where a line can be added behind a statement: a semicolon that stands in front of the next line belongs there, as in
 * `list.push(x)` and below it `;[1, 2].forEach(…)`.
 */
export function endOfLine(statement: ts.Statement): number {
  const inner = ts.isExpressionStatement(statement)
    ? statement.expression
    : ts.isVariableStatement(statement)
      ? statement.declarationList
      : statement;
  const isBelow = statement.getSourceFile().text.slice(inner.end, statement.end).includes('\n');
  return isBelow ? inner.end : statement.end;
}

/** The white space at the start of the line on which `offset` stands. */
export function indentAt(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[\t ]*/.exec(text.slice(lineStart))?.[0] ?? '';
}

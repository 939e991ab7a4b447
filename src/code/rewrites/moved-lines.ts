import ts from 'typescript';
import type { TextChange } from '../../protocol/code';
import { indentAt } from '../hand';

/**
 * Gives the further lines of an expression the place that belongs to its first one, when that is put into a line that begins with
 * `indent`. Lines that begin within a text are a part of it, and stay.
 */
export function movedLines(expression: ts.Expression, indent: string): TextChange[] {
  const { text } = expression.getSourceFile();
  const before = indentAt(text, expression.getStart());
  if (before === indent) return [];
  const texts = textsWithin(expression);
  const changes: TextChange[] = [];
  for (const { index } of text.slice(0, expression.end).matchAll(/\n/g)) {
    const start = index + 1;
    const isOfText = texts.some(({ pos, end }) => pos < start && start < end);
    const isBlank = /[\r\n]/.test(text.charAt(start));
    if (start > expression.getStart() && !isOfText && !isBlank && text.startsWith(before, start))
      changes.push({ start, end: start + before.length, text: indent });
  }
  return changes;
}

/** Where texts stand that may have several lines. */
function textsWithin(expression: ts.Expression): ts.TextRange[] {
  const found: ts.TextRange[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateLiteralToken(node) || ts.isStringLiteral(node) || ts.isJsxText(node))
      found.push({ pos: node.getStart(), end: node.end });
    ts.forEachChild(node, visit);
  };
  visit(expression);
  return found;
}

import ts from 'typescript';
import type { RewriteResult, TextChange } from '../../protocol/code';
import type { ParsedFile } from '../program/parsed-file';

/** A rewrite as it is, or a refusal where a comment stands in what it replaces and would be gone. */
export function keepingComments<T extends RewriteResult>(
  { file, source }: ParsedFile,
  rewritten: T,
): T | (RewriteResult & { readonly kind: 'refused' }) {
  if (rewritten.kind === 'refused') return rewritten;
  const changes = rewritten.edits.filter((edit) => edit.file === file).flatMap((edit) => edit.changes);
  return losesComment(source, changes)
    ? { kind: 'refused', reason: 'A comment stands where the code would change.' }
    : rewritten;
}

function losesComment(source: ts.SourceFile, changes: readonly TextChange[]): boolean {
  const written = changes.map(({ text }) => text).join('\n');
  return changes.some(({ start, end }) =>
    commentsWithin(source, start, end).some((comment) => !written.includes(comment)),
  );
}

/** Found between tokens: in a text, a template or a pattern nothing is a comment. */
function commentsWithin(source: ts.SourceFile, start: number, end: number): string[] {
  const { text } = source;
  const found = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    if (node.end < start || node.pos > end || ts.isJSDoc(node) || ts.isJsxText(node)) return;
    // A list of what stands between tags begins where a text does.
    if (node.kind !== ts.SyntaxKind.SyntaxList)
      for (const { pos, end: behind } of commentsBefore(text, node))
        if (pos >= start && behind <= end) found.set(pos, text.slice(pos, behind));
    node.getChildren(source).forEach(visit);
  };
  visit(source);
  return [...found.values()];
}

/** Where an expression starts together with the comments in front of it, which go where it goes. */
export function startWithComments(expression: ts.Expression): number {
  const { text } = expression.getSourceFile();
  return Math.min(expression.getStart(), ...commentsBefore(text, expression).map(({ pos }) => pos));
}

/** On the line of what stands in front, and on lines of their own. */
function commentsBefore(text: string, { pos }: ts.Node): ts.CommentRange[] {
  return [
    ...(ts.getTrailingCommentRanges(text, pos) ?? []),
    ...(ts.getLeadingCommentRanges(text, pos) ?? []),
  ];
}

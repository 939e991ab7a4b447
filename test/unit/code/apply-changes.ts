import assert from 'node:assert/strict';
import type { RewriteResult } from '../../../src/protocol/code';

/** The text after the edits of a rewrite of a single file. */
export function applied(text: string, result: RewriteResult): string {
  assert.equal(result.kind, 'edits', result.kind === 'refused' ? result.reason : '');
  if (result.kind !== 'edits') return text;
  const [edit, ...others] = result.edits;
  assert.ok(edit && others.length === 0);
  return [...edit.changes]
    .sort((a, b) => b.start - a.start)
    .reduce((after, change) => after.slice(0, change.start) + change.text + after.slice(change.end), text);
}

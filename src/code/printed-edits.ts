import type { FileEdit, TextChange } from '../protocol/code';
import { applyChanges } from './apply-edits';
import { lineChanges } from './line-changes';
import { printedByPrettier } from './program/project-prettier';

/**
 * Edits as the project's prettier prints them: a line that became too long is broken as it breaks lines. Only for files that
 * were so before, since nothing else of a file may change; the others keep their edits as they are. Runs code of the project.
 */
export async function asProjectPrints(
  edits: readonly FileEdit[],
  textOf: (file: string) => string,
): Promise<FileEdit[]> {
  return await Promise.all(
    edits.map(async (edit) => {
      const before = edit.create ? '' : textOf(edit.file);
      const after = applyChanges(before, edit.changes);
      const printed = await printedAfter(edit.file, edit.create ? null : before, after);
      if (printed === null || printed === after) return edit;
      if (edit.create) return { ...edit, changes: [{ start: 0, end: 0, text: printed }] };
      const limit = limitIn(edit.changes, after);
      const changes = lineChanges(before, printed);
      return { ...edit, changes: limit === null ? changes : withPlaceholder(changes, printed, limit) };
    }),
  );
}

/** A text as it is printed; null where the text before, if there was one, was not printed so either. */
export async function printedAfter(
  file: string,
  before: string | null,
  after: string,
): Promise<string | null> {
  if (before !== null && (await printedByPrettier(file, before)) !== before) return null;
  return await printedByPrettier(file, after);
}

/** A number in a text, and how many of the same stand before it: printing changes neither. */
interface Limit {
  readonly text: string;
  readonly index: number;
}

function limitIn(changes: readonly TextChange[], after: string): Limit | null {
  let shift = 0;
  for (const { start, end, text, placeholder } of [...changes].sort((a, b) => a.start - b.start)) {
    if (placeholder) {
      const limit = text.slice(placeholder.start, placeholder.end);
      return { text: limit, index: placesOf(limit, after).indexOf(start + shift + placeholder.start) };
    }
    shift += text.length - (end - start);
  }
  return null;
}

function placesOf(word: string, text: string): number[] {
  return [...text.matchAll(new RegExp(`\\b${word}\\b`, 'g'))].map(({ index }) => index);
}

function withPlaceholder(
  changes: readonly TextChange[],
  printed: string,
  { text: limit, index }: Limit,
): TextChange[] {
  const at = placesOf(limit, printed)[index];
  if (at === undefined) return [...changes];
  let shift = 0;
  return changes.map((change) => {
    const start = at - change.start - shift;
    shift += change.text.length - (change.end - change.start);
    const isThere = start >= 0 && start + limit.length <= change.text.length;
    return isThere ? { ...change, placeholder: { start, end: start + limit.length } } : change;
  });
}

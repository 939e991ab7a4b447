import type { TextChange } from '../protocol/code';

/** A text after changes that do not overlap; offsets count in the text before. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  let after = '';
  let at = 0;
  for (const change of [...changes].sort((a, b) => a.start - b.start)) {
    after += text.slice(at, change.start) + change.text;
    at = change.end;
  }
  return after + text.slice(at);
}

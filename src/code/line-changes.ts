import { diffLines } from 'diff';
import type { TextChange } from '../protocol/code';

/** The lines that differ, stretch by stretch, so that a person can look through them. */
export function lineChanges(before: string, after: string): TextChange[] {
  const changes: TextChange[] = [];
  let at = 0;
  for (const { value, added, removed } of diffLines(before, after)) {
    const last = changes.at(-1);
    if (removed) changes.push({ start: at, end: at + value.length, text: '' });
    else if (added && last?.end === at) changes[changes.length - 1] = { ...last, text: last.text + value };
    else if (added) changes.push({ start: at, end: at, text: value });
    if (!added) at += value.length;
  }
  return changes;
}

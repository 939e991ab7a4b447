import type { SourcePosition } from '../protocol/source';
import type { ParsedFile } from './parsed-file';

/** The place of an offset, as editors count. */
export function positionOf({ file, source }: ParsedFile, offset: number): SourcePosition {
  const { line, character } = source.getLineAndCharacterOfPosition(offset);
  return { file, line: line + 1, column: character + 1 };
}

import * as path from 'node:path';
import type ts from 'typescript';
import type { SourcePosition } from '../protocol/source';
import type { ParsedFile } from './program/parsed-file';

/** The place of an offset, as editors count. */
export function positionOf({ file, source }: ParsedFile, offset: number): SourcePosition {
  const { line, character } = source.getLineAndCharacterOfPosition(offset);
  return { file, line: line + 1, column: character + 1 };
}

/** `line 12`, or `line 12 of pages.ts` where another file is meant. */
export function whereIs({ source }: ParsedFile, node: ts.Node): string {
  const other = node.getSourceFile();
  const line = other.getLineAndCharacterOfPosition(node.getStart(other)).line + 1;
  return other === source ? `line ${line}` : `line ${line} of ${path.basename(other.fileName)}`;
}

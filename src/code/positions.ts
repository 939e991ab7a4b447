import * as path from 'node:path';
import type ts from 'typescript';
import type { SourcePosition } from '../protocol/source';
import type { ParsedFile } from './program/parsed-file';

/** The place of an offset, as editors count. */
export function positionOf({ file, source }: ParsedFile, offset: number): SourcePosition {
  const { line, character } = source.getLineAndCharacterOfPosition(offset);
  return { file, line: line + 1, column: character + 1 };
}

/** The line on which a node begins, counted from 1. */
export function lineOf(node: ts.Node): number {
  const source = node.getSourceFile();
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

/** Code in one line, at most 40 characters of it, for a message. */
export function shortened(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

/** `line 12`, or `line 12 of pages.ts` where another file is meant. */
export function whereIs({ source }: ParsedFile, node: ts.Node): string {
  const other = node.getSourceFile();
  const line = `line ${lineOf(node)}`;
  return other === source ? line : `${line} of ${path.basename(other.fileName)}`;
}

import * as path from 'node:path';
import type { Protocol } from 'devtools-protocol';
import type { FrameKind } from '../protocol/allocations';
import type { SourcePosition } from '../protocol/source';
import type { ScriptRecord } from '../protocol/targets';
import { SourceLocator } from '../source/locator';
import { packageFolder } from '../source/package-folder';
import { isInternalScript, scriptFile } from '../source/script-files';
import { scriptOnDisk } from '../source/scripts-on-disk';

type CallFrame = Protocol.Runtime.CallFrame;

/** What V8 calls the root of the tree: no function, and in no table. */
export const ROOT = '(root)';

/** A function of a profile and what is known of it. */
export interface LocatedFunction {
  readonly name: string;
  readonly kind: FrameKind;
  /** The package that it belongs to, or what stands for one: the program, Node, V8. */
  readonly package: string;
  /** Its original file, or its script's address. */
  readonly file: string;
  /** Where it begins: V8 samples no lines. Null for what has no source. */
  readonly position: SourcePosition | null;
}

/**
 * Finds the original places of functions.
 * @param scripts As the living target lists them; for a profile from a file they are read from the disk.
 */
export async function locateFunctions(
  functions: readonly CallFrame[],
  scripts: readonly ScriptRecord[],
): Promise<LocatedFunction[]> {
  const locator = new SourceLocator(scripts);
  return await Promise.all(functions.map((frame) => locate(frame, locator)));
}

async function locate(frame: CallFrame, locator: SourceLocator): Promise<LocatedFunction> {
  const { functionName, lineNumber, columnNumber, scriptId } = frame;
  // Before Node 22 a profile does not name the scripts of CommonJS modules; a living target's table does.
  const url = frame.url || (locator.script(Number(scriptId))?.url ?? '');
  if (url === '' && /^\(.*\)$/.test(functionName)) {
    const owner = functionName === ROOT ? ROOT : '(V8)';
    return { name: functionName, kind: 'engine', package: owner, file: owner, position: null };
  }
  const name = functionName || '(anonymous)';
  if (url === '' && Number(scriptId) > 0) {
    const unknown = '(unnamed scripts)';
    return { name, kind: 'program', package: unknown, file: unknown, position: null };
  }
  if (isInternalScript(url)) {
    const where = url || '(built in)';
    return { name, kind: 'node', package: '(Node.js)', file: where, position: null };
  }
  const place = await locator.position({
    scriptId: Number(scriptId),
    line: lineNumber,
    column: Math.max(0, columnNumber),
  });
  const position = place ?? {
    file: scriptFile(url) ?? url,
    line: lineNumber + 1,
    column: Math.max(0, columnNumber) + 1,
  };
  const owner = packageFolder(position.file)?.name ?? null;
  return {
    name: place?.originalName ?? name,
    kind: owner === null ? 'program' : 'package',
    package: owner ?? '(program)',
    file: position.file,
    position: { file: position.file, line: position.line, column: position.column },
  };
}

/**
 * The scripts of a profile whose program is gone, with the source maps that their files on this disk name at their
 * end. One script per id and address: ids of another run may say something else.
 */
export async function scriptsOnDisk(functions: readonly CallFrame[]): Promise<ScriptRecord[]> {
  const urls = new Map<number, string>();
  for (const { scriptId, url } of functions) if (!isInternalScript(url)) urls.set(Number(scriptId), url);
  return await Promise.all([...urls].map(([scriptId, url]) => scriptOnDisk(scriptId, url)));
}

/** `shop.ts:12`, short enough for a row. */
export function shortPlace({ position, file, package: owner, kind }: LocatedFunction): string {
  if (position) return `${path.basename(position.file)}:${position.line}`;
  return kind === 'engine' ? owner : file;
}

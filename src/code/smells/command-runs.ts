import * as path from 'node:path';
import ts from 'typescript';
import { returnedBy } from '../program/function-results';
import { packageOf } from '../program/package';
import type { ParsedFile } from '../program/parsed-file';
import { isTestFile } from '../program/test-files';
import { type CollectionDeclaration, isGivenOutByName } from './collection-declarations';
import type { CollectionUse } from './collection-uses';
import { namedFunction, nameOfFunction } from './function-names';
import { knownCallers } from './known-callers';
import { bare } from './member-chains';

/** Callers of callers end somewhere. */
const MOST_STEPS = 3;

/**
 * True where nothing but a command of a tool adds, `export async function run(options) { …; return failed ? 1 : 0; }`: it gives back
 * the code that the process ends with, and listens to nothing.
 */
export function isOfCommand(
  file: ParsedFile,
  { place, exported }: CollectionDeclaration,
  additions: readonly CollectionUse[],
): boolean {
  if (place !== 'module') return false;
  return (
    isOfToolThatEnds(file) || (!exported && additions.every(({ node }) => isRunByCommand(file, node, 0)))
  );
}

/**
 * True in a package that has commands and nothing for other programs to load, of which no file waits for anything: whoever calls a
 * command has it do its work once.
 */
function isOfToolThatEnds(file: ParsedFile): boolean {
  const found = packageOf(file.file);
  if (!found?.isOnlyCommands || file.others === null) return false;
  const folder = path.dirname(found.packageJson);
  return [file.source, ...file.others].every(
    ({ fileName, text }) =>
      path.relative(folder, fileName).startsWith('..') || isTestFile(fileName) || !WAITS.test(text),
  );
}

/** What keeps a process up: servers, clients, watchers, timers, loops without end, the streams that others write to it, the pages of a crawl. */
const WAITS =
  /[cC]rawl|[fF]rontier|\b(listen|createServer|createConnection|watch|watchFile|subscribe|consume|login|setInterval|schedule|connect|serve)\(|\b(chokidar|WebSocket|Server|Worker|Watcher|Bot)\b|\bwhile \((true|1)\)|\bfor \(;;\)|stdin\.(on|pipe|resume)|\binput: process\.stdin\b|\.on\(['"](message|line|connection|request)/;

function isRunByCommand(file: ParsedFile, node: ts.Node, steps: number): boolean {
  const around = namedFunction(node);
  if (!around || !ts.isFunctionLike(around)) return false;
  if (isCommand(around)) return true;
  const callers = steps < MOST_STEPS ? knownCallers(file, around) : null;
  return (
    callers?.complete === true &&
    callers.calls.length > 0 &&
    callers.calls.every((call) => isRunByCommand(file, call, steps + 1))
  );
}

function isCommand(around: ts.SignatureDeclaration): boolean {
  const codes = returnedBy(around);
  return (
    isGivenOutByName(around) &&
    /^(run|main|command|handler|execute)$/.test(nameOfFunction(around)) &&
    codes.length > 0 &&
    codes.every(isExitCode) &&
    !LISTENS.test(around.getSourceFile().text)
  );
}

/** `0`, `failed ? 1 : 0` */
function isExitCode(given: ts.Expression): boolean {
  const code = bare(given);
  if (ts.isConditionalExpression(code)) return isExitCode(code.whenTrue) && isExitCode(code.whenFalse);
  return ts.isNumericLiteral(code);
}

const LISTENS = /\.(on|once|listen|watch|subscribe|consume)\(|\bsetInterval\(/;

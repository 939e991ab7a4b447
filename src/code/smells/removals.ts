import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { isOfAnswerInTime, isOfCalledOffTimer } from './answers-in-time';
import type { CollectionUse } from './collection-uses';
import { isOfCountedToLimit } from './counted-to-limit';
import { isOfExpiredWhenRead } from './expired-when-read';
import { nameOfFunction } from './function-names';
import { knownCallers } from './known-callers';
import { bare } from './member-chains';
import { isUnderPartOfKey } from './misdirected-removals';
import { isRemovalNeverRun } from './removals-never-run';
import { isConstructing } from './run-time-additions';

/**
 * True of what removes and yet bounds nothing: what ends the collection's owner or the program empties it when nobody needs it any
 * more, what tests or nobody calls is not called, what takes out an entry that failed, was asked for again, answered in time or counted
 * to its limit leaves all others, what is read again at the start was there before, and what is deleted under a part of its key is not there.
 */
export function isNoBound(file: ParsedFile, use: CollectionUse, uses: readonly CollectionUse[]): boolean {
  return (
    isUnderPartOfKey(use, uses) ||
    isMadeTwice(use) ||
    isForTests(use.node) ||
    isOfOneName(use) ||
    isOfFailure(use) ||
    isOfExpiredWhenRead(use, uses) ||
    isOfAnswerInTime(use, uses) ||
    isOfCalledOffTimer(use, uses) ||
    isOfCountedToLimit(use, uses) ||
    isRestored(file, use) ||
    isRemovalNeverRun(file, use, uses) ||
    (empties(use) && isAtTheEnd(file, use.node))
  );
}

/** A constructor that makes it twice throws nothing away. */
function isMadeTwice({ kind, node }: CollectionUse): boolean {
  return (
    kind === 'reassign' &&
    ts.isPropertyAccessExpression(node) &&
    node.expression.kind === ts.SyntaxKind.ThisKeyword &&
    isConstructing(node)
  );
}

/** `load() { this.seen = new Set(JSON.parse(read(file))); }` at the start, or in the module itself: what was there when the program ended is there again. */
function isRestored(file: ParsedFile, { kind, node }: CollectionUse): boolean {
  const around = enclosingFunction(node);
  const { parent: assignment } = node;
  if (kind !== 'reassign' || !ts.isBinaryExpression(assignment)) return false;
  const value = bare(assignment.right);
  if (!around) return /\bparse\(/.test(value.getText());
  if (!ts.isFunctionLike(around) || !RESTORES.test(nameOfFunction(around))) return false;
  const isMade = ts.isNewExpression(value) && (value.arguments?.length ?? 0) > 0;
  if (!isMade && !/\bparse\(/.test(value.getText())) return false;
  const callers = knownCallers(file, around);
  return !!callers && callers.calls.length > 0 && callers.calls.every(isAtTheStart);
}

const RESTORES = /^_*(load|restore|hydrate|recover|deserialize|import)(?!\w*(Config|Settings|Options))/i;

/** In the module itself, in a constructor, or in what starts the program. */
function isAtTheStart(call: ts.Node): boolean {
  const around = enclosingFunction(call);
  if (!around || ts.isConstructorDeclaration(around)) return true;
  return /^_*(init|start|open|boot|main|setup|connect|load|restore)/i.test(nameOfFunction(around));
}

/** Whatever was there is gone. */
function empties(use: CollectionUse): boolean {
  return use.kind === 'reassign' || (use.kind === 'remove' && use.how === 'clear()');
}

/** In what closes the owner, `close() { … }`, or in what runs when the program ends, also where only that calls the method. */
function isAtTheEnd(file: ParsedFile, node: ts.Node): boolean {
  const around = enclosingFunction(node);
  if (around === null) return false;
  const { name } = around as Partial<ts.MethodDeclaration>;
  if ((name !== undefined && ENDING.test(name.getText())) || isEndOfProgram(around)) return true;
  const callers = ts.isFunctionLike(around) ? knownCallers(file, around) : null;
  return (
    callers?.complete === true &&
    callers.calls.length > 0 &&
    callers.calls.every((call) => {
      const caller = enclosingFunction(call);
      return caller !== null && isEndOfProgram(caller);
    })
  );
}

/** `process.once('SIGTERM', () => { … })`, `server.addHook('onClose', async () => { … })` */
function isEndOfProgram({ parent: call }: ts.Node): boolean {
  if (!ts.isCallExpression(call)) return false;
  const [first] = call.arguments;
  return (
    first !== undefined &&
    ts.isStringLiteralLike(first) &&
    (/^(SIGTERM|SIGINT|SIGHUP|SIGQUIT|beforeExit|onClose|preClose|shutdown)$/.test(first.text) ||
      (first.text === 'exit' && /^process\./.test(call.expression.getText())))
  );
}

const ENDING =
  /^(close|destroy|dispose|shutdown|teardown|terminate|stop|unload|end|onModuleDestroy|onApplicationShutdown|\[kClose\]|\[kDestroy\]|\[Symbol\.(asyncD|d)ispose\])$/;

/** `clearMetricsForTesting()`, `resetForTests()` */
function isForTests(node: ts.Node): boolean {
  const around = enclosingFunction(node);
  return around !== null && /(For|In|_for_?)_?[Tt]est(s|ing)?$/.test(nameOfFunction(around));
}

/** `delete waiting.connect`: all other entries stay. */
function isOfOneName({ kind, node }: CollectionUse): boolean {
  return kind === 'remove' && ts.isPropertyAccessExpression(node) && ts.isDeleteExpression(node.parent);
}

/** `loading.catch(() => cache.delete(key))`, and the same in a `catch` block of what was waited for. */
export function isOfFailure(use: CollectionUse): boolean {
  if (use.kind !== 'remove' || !/^delete(\(\))?$/.test(use.how)) return false;
  const around = ts.findAncestor(use.node, (one) => ts.isCatchClause(one) || ts.isFunctionLike(one));
  if (!around) return false;
  if (ts.isCatchClause(around)) return /\bawait\b/.test(around.parent.tryBlock.getText());
  const { parent: call } = around;
  return (
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    call.expression.name.text === 'catch'
  );
}

import ts from 'typescript';
import type { RewriteResult, TextChange } from '../../protocol/code';
import type { Hand } from '../hand';
import type { Rewritten } from '../program/edited-program';
import type { ParsedFile } from '../program/parsed-file';
import { type CollectionUse, unwrap } from '../smells/collection-uses';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { isAssigned } from './assigned';
import { type DictionaryKeys, dictionaryKeys } from './dictionary-keys';
import { startWithComments } from './lost-comments';
import { isSteady } from './steady-keys';
import { readOfUsedAssignment, usedAssignment } from './used-assignments';

/** Either the changes that turn every access to an object into a call of a Map's method, or why that cannot be. */
export type MapAccesses =
  | { readonly kind: 'changes'; readonly changes: readonly TextChange[] }
  | { readonly kind: 'refused'; readonly reason: string };

export interface AccessOptions {
  /** Write `get(key)!`: what an index signature promised to be there, `get` does not. */
  readonly assertReads: boolean;
}

/**
 * Rewrites the uses of a dictionary object as uses of a Map: reads, writes (also where their value is returned or kept),
 * `in`, `hasOwnProperty`, counting. Keys are written as an object takes them.
 */
export function accessesAsMap(
  file: ParsedFile,
  { uses, aliases, isUsedElsewhere, name }: UnboundedCollection,
  hand: Hand,
  options: AccessOptions,
): MapAccesses {
  if (isUsedElsewhere || aliases.length > 0) {
    return refused('It is a plain object that is also used under another name or in another file.');
  }
  const changes: TextChange[] = [];
  const keys = dictionaryKeys(file, uses);
  const memoReads = new Set(uses.flatMap((use) => readOfUsedAssignment(file, use, hand) ?? []));
  for (const use of uses) {
    if (use.kind === 'read' && memoReads.has(unwrap(use.node))) continue;
    const made = accessOf(file, use, keys, hand, options);
    if (typeof made === 'string') return refused(made.replaceAll('NAME', name.text));
    changes.push(...made);
  }
  changes.sort((a, b) => a.start - b.start);
  const overlap = changes.find((change, index) => index > 0 && change.start < changes[index - 1]!.end);
  if (overlap) return refused('One access to it stands inside another.');
  return { kind: 'changes', changes };
}

/** In TypeScript, a second form that asserts what `get` does not promise, for where the first would not compile. */
export function withFallback(
  { file }: ParsedFile,
  { type }: UnboundedCollection,
  edited: (options: AccessOptions) => RewriteResult,
): Rewritten {
  const result = edited({ assertReads: false });
  if (type !== 'object' || result.kind === 'refused' || !/\.[cm]?tsx?$/.test(file)) return result;
  return { ...result, otherwise: () => edited({ assertReads: true }) };
}

function refused(reason: string): MapAccesses & { readonly kind: 'refused' } {
  return { kind: 'refused', reason };
}

function accessOf(
  file: ParsedFile,
  use: CollectionUse,
  keys: DictionaryKeys,
  hand: Hand,
  options: AccessOptions,
): TextChange[] | string {
  if (use.kind === 'iterate') return 'It is iterated as an object, and a Map is iterated in another way.';
  if (use.kind === 'add' && use.method === 'assign')
    return 'Object.assign() adds to it, which a Map does not take.';
  if (use.kind === 'add') return written(file, use.node as ts.ElementAccessExpression, keys, hand);
  if (use.kind !== 'read') return 'It is used in a way that a Map has no counterpart for.';
  if (use.method === '[]') return read(use.node as ts.ElementAccessExpression, keys, options);
  if (use.method === 'in') return tested(file, use.node, keys);
  if (use.method === 'hasOwnProperty') return renamed(file, use.node as ts.CallExpression, keys);
  if (use.method === 'hasOwn') return ownership(file, use.node as ts.CallExpression, keys);
  if (use.method.startsWith('.')) return `It also has a property of its own, NAME${use.method}.`;
  return 'It is asked whether it is there at all.';
}

/** `table[key]` → `table.get(key)` */
function read(
  access: ts.ElementAccessExpression,
  keys: DictionaryKeys,
  { assertReads }: AccessOptions,
): TextChange[] | string {
  const node = unwrap(access);
  if (ts.isCallExpression(node.parent) && node.parent.expression === node) {
    return 'What it holds is called as its method, with it as `this`.';
  }
  if (ts.isTaggedTemplateExpression(node.parent))
    return 'What it holds is called as its method, with it as `this`.';
  if (ts.isNewExpression(node.parent) && node.parent.expression === node)
    return 'What it holds is a class that is used where it stands, and `new` would take get() for it.';
  if (isAssigned(node)) return 'An entry is set by taking something apart, which set() cannot.';
  const isAlreadyAsserted = ts.isNonNullExpression(access.parent);
  const mark = assertReads && !isAlreadyAsserted && !isQuestion(node) ? '!' : '';
  const dot = access.questionDotToken ? '?.' : '.';
  return [
    change(access.expression.end, access.end, `${dot}get(${keys.text(access.argumentExpression)})${mark}`),
  ];
}

/** Where a missing entry is asked for, and so expected. */
function isQuestion({ parent }: ts.Node): boolean {
  return (
    ts.isIfStatement(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isConditionalExpression(parent) ||
    (ts.isBinaryExpression(parent) && parent.operatorToken.kind !== ts.SyntaxKind.PlusToken) ||
    (ts.isPropertyAccessExpression(parent) && parent.questionDotToken !== undefined)
  );
}

function written(
  file: ParsedFile,
  access: ts.ElementAccessExpression,
  keys: DictionaryKeys,
  hand: Hand,
): TextChange[] | string {
  const node = unwrap(access);
  const { parent } = node;
  const target = access.expression.getText(file.source);
  const key = keys.text(access.argumentExpression);
  if (ts.isPostfixUnaryExpression(parent) || ts.isPrefixUnaryExpression(parent)) {
    if (!ts.isExpressionStatement(parent.parent))
      return 'A count in it is changed and used in one expression.';
    if (!isSimple(access.argumentExpression))
      return 'The key of a count in it is computed, and would be twice.';
    const sign = parent.operator === ts.SyntaxKind.PlusPlusToken ? '+' : '-';
    return [replaced(file, parent, `${target}.set(${key}, ${target}.get(${key}) ${sign} 1)`)];
  }
  if (!ts.isBinaryExpression(parent)) return 'It is written to in a way that a Map has no counterpart for.';
  const { right, operatorToken } = parent;
  if (operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandEqualsToken)
    return 'An entry is changed only where it is there, and set() would add it.';
  const operator = operatorToken.getText(file.source).slice(0, -1);
  const before = operator === '' ? '' : `${target}.get(${key}) ${operator} `;
  if (before !== '' && !isSimple(access.argumentExpression)) {
    return 'A key in it is computed for a reading assignment, and would be twice.';
  }
  if (ts.isExpressionStatement(parent.parent)) {
    const [open, close] = before !== '' && bindsLoosely(right) ? ['(', ')'] : ['', ''];
    return [
      change(access.expression.end, startWithComments(right), `.set(${key}, ${before}${open}`),
      change(right.end, right.end, `${close})`),
    ];
  }
  if (!isSimple(access.argumentExpression)) return USED_AS_VALUE;
  if (!isSteady(file, access.argumentExpression, parent))
    return 'Its key may change while the value is made, and the entry would be stored under another one.';
  const entry = {
    get: `${target}.get(${key})`,
    set: (value: string) => `${target}.set(${key}, ${value})`,
  };
  return usedAssignment(file, parent, entry, hand) ?? USED_AS_VALUE;
}

const USED_AS_VALUE = 'The value of an assignment to NAME[…] is used, and what set() returns is the Map.';

/** `key in table` → `table.has(key)` */
function tested(file: ParsedFile, node: ts.Node, keys: DictionaryKeys): TextChange[] | string {
  const { parent } = unwrap(node);
  if (!ts.isBinaryExpression(parent)) return 'It is tested in a way that a Map has no counterpart for.';
  const key = keys.text(parent.left);
  // The brackets of `!(key in table)` have done their work.
  const around = parent.parent;
  const isBracketed = ts.isParenthesizedExpression(around) && ts.isPrefixUnaryExpression(around.parent);
  const whole = isBracketed ? around : parent;
  const end = isBracketed ? around.end : node.end;
  return [
    change(whole.getStart(file.source), node.getStart(file.source), ''),
    change(node.end, end, `.has(${key})`),
  ];
}

/** `table.hasOwnProperty(key)` → `table.has(key)` */
function renamed(file: ParsedFile, call: ts.CallExpression, keys: DictionaryKeys): TextChange[] | string {
  const { name } = call.expression as ts.PropertyAccessExpression;
  const [key] = call.arguments;
  if (!key) return 'It is tested in a way that a Map has no counterpart for.';
  return [change(name.getStart(file.source), call.end, `has(${keys.text(key)})`)];
}

/** `Object.hasOwn(table, key)` and `hasOwnProperty.call(table, key)` → `table.has(key)` */
function ownership(file: ParsedFile, call: ts.CallExpression, keys: DictionaryKeys): TextChange[] | string {
  const [table, key] = call.arguments;
  if (!table || !key) return 'It is tested in a way that a Map has no counterpart for.';
  return [
    change(call.getStart(file.source), table.getStart(file.source), ''),
    change(table.end, call.end, `.has(${keys.text(key)})`),
  ];
}

/** Behind an operator it needs brackets. */
function bindsLoosely(node: ts.Expression): boolean {
  return (
    ts.isBinaryExpression(node) ||
    ts.isConditionalExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isYieldExpression(node)
  );
}

/** Evaluated twice, or later, it gives the same and does nothing else. */
function isSimple(node: ts.Expression): boolean {
  if (ts.isIdentifier(node) || ts.isLiteralExpression(node)) return true;
  return (
    ts.isPropertyAccessExpression(node) &&
    (node.expression.kind === ts.SyntaxKind.ThisKeyword || isSimple(node.expression))
  );
}

function replaced(file: ParsedFile, node: ts.Node, text: string): TextChange {
  return change(node.getStart(file.source), node.end, text);
}

function change(start: number, end: number, text: string): TextChange {
  return { start, end, text };
}

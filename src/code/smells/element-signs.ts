import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { LOG } from './collection-roles';
import type { CollectionUse } from './collection-uses';
import { keyOf } from './finite-keys';
import { type Given, type GrowthSign, OF_PARTS } from './growth-signs';
import { isCalledForEach, isForEachEvent } from './handlers';
import { isOfListedFile } from './key-forms';
import { opennessOf } from './key-origins';
import { opennessOfName } from './key-words';
import { settlesPromise } from './promise-settlers';
import { isDecorated } from './received-values';
import { addedValue, looksUpWhatItAdds } from './stored-values';

/** Of an array: nothing is ever there already, so each call adds one. */
export function signsOfElements({ file, declaration, uses, additions, life }: Given): GrowthSign[] {
  const { name, owner, place } = declaration;
  const values = additions.flatMap((use) => addedValue(use) ?? []);
  const isOfParts =
    (values.some(({ kind }) => kind === ts.SyntaxKind.ThisKeyword) && !values.some(addsItself)) ||
    values.some(isTimer);
  const isForEach = additions.some(({ node }) => isCalledForEach(file, node) || isForEachEvent(node));
  const isOfFew =
    (isOfParts || opennessOfName(name.text) < 0) && !isForEach && !/queue|buffer|batch/i.test(name.text);
  const isOpen = values.some((value) => opennessOf(file, value) >= 3);
  const isOfDisk = values.length > 0 && values.every((value) => isOfListedFile(file, value));
  const ofProgram = place === 'closure' && !declaration.table ? 0 : 2;
  return [
    {
      weight:
        life === 'program'
          ? ofProgram
          : life === 'named' && (LOG.test(name.text) || values.some(saysWhen))
            ? 1
            : 0,
      what: 'each call adds one',
    },
    {
      weight: looksUpWhatItAdds(uses) && !values.some((value) => opennessOf(file, value) >= 2) ? -1 : 0,
      what: 'only what is not there yet',
    },
    { weight: isOfFew || isOfDisk ? -2 : 0, what: 'of what a program has few of' },
    { weight: OF_PARTS.test(owner) ? -1 : 0, what: 'its class is for parts of the program' },
    { weight: LOG.test(name.text) ? 1.5 : 0, what: 'called a log' },
    {
      weight: values.some(addsItself) ? 2 : 0,
      what: 'objects add themselves',
    },
    { weight: isOpen ? 1 : 0, what: 'values from outside' },
    { weight: values.some(saysWhen) ? (LOG.test(name.text) ? 1 : 1.5) : 0, what: 'each says when it was' },
    { weight: values.some(settlesPromise) ? 3.5 : 0, what: 'what each promise is settled with' },
  ];
}

/** Of lists under keys: each call makes one of them longer. */
export function signsOfLists(
  { file, declaration, life, additions }: Given,
  listed: readonly CollectionUse[],
): GrowthSign[] {
  const values = listed.flatMap((use) => addedValue(use) ?? []);
  const isOfFew = values.some((value) => value.kind === ts.SyntaxKind.ThisKeyword || isNamedAsPart(value));
  const keys = additions.flatMap((use) => keyOf(use) ?? []);
  const isPart = (key: ts.Expression) => opennessOfName(key.getText()) <= -2 || isOfDecorator(file, key);
  const isUnderParts = keys.length > 0 && keys.every(isPart);
  const isOpen = values.some((value) => opennessOf(file, value) >= 2);
  const { text } = declaration.name;
  // `events[name]` are those who listen.
  const isLog = LOG.test(text) && !/events?$/i.test(text);
  // Who is listed with each request is no part of the program.
  const isForEach = listed.some(({ node }) => isCalledForEach(file, node, true));
  const isNoted = isLog || values.some(saysWhen);
  return [
    {
      weight: life === 'program' ? 2 : life === 'named' && isNoted ? 1 : 0,
      what: 'each call adds one to a list',
    },
    { weight: isLog ? 1.5 : 0, what: 'called a log' },
    { weight: values.some(saysWhen) ? 1 : 0, what: 'each says when it was' },
    {
      weight: !isForEach && (isOfFew || (isUnderParts && !isOpen)) ? -2 : 0,
      what: 'of what a program has few of',
    },
    { weight: values.some((value) => opennessOf(file, value) >= 3) ? 1 : 0, what: 'values from outside' },
  ];
}

/** `target` of `(target, propertyKey)` */
function isOfDecorator({ checker }: ParsedFile, key: ts.Expression): boolean {
  const declared = checker.getSymbolAtLocation(key)?.valueDeclaration;
  return declared !== undefined && ts.isParameter(declared) && isDecorated(declared);
}

/** `{ name, at: Date.now() }`, `performance.now() - started`: of something that happened. */
function saysWhen(value: ts.Expression): boolean {
  return /(?<![\w$.])(Date\.now\(\)|new Date\(|performance\.now\(\)|process\.hrtime)/.test(value.getText());
}

function isNamedAsPart(value: ts.Expression): boolean {
  const named = ts.isPropertyAccessExpression(value) ? value.name : value;
  if (ts.isFunctionLike(value)) return true;
  return ts.isIdentifier(named) && (FUNCTION.test(named.text) || opennessOfName(named.text) < 0);
}

const FUNCTION = /^(fn|fct|func)$/;

/** `setInterval(…)`: what a program does again and again is written out. */
function isTimer(value: ts.Expression): boolean {
  return ts.isCallExpression(value) && value.expression.getText() === 'setInterval';
}

/** An object that is no part of the program's own: of plugins and servers there are few. */
function addsItself(value: ts.Expression): boolean {
  return value.kind === ts.SyntaxKind.ThisKeyword && !PARTS_OF_PROGRAM.test(ownClass(value));
}

function ownClass(value: ts.Node): string {
  return ts.findAncestor(value, ts.isClassLike)?.name?.text ?? '';
}

const PARTS_OF_PROGRAM =
  /(Plugin|Extension|Server|App|Application|Service|Module|Database|Platform|Provider|Adapter|Driver|Connector|Strategy|Transport)$/;

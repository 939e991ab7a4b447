import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { addsItsParameter } from './collection-roles';
import type { CollectionUse } from './collection-uses';
import { namedFunction, nameOfFunction, nameOfFunctionAround } from './function-names';
import type { Given, GrowthSign } from './growth-signs';
import { isForEachEvent, isFunctionForEach } from './handlers';
import { opennessOf } from './key-origins';
import { isRunLater } from './run-time-additions';

const PREPARES =
  /^(load|init|setup|start|boot|install|configure|scan|discover|compile|build|create|register|define|prepare|mount|migrate|sync)/i;
const SETS_UP_ONCE =
  /^(init|setup|start|boot|bootstrap|install|configure|register|main|run)([A-Z_]|ialize|$)/;

/** When and where entries are added. What is made under a name of its own each time, `create()` of a session, prepares nothing. */
export function signsOfAdditions({ file, additions }: Given, isOpen: boolean, isMemo: boolean): GrowthSign[] {
  const isByEvent = additions.some(({ node }) => isForEachEvent(node));
  // What sets up a listener is not what it does for each event.
  const names = isByEvent
    ? ['']
    : additions.map(({ node }) => {
        // `bus.run(req.body)`, in whatever callback of `run` it stands.
        const isCalledAgain = isFunctionForEach(file, namedFunction(node));
        const isAgain = isOfTimer(node) || isRunLater(node) || isOfOneStarted(file, node) || isCalledAgain;
        return isAgain ? '' : nameOfFunctionAround(node);
      });
  return [
    { weight: isByEvent ? 1.5 : 0, what: 'added for each event' },
    { weight: additions.every(isOnlyForTests) ? -4 : 0, what: 'only with a variable of the environment' },
    {
      weight: !isOpen && !isMemo && names.every((name) => PREPARES.test(name)) ? -1 : 0,
      what: 'added by what prepares',
    },
    {
      weight: !isOpen && names.every((name) => SETS_UP_ONCE.test(name)) ? -1.5 : 0,
      what: 'added by what sets up',
    },
  ];
}

/** `startFiring(kilnId, potter) { log.push({ kilnId, potter }); }`: one of many is started, and noted. */
function isOfOneStarted(file: ParsedFile, node: ts.Node): boolean {
  const around = namedFunction(node);
  const name = around ? nameOfFunction(around) : '';
  if (!around || !STARTS_ONE.test(name)) return false;
  // `run(check, data)` runs what it is given.
  if (name === 'run' && ts.isFunctionLike(around) && around.parameters.length > 1) return true;
  if (!ts.isCallExpression(node) || !addsItsParameter(node, around)) return false;
  // `start(agent)` adds what it makes for the one agent that there is, `start(id)` the id.
  return (
    name !== 'start' ||
    isForIdOf(around) ||
    node.arguments.every((one) => ts.isIdentifier(one) || hasOneOfMany(file, one))
  );
}

/** `start(jobId, owner)` */
function isForIdOf(around: ts.Node): boolean {
  return ts.isFunctionLike(around) && /[a-z]Id$/.test(around.parameters[0]?.name.getText() ?? '');
}

/** `{ job, error }` of a `job` that was next in a queue. */
function hasOneOfMany(file: ParsedFile, value: ts.Expression): boolean {
  return (
    ts.isObjectLiteralExpression(value) &&
    value.properties.some((one) => ts.isShorthandPropertyAssignment(one) && opennessOf(file, one.name) >= 2)
  );
}

const STARTS_ONE =
  /^(run|start)$|^(start|begin|run)(?!(Server|App|Application|Service|Worker|Cluster|Listen|Watch|Poll|Up|All|Bot)\w*s?$)[A-Z]/;

/** `setInterval(() => { … }, 60_000)`: done again and again, by whatever sets it up. */
function isOfTimer(node: ts.Node): boolean {
  const around = enclosingFunction(node);
  return (
    around !== null &&
    ts.isCallExpression(around.parent) &&
    around.parent.expression.getText() === 'setInterval'
  );
}

/** `if (process.env.CI) sent.set(id, …)`; what stands in the other branch is done where it is not set. */
function isOnlyForTests({ node }: CollectionUse): boolean {
  const condition = ts.findAncestor(
    node,
    (one): one is ts.IfStatement =>
      ts.isIfStatement(one) && node.pos >= one.thenStatement.pos && node.end <= one.thenStatement.end,
  );
  const test = condition?.expression.getText() ?? '';
  // `process.env.MODE !== 'worker'` holds of all others.
  const isOfOthers = /!process\.env\b|process\.env\.\w+\s*!==?(?![=\s]*['"]production)/.test(test);
  return !isOfOthers && /process\.env\b|\b(isTest|testing|debugMode|isDev)\b/.test(test);
}

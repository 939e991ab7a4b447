import ts from 'typescript';
import { functionOf, returnedBy, statementsOf } from '../program/function-results';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { resolveAlias } from '../program/references';
import type { CollectionUse } from './collection-uses';
import { argumentFor, knownCallers } from './known-callers';
import { awaited, bare, isDefault, namesOf } from './member-chains';
import { isFilledAtLoad } from './tables-filled-at-load';

/**
 * True where most additions ask first whether a table of the program has the key, or whether what was made of it says that it
 * exists: there are as many entries as the program knows things by that name, whoever asks. `isClosed` says of a table that is not
 * filled where it is made whether it has an end.
 */
export function areOfKnownThings(
  file: ParsedFile,
  additions: readonly CollectionUse[],
  isClosed: (table: ts.Expression) => boolean,
): boolean {
  const isOfProgram: Closed = (asked) =>
    ts.isCallExpression(asked) ? isLookUp(file, asked) : isFilled(asked) || isClosed(asked);
  const ofKnown = additions.filter(
    (use) =>
      isOfKnownThing(use, isOfProgram) ||
      isRefusedAhead(file.checker, use, isOfProgram) ||
      isRefusedByCallers(file, use, isOfProgram),
  );
  return ofKnown.length > additions.length / 2;
}

/** Nothing that comes in is added to the table, or to the one that is looked into by a call. */
type Closed = (asked: ts.Expression) => boolean;

function isOfKnownThing(use: CollectionUse, isClosed: Closed): boolean {
  if (use.kind !== 'add' || use.key === '') return false;
  for (let node: ts.Node = use.node; !ts.isFunctionLike(node) && !ts.isSourceFile(node); node = node.parent) {
    const { parent } = node;
    if (
      ts.isIfStatement(parent) &&
      parent.thenStatement === node &&
      isKnown(parent.expression, use.key, isClosed)
    )
      return true;
    if (ts.isBlock(parent) && leftIfUnknown(parent, node, use.key, isClosed)) return true;
  }
  return false;
}

/** `stations.find(code)`, where `find` returns what a table has that is filled at load. */
function isLookUp(file: ParsedFile, { expression: callee }: ts.CallExpression): boolean {
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const declared = resolveAlias(file.checker, file.checker.getSymbolAtLocation(name))?.valueDeclaration;
  const called = declared && functionOf(declared);
  const returned = called ? returnedBy(called) : [];
  return returned.length > 0 && returned.every((one) => isFoundAtLoad(file, one));
}

/** `byCode[code]`, `byCode.get(code) || null` */
function isFoundAtLoad(file: ParsedFile, given: ts.Expression): boolean {
  const value = bare(given);
  if (isDefault(value)) return isFoundAtLoad(file, value.left);
  if (ts.isElementAccessExpression(value)) return isFilledAtLoad(file, value.expression);
  return (
    ts.isCallExpression(value) &&
    ts.isPropertyAccessExpression(value.expression) &&
    value.expression.name.text === 'get' &&
    isFilledAtLoad(file, value.expression.expression)
  );
}

/** `if (!stations.find(code)) return …; feed.attach(code)`: all who call the function that adds have asked before. */
function isRefusedByCallers(file: ParsedFile, use: CollectionUse, isClosed: Closed): boolean {
  const around = enclosingFunction(use.node);
  if (use.kind !== 'add' || !around || !ts.isFunctionLike(around)) return false;
  const parameter = around.parameters.find(({ name }) => name.getText() === use.key);
  const callers = parameter ? knownCallers(file, around) : null;
  if (!parameter || !callers || callers.calls.length === 0) return false;
  return callers.calls.every((call) => {
    const given = argumentFor(call, parameter)?.getText();
    const statements = statementsOf(enclosingFunction(call));
    return given !== undefined && isLeft(statements, call.pos, given, isClosed, LEAVES);
  });
}

/** `const vault = this.get(id)` ahead, where `get` throws for what is not in a table of the program. */
function isRefusedAhead(checker: ts.TypeChecker, use: CollectionUse, isClosed: Closed): boolean {
  if (use.kind !== 'add' || use.key === '') return false;
  return statementsOf(enclosingFunction(use.node))
    .filter((statement) => statement.end <= use.node.pos)
    .flatMap((statement) => calledBy(statement))
    .some((call) => refuses(checker, call, use.key, isClosed));
}

/** The call that a statement consists of, `check(id)`, or that gives its variable a value. */
function calledBy(statement: ts.Statement): ts.CallExpression[] {
  const value = ts.isExpressionStatement(statement)
    ? statement.expression
    : ts.isVariableStatement(statement)
      ? statement.declarationList.declarations[0]?.initializer
      : undefined;
  const call = value && awaited(value);
  return call && ts.isCallExpression(call) ? [call] : [];
}

function refuses(checker: ts.TypeChecker, call: ts.CallExpression, key: string, isClosed: Closed): boolean {
  const index = call.arguments.findIndex((one) => one.getText() === key);
  const { expression: callee } = call;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const declared = index < 0 ? undefined : resolveAlias(checker, checker.getSymbolAtLocation(name));
  const called = declared?.valueDeclaration && functionOf(declared.valueDeclaration);
  if (!called || !ts.isFunctionLike(called)) return false;
  const parameter = called.parameters[index]?.name.getText();
  const isThrown = /^\{?\s*throw\b/;
  return parameter !== undefined && isLeft(statementsOf(called), called.end, parameter, isClosed, isThrown);
}

/** `if (!Object.hasOwn(table, key)) return …` ahead of the statement that adds. */
function leftIfUnknown({ statements }: ts.Block, adding: ts.Node, key: string, isClosed: Closed): boolean {
  return isLeft(statements, adding.pos, key, isClosed, LEAVES);
}

const LEAVES = /^\{?\s*(return|throw|continue)\b/;

function isLeft(
  statements: readonly ts.Statement[],
  before: number,
  key: string,
  isClosed: Closed,
  leaves: RegExp,
): boolean {
  return statements.some(
    (statement) =>
      statement.end <= before &&
      ts.isIfStatement(statement) &&
      leaves.test(statement.thenStatement.getText()) &&
      isUnknownBy(statements, bare(statement.expression), key, isClosed),
  );
}

/** `!table.has(key)`, `list.indexOf(key) === -1` */
function isUnknownBy(
  statements: readonly ts.Statement[],
  condition: ts.Expression,
  key: string,
  isClosed: Closed,
): boolean {
  if (ts.isPrefixUnaryExpression(condition))
    return (
      isKnown(condition.operand, key, isClosed) || isFoundIn(statements, condition.operand, key, isClosed)
    );
  return ts.isBinaryExpression(condition) && isPlaceIn(condition, NOWHERE, key, isClosed);
}

const NOWHERE = /^(===?-1|<0)$/;
const SOMEWHERE = /^(!==?-1|>=0|>-1)$/;

/** `list.indexOf(key) < 0`, compared in a given way. */
function isPlaceIn(
  { left, operatorToken, right }: ts.BinaryExpression,
  compared: RegExp,
  key: string,
  isClosed: Closed,
): boolean {
  return (
    compared.test(`${operatorToken.getText()}${right.getText()}`) &&
    isAskedFor(bare(left), 'indexOf', key, isClosed)
  );
}

/** `list.indexOf(key)`, `table.get(key)` */
function isAskedFor(call: ts.Expression, method: string, key: string, isClosed: Closed): boolean {
  return (
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    call.expression.name.text === method &&
    call.arguments[0]?.getText() === key &&
    isClosed(call.expression.expression)
  );
}

/** `const command = commands.get(name)` ahead, of a table that is filled where it is made. */
function isFoundIn(
  statements: readonly ts.Statement[],
  name: ts.Expression,
  key: string,
  isClosed: Closed,
): boolean {
  const found = initializerAmong(statements, name.getText());
  if (!found) return false;
  if (ts.isElementAccessExpression(found))
    return found.argumentExpression.getText() === key && isClosed(found.expression);
  return isAskedFor(found, 'get', key, isClosed);
}

/** `const table = new Map([…])`, `const table = { … }` of the same file. */
function isFilled(table: ts.Expression): boolean {
  if (isWrittenDown(table)) return true;
  if (!ts.isIdentifier(table)) return false;
  if (isGivenAsAllowed(table)) return true;
  const made = initializerAmong(table.getSourceFile().statements, table.text);
  if (!made) return false;
  // `process.env.SYMBOLS.split(',')`
  if (/\bprocess\.(env|argv)\b/.test(made.getText())) return true;
  if (ts.isNewExpression(made)) return (made.arguments?.length ?? 0) > 0;
  if (ts.isArrayLiteralExpression(made)) return made.elements.length > 0;
  return ts.isObjectLiteralExpression(made) && made.properties.length > 0;
}

/** `allowedHosts` of `(allowedHosts: string[]) => …`, or made in a function around: who calls, or what is configured, says what may be. */
function isGivenAsAllowed(table: ts.Identifier): boolean {
  if (!/^(allowed|permitted|supported|accepted|valid)[A-Z]/.test(table.text)) return false;
  return !!ts.findAncestor(
    table,
    (node) =>
      ts.isFunctionLike(node) &&
      (node.parameters.some(({ name }) => name.getText() === table.text) ||
        isMadeOfOthers(initializerAmong(statementsOf(node), table.text))),
  );
}

/** `new Set(options.hosts)`, and not one that is filled later. */
function isMadeOfOthers(made: ts.Expression | null): boolean {
  return !!made && ts.isNewExpression(made) && (made.arguments?.length ?? 0) > 0;
}

/** `LANGUAGES.includes(asked) ? asked : 'en'`: what is taken where a table of the program has it; null where it is anything. */
export function elseOfKnown(choice: ts.ConditionalExpression): ts.Expression | null {
  return isKnown(choice.condition, bare(choice.whenTrue).getText(), isFilled) ? choice.whenFalse : null;
}

/** What a name is given where one of the statements declares it. */
function initializerAmong(statements: readonly ts.Statement[], name: string): ts.Expression | null {
  for (const statement of statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const declared = statement.declarationList.declarations.find((one) => one.name.getText() === name);
    if (declared?.initializer) return bare(declared.initializer);
  }
  return null;
}

/** One of the things that have to hold is that the key is there in something that is written down. */
function isKnown(given: ts.Expression, key: string, isClosed: Closed): boolean {
  const condition = bare(given);
  if (ts.isBinaryExpression(condition)) {
    const { left, right, operatorToken } = condition;
    if (operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken)
      return isKnown(left, key, isClosed) || isKnown(right, key, isClosed);
    if (isPlaceIn(condition, SOMEWHERE, key, isClosed)) return true;
    return operatorToken.kind === ts.SyntaxKind.InKeyword && left.getText() === key && isClosed(right);
  }
  if (ts.isPropertyAccessExpression(condition)) return condition.name.text === 'exists';
  const isAsked = ts.isCallExpression(condition) && condition.arguments.some((one) => one.getText() === key);
  if (isAsked && isClosed(condition)) return true;
  if (!ts.isCallExpression(condition) || !ts.isPropertyAccessExpression(condition.expression)) return false;
  const { expression: callee, arguments: asked } = condition;
  const texts = asked.map((one) => one.getText());
  const { name, expression: owner } = callee;
  if (/^Object\.(hasOwn|prototype\.hasOwnProperty\.call)$/.test(callee.getText()))
    return texts[1] === key && isClosed(asked[0]!);
  if (!/^(hasOwnProperty|includes|has)$/.test(name.text)) return false;
  return (texts[0] === key && isClosed(owner)) || (isOfSame(texts[0] ?? '', key) && isConfigured(owner));
}

/** `message.table` and `message.tableId` are of one. */
function isOfSame(asked: string, key: string): boolean {
  const owner = (text: string) => text.replace(/\.\w+$/, '');
  return asked === key || (asked.includes('.') && owner(asked) === owner(key));
}

/** `this.options.tables`, `config.zones` */
function isConfigured(list: ts.Expression): boolean {
  return namesOf(list)
    .slice(0, -1)
    .some((name) => /^[_#]?(options|opts|config|conf|configuration|settings|env)$/.test(name));
}

/** `ALLOWED`, `this.dex.data.Moves`: named as constants and tables of data are. */
function isWrittenDown(table: ts.Expression): boolean {
  const name = ts.isPropertyAccessExpression(table) ? table.name.text : table.getText();
  return /^[A-Z][A-Z\d_]+$/.test(name) || (/^[A-Z]/.test(name) && /\bdata\./.test(table.getText()));
}

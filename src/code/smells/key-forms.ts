import ts from 'typescript';
import { packageOf } from '../program/package';
import type { ParsedFile } from '../program/parsed-file';
import { opennessOfName } from './key-words';
import { elseOfKnown } from './known-keys';
import { awaited, bare, rootOf } from './member-chains';

/** What whoever starts the program has written down. */
const CONFIGURED =
  /^(\w*(config|configuration)|\w+Settings|cfg|conf|settings|env|argv|defaults|manifest|pkg|packageJson|definition|definitions|schema|constructor|prototype|process)$/i;

/** `const queueKey = `${team}:${channel}``, `const newGroup = { … }`: what it is made of says more than what it is called. */
export function isPutTogether({ name, initializer }: ts.VariableDeclaration): boolean {
  const made = initializer && bare(initializer);
  if (!made) return false;
  if (ts.isTemplateExpression(made)) return made.templateSpans.length > 1 && /Key$/.test(name.getText());
  return ts.isObjectLiteralExpression(made) && /^(new|created|fresh)[A-Z]/.test(name.getText());
}

/** A consumer of Kafka gets the topics that it has subscribed to. */
export function isTopicOfKafka({ file }: ParsedFile, name: string): boolean {
  return (
    /topic$/i.test(name) && Object.keys(packageOf(file)?.dependencies ?? {}).some((one) => /kafka/.test(one))
  );
}

/** `getUserId()` gives what it is called after. */
export function opennessOfCall(method: string): number {
  return opennessOfName(
    method.replace(/^(get|to|build|make|create|compute|calculate|generate)(?=[A-Z])/, ''),
  );
}

/** What is called; of `(0, keys_1.keyOf)(request)`, as compilers write it, `keys_1.keyOf`. */
export function calleeOf({ expression }: ts.CallExpression): ts.Expression {
  const callee = bare(expression);
  const isComma = ts.isBinaryExpression(callee) && callee.operatorToken.kind === ts.SyntaxKind.CommaToken;
  return isComma ? callee.right : callee;
}

/** What a text or a choice is made of; null for what is no such thing. */
export function partsOf(expression: ts.Expression): readonly ts.Expression[] | null {
  if (ts.isTemplateExpression(expression)) {
    const given = expression.templateSpans.map((span) => span.expression);
    // `${topic}/${partition}`: there are as many as the broker was given.
    const partition = given.filter((one) => /(^|\.)partition$/.test(one.getText()));
    return partition.length > 0 ? partition : given;
  }
  if (ts.isConditionalExpression(expression)) {
    const otherwise = elseOfKnown(expression);
    return otherwise ? [otherwise] : [expression.whenTrue, expression.whenFalse];
  }
  if (ts.isArrayLiteralExpression(expression)) {
    const named = expression.elements.filter((one) => !ts.isSpreadElement(one));
    // `[...queue]` is another list of the same.
    return named.length > 0
      ? named
      : expression.elements.filter(ts.isSpreadElement).map((one) => one.expression);
  }
  if (!ts.isBinaryExpression(expression)) return null;
  if (isMasked(expression)) return [];
  return [expression.left, expression.right].filter((one) => !ts.isStringLiteralLike(one));
}

/** `code & 0xff` */
function isMasked({ operatorToken, right }: ts.BinaryExpression): boolean {
  const isMask = operatorToken.kind === ts.SyntaxKind.AmpersandToken;
  return isMask && ts.isNumericLiteral(right) && Number(right.text) <= MOST_OF_MASK;
}

/** As many values as a byte has. */
const MOST_OF_MASK = 0xff;

const ONE_VALUE: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.NullKeyword,
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
]);

/** What is written out is one, what is made by the expression is new each time. */
export function opennessOfLiteral(expression: ts.Expression): number {
  if (ts.isStringLiteralLike(expression) || ts.isNumericLiteral(expression)) return -4;
  if (ONE_VALUE.has(expression.kind)) return -4;
  if (ts.isFunctionLike(expression) || ts.isClassExpression(expression)) return -3;
  // Of what is in a collection nothing is known yet.
  if (ts.isNewExpression(expression))
    return /^(Map|Set|Array)$/.test(expression.expression.getText()) ? 0 : 4;
  if (ts.isPostfixUnaryExpression(expression) || ts.isPrefixUnaryExpression(expression)) return 4;
  const isObject = expression.kind === ts.SyntaxKind.ThisKeyword || ts.isObjectLiteralExpression(expression);
  return isObject ? 2 : 0;
}

/**
 * A name and what it was followed to. What is proved to be the program's own stays so whatever it is called; what is called
 * as if it were a part of the program is no proof of growth, wherever it comes from.
 */
export function joined(word: number, followed: number): number {
  if (followed <= -3 || word === 0) return followed;
  if (followed === 0) return word;
  if (word > 0 && followed > 0) return Math.max(word, followed);
  // What comes out of a request may have any value, where its name is not that of a part of the program.
  if (followed >= 3 && word > -2.5) return 3;
  // What callers call a host is one, whoever they give it to calls it a name.
  if (followed >= 1.5 && word >= -1) return 1.5;
  return word < 0 && followed < 0 ? Math.min(word, followed) : -0.5;
}

/** `config.rules`, `this.options.zones`; what a function is given as options is not what the program was started with. */
export function isConfigured(chain: readonly string[], root: ts.Expression): boolean {
  const isOfObject = root.kind === ts.SyntaxKind.ThisKeyword;
  return chain.some((one) => CONFIGURED.test(one) || (isOfObject && /^_*(options|opts)$/.test(one)));
}

export function isCountedUp(node: ts.Node): boolean {
  return ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.PlusPlusToken;
}

/** `module.exports = (key) => …`, `export default function (key) { … }` */
export function isExportItself(called: ts.SignatureDeclaration): boolean {
  const { parent } = called;
  if (ts.isFunctionDeclaration(called) || ts.isExportAssignment(parent)) return true;
  return ts.isBinaryExpression(parent) && /^(module\.)?exports\b/.test(parent.left.getText());
}

export function isTextOrObject({ parent }: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(parent)) return parent.name.text !== 'length';
  const isGiven = ts.isCallExpression(parent) || ts.isNewExpression(parent);
  return (
    isGiven &&
    /(^|\.)(RegExp|Function|test|exec|parse\w*|compile\w*|tokenize)$/.test(parent.expression.getText())
  );
}

/** `${to}` of a text that is sent: `fetch(`https://numbers.invalid/${to}`)` asks others for whatever it is. */
export function isAskedOfOthers({ parent: span }: ts.Node): boolean {
  if (!ts.isTemplateSpan(span)) return false;
  const { parent: call } = span.parent;
  return ts.isCallExpression(call) && ASKS.test(call.expression.getText());
}

const ASKS = /^(fetch|axios(\.\w+)?|got(\.\w+)?|superagent\.\w+|https?\.(get|request))$/;

/** The type that a parameter is declared with; of a type parameter, `<T extends Constructor>(model: T)`, what it extends. */
export function boundOf({ type, parent }: ts.ParameterDeclaration): ts.TypeNode | undefined {
  const name = type && ts.isTypeReferenceNode(type) ? type.typeName.getText() : '';
  const generic = parent.typeParameters?.find((one) => one.name.text === name);
  return generic?.constraint ?? type;
}

/** `require(file).default`, `new (await import(file)).Plugin()`, where files are listed: there are as many as the program has. */
export function isOfLoadedModule(given: ts.Expression): boolean {
  const expression = bare(given);
  if (ts.isCallExpression(expression)) {
    const { expression: callee, arguments: args } = expression;
    if (callee.kind === ts.SyntaxKind.ImportKeyword || callee.getText() === 'require')
      return args.length > 0 && !ts.isStringLiteralLike(args[0]!);
  }
  const isPart =
    ts.isNewExpression(expression) ||
    ts.isCallExpression(expression) ||
    ts.isPropertyAccessExpression(expression) ||
    ts.isAwaitExpression(expression);
  return isPart && isOfLoadedModule(expression.expression);
}

/** How often a variable of a variable is followed. */
const MOST_NAMES = 4;

/** `const module = await import(file); const part = module.part`: `part.name`, and what `part(options)` gives. */
export function isMadeOfLoaded({ checker }: ParsedFile, given: ts.Expression): boolean {
  let root = rootOf(given);
  for (let steps = 0; steps < MOST_NAMES && ts.isIdentifier(root); steps++) {
    const declared = checker.getSymbolAtLocation(root)?.valueDeclaration;
    if (!declared || !ts.isVariableDeclaration(declared) || !declared.initializer) return false;
    if (isOfLoadedModule(declared.initializer)) return true;
    root = rootOf(awaited(declared.initializer));
  }
  return false;
}

/** `fs.readdirSync(folder)`: as many as there are files. */
export function isListedFromDisk(expression: ts.Expression): boolean {
  return (
    ts.isCallExpression(expression) &&
    /(^|\.)(readdir|readdirSync|glob|globSync|globby|fg|fastGlob)(\.sync)?$/.test(
      expression.expression.getText(),
    )
  );
}

/** `for (const file of fs.readdirSync(folder)) { const name = file.split('.')[0]; … }`: `name` is of a file that is there. */
export function isOfListedFile({ checker }: ParsedFile, given: ts.Expression): boolean {
  let value = bare(given);
  for (let steps = 0; steps < MOST_NAMES; steps++) {
    const root = rootOf(value);
    if (isListing(value) || isListing(root)) return true;
    const declared = ts.isIdentifier(root) ? checker.getSymbolAtLocation(root)?.valueDeclaration : undefined;
    if (!declared || !ts.isVariableDeclaration(declared)) return false;
    const loop = declared.parent.parent;
    const from = ts.isForOfStatement(loop) ? loop.expression : declared.initializer;
    if (!from) return false;
    value = awaited(from);
  }
  return false;
}

/** `fs.readdirSync(folder).filter(isScript)` starts with one. */
function isListing(given: ts.Expression): boolean {
  const value = bare(given);
  if (isListedFromDisk(value)) return true;
  return (
    ts.isCallExpression(value) &&
    ts.isPropertyAccessExpression(value.expression) &&
    isListing(value.expression.expression)
  );
}

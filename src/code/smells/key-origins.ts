import ts from 'typescript';
import { asSeenFrom, enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { referencesTo, resolveAlias } from '../program/references';
import { isGenericName, opennessOfName } from './key-words';
import { knownCallers } from './known-callers';
import { bare, isAssignment, iteratedBy, namesOf, ownerName, rootOf } from './member-chains';

/** How far a key is followed: through variables, parameters and their callers. */
const MOST_STEPS = 5;

/** Made anew for each call, and never the same. */
const FRESH =
  /^((crypto\.)?randomUUID|uuid(v\d)?|uuid\.v\d|v4|nanoid|cuid|ulid|ObjectId|Date\.now|performance\.now|Math\.random|process\.hrtime|Symbol|(crypto\.)?randomBytes)$/;
/** The same text in another form. */
const SAME_TEXT =
  /^(toString|toLowerCase|toUpperCase|toLocaleLowerCase|trim|trimStart|trimEnd|slice|substring|substr|replace|replaceAll|normalize|valueOf|toJSON|concat|padStart|join|toHexString|toHex|toString58|at|pop|shift|split|call|format)$/;
/** Texts of any content. */
const COMPOSED =
  /(^|\.)(JSON\.stringify|stringify|serialize\w*|hash\w*|digest|md5|sha\d*|createHash|stableStringify|toKey|\w*[cC]acheKey|toB58String|encode\w*|hexlify|fingerprint)$/;
/** What has come from outside of the program. */
const OUTSIDE =
  /^(req|request|ctx|msg|message|packet|interaction|payload|socket|ws|body|params|query|headers|cookies|rinfo|searchParams|envelope|datagram|frame|tweet)$/i;
const OUTSIDE_TYPE =
  /^(\w*Request|\w*Message|\w*Socket|\w*Interaction|IncomingMessage|\w*Event|\w*Payload|\w*Packet|\w*Context|\w*Dto|\w*Update|Guild\w*|User|Member)$/;
/** What whoever starts the program has written down. */
const CONFIGURED =
  /^(config|cfg|conf|configuration|settings|env|argv|defaults|manifest|pkg|packageJson|definition|definitions|schema|constructor|prototype|process)$/i;
/** Their callbacks get what comes in. */
const RECEIVES =
  /^(on|once|addListener|addEventListener|use|all|get|post|put|patch|delete|route|handle|subscribe)$/;
const READS_TEXT = /^(exec|match|matchAll|parse|readLine)$/;

/**
 * How open the set of values is that a key may take: above 0 where any number of different ones may come, since they come from
 * outside, are made anew for each call, or are texts of any content; below 0 where they are the program's own parts, are
 * written out, or come from its configuration. Between -4 and 4. Values are followed to where they come from, through
 * variables, parameters and all known callers; where that ends, the name decides.
 */
export function opennessOf(file: ParsedFile, key: ts.Expression): number {
  return Math.max(-4, Math.min(4, new Trace(file).of(key, 0)));
}

class Trace {
  readonly #file: ParsedFile;
  readonly #seen = new Set<ts.Node>();
  /** The field that was followed last: it may be assigned from itself. */
  #field = '';

  constructor(file: ParsedFile) {
    this.#file = file;
  }

  of(given: ts.Expression, steps: number): number {
    const expression = bare(given);
    if (ts.isCallExpression(expression)) return this.#ofCall(expression, steps);
    if (ts.isPropertyAccessExpression(expression)) return this.#ofMember(expression, steps);
    if (ts.isElementAccessExpression(expression)) return this.of(expression.expression, steps);
    if (ts.isIdentifier(expression)) return this.#ofName(expression, steps);
    if (ts.isAwaitExpression(expression)) return this.of(expression.expression, steps);
    const parts = partsOf(expression);
    return parts ? this.#most(parts, steps) : opennessOfLiteral(expression);
  }

  #most(parts: readonly ts.Expression[], steps: number): number {
    const all = parts.map((part) => this.of(part, steps));
    return all.length === 0 ? -4 : Math.max(...all);
  }

  #ofCall(call: ts.CallExpression, steps: number): number {
    const callee = call.expression;
    const text = callee.getText();
    if (FRESH.test(text)) return 4;
    if (COMPOSED.test(text)) return Math.max(2, this.#most(call.arguments, steps));
    if (
      ts.isIdentifier(callee) &&
      /^(String|Number|parseInt|encodeURIComponent|decodeURIComponent)$/.test(callee.text)
    )
      return this.#most(call.arguments, steps);
    if (!ts.isPropertyAccessExpression(callee)) {
      const given = this.#most(call.arguments, steps);
      return call.arguments.length === 0 ? opennessOfName(text) : given;
    }
    const method = callee.name.text;
    if (READS_TEXT.test(method)) return 3;
    if (/^path$/.test(callee.expression.getText())) return Math.min(0, this.#most(call.arguments, steps)) - 1;
    // Parts of a text that is written out are no list that anybody keeps.
    if (SAME_TEXT.test(method))
      return ts.isStringLiteralLike(bare(callee.expression)) ? 0 : this.of(callee.expression, steps);
    if (/^(keys|values|entries|from)$/.test(method) && call.arguments.length > 0)
      return this.#most(call.arguments, steps);
    const word = opennessOfName(
      method.replace(/^(get|to|build|make|create|compute|calculate|generate)(?=[A-Z])/, ''),
    );
    return call.arguments.length > 0 ? Math.max(word, this.#most(call.arguments, steps)) : word;
  }

  /** What is an element of something else that lives as long is bounded with it. */
  #ofList(list: ts.Expression, steps: number): number {
    const expression = bare(list);
    const isOfField =
      ts.isPropertyAccessExpression(expression) && expression.expression.kind === ts.SyntaxKind.ThisKeyword;
    if (isOfField || (ts.isIdentifier(expression) && this.#isOfModule(expression))) return -3;
    return this.of(expression, steps + 1);
  }

  #isOfModule(name: ts.Identifier): boolean {
    const declared = this.#file.checker.getSymbolAtLocation(name)?.valueDeclaration;
    return !!declared && ts.isVariableDeclaration(declared) && enclosingFunction(declared) === null;
  }

  /** `plugin.id`: the last telling name; what is read from a request is open, from a configuration not. */
  #ofMember(access: ts.PropertyAccessExpression, steps: number): number {
    const name = access.name.text;
    const chain = namesOf(access);
    const named = isGenericName(name) ? opennessOfName(`${ownerName(access)}_${name}`) : opennessOfName(name);
    const root = rootOf(access);
    if (isConfigured(chain, root)) return Math.min(named, 0) - 3;
    if (/^[A-Z][A-Z\d_]+$/.test(name)) return -3;
    if (access.expression.kind === ts.SyntaxKind.ThisKeyword) {
      const given = steps < MOST_STEPS ? this.#assignedToField(access) : [];
      return given.length === 0 ? named : joined(named, this.#most(given, steps + 1));
    }
    const isOutside =
      chain.slice(0, -1).some((one) => OUTSIDE.test(one)) ||
      (ts.isIdentifier(root) && this.#isReceived(root));
    if (isOutside) return named < 0 ? -0.5 : 3;
    const constant = this.#ofConstant(access, steps);
    if (constant !== null) return constant;
    if (!ts.isIdentifier(root)) return named;
    const followed = this.#ofName(root, steps + 1);
    if (followed <= -3) return followed;
    return isGenericName(root.text) && named === 0 ? followed : named;
  }

  /** `Addresses.token`, where it is written out. */
  #ofConstant(access: ts.PropertyAccessExpression, steps: number): number | null {
    const { checker } = this.#file;
    const declared = resolveAlias(checker, checker.getSymbolAtLocation(access.name))?.valueDeclaration;
    if (!declared || steps >= MOST_STEPS) return null;
    if (ts.isEnumMember(declared)) return -4;
    const isValue =
      ts.isPropertyAssignment(declared) ||
      ts.isVariableDeclaration(declared) ||
      ts.isPropertyDeclaration(declared);
    if (!isValue || !declared.initializer) return null;
    return ts.isStringLiteralLike(bare(declared.initializer)) ? -4 : null;
  }

  /** What a constructor puts into a field. */
  #assignedToField(access: ts.PropertyAccessExpression): ts.Expression[] {
    const making = ts.findAncestor(access, ts.isClassLike)?.members.find(ts.isConstructorDeclaration);
    const given: ts.Expression[] = [];
    const visit = (node: ts.Node): void => {
      const isAssigned = ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind);
      if (isAssigned && node.left.getText() === access.getText()) given.push(node.right);
      ts.forEachChild(node, visit);
    };
    if (making?.body && access.getText() !== this.#field) {
      this.#field = access.getText();
      visit(making.body);
    }
    return given;
  }

  #ofName(name: ts.Identifier, steps: number): number {
    const word = opennessOfName(name.text);
    const declared = this.#file.checker.getSymbolAtLocation(name)?.valueDeclaration;
    if (!declared || steps >= MOST_STEPS || this.#seen.has(declared)) return word;
    this.#seen.add(declared);
    try {
      if (ts.isFunctionLike(declared) || ts.isClassLike(declared)) return -3;
      if (ts.isBindingElement(declared)) return this.#ofBinding(declared, name, steps);
      if (ts.isParameter(declared)) return this.#ofParameter(declared, name, steps);
      if (ts.isVariableDeclaration(declared)) return this.#ofVariable(declared, word, steps);
    } finally {
      this.#seen.delete(declared);
    }
    return word;
  }

  #ofVariable(declared: ts.VariableDeclaration, word: number, steps: number): number {
    const loop = declared.parent.parent;
    if (loop && (ts.isForOfStatement(loop) || ts.isForInStatement(loop)))
      return joined(word, this.#ofList(loop.expression, steps));
    if (this.#isCountedUp(declared)) return joined(word, ts.isForStatement(declared.parent.parent) ? 1.5 : 4);
    const given = [...(declared.initializer ? [declared.initializer] : []), ...this.#assignedTo(declared)];
    return given.length === 0 ? word : joined(word, this.#most(given, steps + 1));
  }

  /** `let next = 0; … next++` */
  #isCountedUp({ name, parent }: ts.VariableDeclaration): boolean {
    if ((parent.flags & ts.NodeFlags.Const) !== 0 || !ts.isIdentifier(name)) return false;
    const there = asSeenFrom(this.#file, name.getSourceFile());
    return referencesTo(there, name).some(
      (node) => ts.isPostfixUnaryExpression(node.parent) || isCountedUp(node.parent),
    );
  }

  /** What a variable that is no constant gets later. */
  #assignedTo(declared: ts.VariableDeclaration): ts.Expression[] {
    const isConstant = (declared.parent.flags & ts.NodeFlags.Const) !== 0;
    if (isConstant || !ts.isIdentifier(declared.name)) return [];
    const there = asSeenFrom(this.#file, declared.getSourceFile());
    return referencesTo(there, declared.name).flatMap(({ parent }) =>
      ts.isBinaryExpression(parent) &&
      isAssignment(parent.operatorToken.kind) &&
      parent.left.getText() === declared.name.getText()
        ? [parent.right]
        : [],
    );
  }

  /** `const { id } = req.params`, `function ({ user, key })`, `([name, value]) =>` */
  #ofBinding(declared: ts.BindingElement, name: ts.Identifier, steps: number): number {
    const property = (declared.propertyName ?? declared.name).getText();
    const word = opennessOfName(ts.isIdentifier(declared.name) ? property : name.text);
    let holder: ts.Node = declared.parent.parent;
    while (ts.isBindingElement(holder)) holder = holder.parent.parent;
    if (ts.isVariableDeclaration(holder) && holder.initializer) {
      const from = bare(holder.initializer);
      const chain = namesOf(from);
      if (isConfigured(chain, rootOf(from))) return Math.min(word, 0) - 3;
      if (chain.some((one) => OUTSIDE.test(one))) return word < 0 ? -0.5 : 3;
      return joined(word, this.of(from, steps + 1) / 2);
    }
    if (ts.isVariableDeclaration(holder)) return this.#ofVariable(holder, word, steps);
    if (!ts.isParameter(holder)) return word;
    if (this.#isGivenByReceiver(holder)) return word < 0 ? -0.5 : 3;
    const list = iteratedBy(holder);
    return list ? joined(word, this.#ofList(list, steps)) : word;
  }

  #ofParameter(parameter: ts.ParameterDeclaration, name: ts.Identifier, steps: number): number {
    const word = opennessOfName(name.text);
    if (this.#isGivenByReceiver(parameter)) return word < 0 ? -0.5 : 3;
    const type = parameter.type?.getText() ?? '';
    if (/^(Function|symbol|Type<|Constructor|Class<|new )/.test(type) || /=>/.test(type)) return -3;
    const list = iteratedBy(parameter);
    if (list) return joined(word, this.#ofList(list, steps));
    const callers = knownCallers(this.#file, parameter.parent);
    if (!callers || callers.calls.length === 0) {
      // What is exported and called from nowhere else is called by others, with what they like.
      const isGiven = callers ? callers.isExported : isExportItself(parameter.parent);
      if (isGiven && word >= 0) return 2;
      return word === 0 ? this.#byUse(parameter) : word;
    }
    const index = parameter.parent.parameters.indexOf(parameter);
    const given = callers.calls.flatMap((call) => call.arguments?.[index] ?? []);
    const from = given.length === 0 ? 0 : joined(word, this.#most(given, steps + 1));
    const all = callers.complete ? from : Math.max(from, word);
    return all === 0 && word === 0 ? this.#byUse(parameter) : all;
  }

  /** A text that is taken apart is of any content; an object whose members are used is known by what it is. */
  #byUse(parameter: ts.ParameterDeclaration): number {
    if (!ts.isIdentifier(parameter.name)) return 0;
    const there = asSeenFrom(this.#file, parameter.getSourceFile());
    return referencesTo(there, parameter.name).some(isTextOrObject) ? 1 : 0;
  }

  /** `socket.on('message', (text) => …)`, `(req, res) =>`, a parameter whose type says so. */
  #isGivenByReceiver(parameter: ts.ParameterDeclaration): boolean {
    if (ts.isIdentifier(parameter.name) && OUTSIDE.test(parameter.name.text)) return true;
    const type =
      parameter.type && ts.isTypeReferenceNode(parameter.type) ? parameter.type.typeName.getText() : '';
    if (OUTSIDE_TYPE.test(type)) return true;
    const { parent: call } = parameter.parent;
    if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return false;
    const isHandler = RECEIVES.test(call.expression.name.text) && call.arguments.length > 1;
    return isHandler && ts.isStringLiteralLike(call.arguments[0]!);
  }

  #isReceived(name: ts.Identifier): boolean {
    const declared = this.#file.checker.getSymbolAtLocation(name)?.valueDeclaration;
    return !!declared && ts.isParameter(declared) && this.#isGivenByReceiver(declared);
  }
}

/** What a text or a choice is made of; null for what is no such thing. */
function partsOf(expression: ts.Expression): readonly ts.Expression[] | null {
  if (ts.isTemplateExpression(expression)) return expression.templateSpans.map((span) => span.expression);
  if (ts.isConditionalExpression(expression)) return [expression.whenTrue, expression.whenFalse];
  if (ts.isArrayLiteralExpression(expression))
    return expression.elements.filter((one) => !ts.isSpreadElement(one));
  if (!ts.isBinaryExpression(expression)) return null;
  return [expression.left, expression.right].filter((one) => !ts.isStringLiteralLike(one));
}

/** What is written out is one, what is made by the expression is new each time. */
function opennessOfLiteral(expression: ts.Expression): number {
  if (ts.isStringLiteralLike(expression) || ts.isNumericLiteral(expression)) return -4;
  if (ts.isFunctionLike(expression) || ts.isClassExpression(expression)) return -3;
  if (ts.isNewExpression(expression)) return 4;
  if (ts.isPostfixUnaryExpression(expression) || ts.isPrefixUnaryExpression(expression)) return 4;
  const isObject = expression.kind === ts.SyntaxKind.ThisKeyword || ts.isObjectLiteralExpression(expression);
  return isObject ? 2 : 0;
}

/**
 * A name and what it was followed to. What is proved to be the program's own stays so whatever it is called; what is called
 * as if it were a part of the program is no proof of growth, wherever it comes from.
 */
function joined(word: number, followed: number): number {
  if (followed <= -3 || word === 0) return followed;
  if (followed === 0) return word;
  if (word > 0 && followed > 0) return Math.max(word, followed);
  return word < 0 && followed < 0 ? Math.min(word, followed) : -0.5;
}

/** `config.rules`, `this.options.zones`; what a function is given as options is not what the program was started with. */
function isConfigured(chain: readonly string[], root: ts.Expression): boolean {
  const isOfObject = root.kind === ts.SyntaxKind.ThisKeyword;
  return chain.some((one) => CONFIGURED.test(one) || (isOfObject && /^_*(options|opts)$/.test(one)));
}

function isCountedUp(node: ts.Node): boolean {
  return ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.PlusPlusToken;
}

/** `module.exports = (key) => …`, `export default function (key) { … }` */
function isExportItself(called: ts.SignatureDeclaration): boolean {
  const { parent } = called;
  if (ts.isFunctionDeclaration(called) || ts.isExportAssignment(parent)) return true;
  return ts.isBinaryExpression(parent) && /^(module\.)?exports\b/.test(parent.left.getText());
}

function isTextOrObject({ parent }: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(parent)) return parent.name.text !== 'length';
  const isGiven = ts.isCallExpression(parent) || ts.isNewExpression(parent);
  return (
    isGiven &&
    /(^|\.)(RegExp|Function|test|exec|parse\w*|compile\w*|tokenize)$/.test(parent.expression.getText())
  );
}

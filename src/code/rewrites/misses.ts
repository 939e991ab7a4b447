import ts from 'typescript';
import { whereIs } from '../positions';
import { functionOf } from '../program/function-results';
import { calledBy } from '../program/load-time';
import { asSeenFrom, enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { placesOfMember, referencesTo } from '../program/references';
import { isTestFile } from '../program/test-files';
import { CACHE } from '../smells/collection-roles';
import { type CollectionUse, unwrap } from '../smells/collection-uses';
import { nameOfFunction } from '../smells/function-names';
import { knownCallers } from '../smells/known-callers';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { storesWhatIsGiven } from './given-values';
import { branchesWithout } from './missing-branches';

/** Functions that hand on what they ask for end somewhere. */
const MOST_STEPS = 3;

/**
 * Why an entry of what is called a cache would be gone for good: callers put in what they have, others ask for it, and none of these
 * makes it, or gets it from elsewhere, where it is not there. Null where one does, where the program itself makes what it stores,
 * and where nobody asks but who stores.
 */
export function refuseUnanswered(file: ParsedFile, { uses, type }: UnboundedCollection): string | null {
  const additions = uses.filter(({ kind }) => kind === 'add');
  const [added] = additions;
  if (type === 'array' || type === 'Set' || !added) return null;
  if (!additions.every((use) => storesWhatIsGiven(file, use))) return null;
  const asks = uses.flatMap((use) => asking(use) ?? []);
  const others = asks.filter((ask) => !additions.some(({ node }) => isAround(enclosingFunction(ask), node)));
  const [asked] = others;
  const misses = new Misses(file, uses);
  if (!asked || others.some((ask) => misses.isAnswered(ask, 0))) return null;
  return `It holds what callers put there (${whereIs(file, added.node)}), and nobody who asks for an entry (${whereIs(file, asked)}) makes it again where it is missing: what a limit dropped would be gone, although it is called a cache.`;
}

/** The expression that asks for an entry, whether there is one, or for all of them. */
function asking(use: CollectionUse): ts.Node | null {
  if (use.kind === 'iterate') return use.node;
  if (use.kind !== 'read' || !/^(get|has|hasOwn|hasOwnProperty|in|\[\])$/.test(use.method)) return null;
  // Of `key in table` the table is the use.
  return use.method === 'in' ? unwrap(use.node).parent : use.node;
}

function isAround(around: ts.Node | null, node: ts.Node): boolean {
  return around !== null && ts.findAncestor(node, (one) => one === around) !== undefined;
}

class Misses {
  readonly #file: ParsedFile;
  readonly #own: ReadonlySet<ts.Node>;
  readonly #adding: ReadonlySet<ts.Node>;
  readonly #seen = new Set<ts.Node>();

  constructor(file: ParsedFile, uses: readonly CollectionUse[]) {
    this.#file = file;
    this.#own = new Set(uses.map(({ node }) => node));
    this.#adding = new Set(
      uses.flatMap(({ kind, node }) => (kind === 'add' ? (enclosingFunction(node) ?? []) : [])),
    );
  }

  /** Where what is asked for is not there, something else is made; here, or where a function is called that asks. */
  isAnswered(ask: ts.Node, steps: number): boolean {
    if (this.#seen.has(ask)) return false;
    this.#seen.add(ask);
    const without = [ask, ...this.#namesOf(ask)].flatMap(branchesWithout);
    if (without.some((branch) => this.#makes(branch))) return true;
    const around = steps < MOST_STEPS ? enclosingFunction(ask) : null;
    return around !== null && this.#callsOf(around).some((call) => this.isAnswered(call, steps + 1));
  }

  /** Also those on what may be one of several objects, and on an object of no known type that is called a cache. */
  #callsOf(called: ts.Node): ts.Node[] {
    if (!ts.isFunctionLike(called)) return [];
    const known: ts.Node[] = [...(knownCallers(this.#file, called)?.calls ?? [])];
    const likely = placesOfMember(this.#file, nameOfFunction(called)).flatMap(({ parent: access }) => {
      const { parent: call } = access;
      const isCall =
        ts.isCallExpression(call) && call.expression === access && !isTestFile(call.getSourceFile().fileName);
      return isCall && this.#mayBe(access as ts.PropertyAccessExpression, called) ? [call] : [];
    });
    return [...known, ...likely];
  }

  #mayBe({ name, expression }: ts.PropertyAccessExpression, called: ts.Node): boolean {
    const symbol = this.#file.checker.getSymbolAtLocation(name);
    if (!symbol) return CACHE.test(expression.getText());
    return symbol.declarations?.some((one) => one === called || functionOf(one) === called) ?? false;
  }

  /** `hit` of `const hit = cache.get(key)`, of `.then((hit) => …)`, of a callback that is given along. */
  #namesOf(ask: ts.Node): ts.Node[] {
    const names: ts.Identifier[] = [];
    for (let node = unwrap(ask); ; node = unwrap(node.parent)) {
      const { parent } = node;
      if (ts.isVariableDeclaration(parent)) names.push(...identifiersIn(parent.name));
      const isAssigned =
        ts.isBinaryExpression(parent) && parent.right === node && ts.isIdentifier(parent.left);
      if (isAssigned) names.push(parent.left as ts.Identifier);
      const isHandedOn =
        isAssigned ||
        ts.isAwaitExpression(parent) ||
        ts.isConditionalExpression(parent) ||
        (ts.isBinaryExpression(parent) && /^(\?\?|\|\||&&)$/.test(parent.operatorToken.getText()));
      if (!isHandedOn) break;
    }
    const call = ts.isCallExpression(ask) ? ask : null;
    const then =
      call?.parent && ts.isPropertyAccessExpression(call.parent) && call.parent.name.text === 'then'
        ? call.parent.parent
        : null;
    for (const one of [call, then]) {
      const callback =
        one && ts.isCallExpression(one) ? one.arguments.find((given) => ts.isFunctionLike(given)) : undefined;
      if (callback && ts.isFunctionLike(callback))
        names.push(...callback.parameters.flatMap(({ name }) => identifiersIn(name)));
    }
    return names.flatMap((name) => this.#mentionsOf(name));
  }

  #mentionsOf(name: ts.Identifier): ts.Node[] {
    const declared = this.#file.checker.getSymbolAtLocation(name)?.valueDeclaration;
    const own = declared && (declared as Partial<ts.VariableDeclaration>).name;
    const first = own && ts.isIdentifier(own) ? own : name;
    return referencesTo(asSeenFrom(this.#file, first.getSourceFile()), first);
  }

  /** Something is worked out there whose result is used, or what adds is called, or what is missing is listed. */
  #makes(branch: ts.Node): boolean {
    let found = false;
    const visit = (node: ts.Node): void => {
      if (found || ts.isThrowStatement(node)) return;
      const isCall =
        ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node);
      if (isCall && !this.#own.has(node)) {
        found = this.#isMaking(node);
        if (found || isAnswer(node)) return;
      }
      ts.forEachChild(node, visit);
    };
    visit(branch);
    return found;
  }

  #isMaking(node: ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression): boolean {
    if (!ts.isCallExpression(node))
      return !ts.isNewExpression(node) || !EMPTY.test(node.expression.getText());
    if (calledBy(node.expression, this.#file.checker).some((one) => this.#adding.has(one))) return true;
    const name = nameOfCallee(node);
    if (ts.isAwaitExpression(node.parent)) return !TELLS.test(name);
    if (node.arguments.some((one) => ts.isFunctionLike(one))) return true;
    if (ts.isExpressionStatement(node.parent)) return /^(push|add)$/.test(name);
    return !TELLS.test(name) && !MAKES_NOTHING.test(node.expression.getText());
  }
}

/** What is answered without the entry. */
function isAnswer(node: ts.Node): boolean {
  return ts.isCallExpression(node) && TELLS.test(nameOfCallee(node)) && !/\bawait\b/.test(node.getText());
}

const TELLS =
  /^(status|sendStatus|send|json|end|render|redirect|reply|respond|write\w*|setHeader|notFound|not_found|error|fail|reject|next|log|debug|info|warn|trace|callback|cb|done|emit)$/;
const MAKES_NOTHING =
  /^(Date\.now|performance\.now|process\.hrtime|Object\.create|String|Number|Boolean|Promise\.resolve|Array|Symbol|Buffer\.alloc)$/;
const EMPTY = /^(Map|Set|WeakMap|WeakSet|Date|Array|Object|\w*(Error|Exception|NotFound\w*))$/;

function nameOfCallee({ expression }: ts.CallExpression): string {
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}

function identifiersIn(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((one) => (ts.isBindingElement(one) ? identifiersIn(one.name) : []));
}

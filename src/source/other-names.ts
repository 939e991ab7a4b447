import type * as t from '@babel/types';
import { nameOfFunction } from './removal-calls';
import { isNamed, lastName, nameOfEntries } from './removal-tests';
import { childNodes, isFunction } from './syntax';

/** Another name of something, and the only place where it has it. */
export interface OtherName {
  readonly within: t.Node;
  readonly name: string;
}

/** A function that is given something as one of its arguments. */
export interface Handed {
  readonly called: string;
  readonly position: number;
}

/** Local names for what is called `name`: `const entries = this.cache;`, and the functions that it is handed to. */
export function otherNamesIn(
  program: t.Node,
  name: string,
): { readonly names: readonly OtherName[]; readonly handedTo: readonly Handed[] } {
  const names: OtherName[] = [];
  const handedTo: Handed[] = [];
  const visit = (node: t.Node, around: t.Node): void => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init) {
      if (node.id.name !== name && isNamed(node.init, name))
        names.push({ within: around, name: node.id.name });
    }
    if (node.type === 'CallExpression') {
      const position = node.arguments.findIndex((argument) => isNamed(argument, name));
      const handed = position === -1 ? null : handedAt(node, position);
      if (handed && handed.called !== '' && handed.position >= 0) handedTo.push(handed);
    }
    const inside = isFunction(node) ? node : around;
    for (const child of childNodes(node)) visit(child, inside);
  };
  visit(program, program);
  return { names, handedTo };
}

/** What the entries of what is called `name` are called: `name[at]`, `const entry = name.get(key)`, in loops over them. */
export function namesOfEntriesIn(program: t.Node, name: string): OtherName[] {
  const entries = nameOfEntries(name);
  const names: OtherName[] = [{ within: program, name: entries }, ...otherNamesIn(program, entries).names];
  const visit = (node: t.Node): void => {
    if (node.type === 'ForOfStatement' && isAllOf(node.right, name)) {
      const [declaration] = node.left.type === 'VariableDeclaration' ? node.left.declarations : [];
      const entry = declaration && entryIn(declaration.id);
      if (entry) names.push({ within: node, name: entry });
    }
    if (node.type === 'CallExpression' && lastName(node.callee) === 'forEach') {
      const [each] = node.arguments;
      const over = node.callee.type === 'MemberExpression' ? node.callee.object : null;
      const entry = each && isFunction(each) && each.params[0] ? entryIn(each.params[0]) : null;
      if (entry && over && isAllOf(over, name)) names.push({ within: each as t.Node, name: entry });
    }
    for (const child of childNodes(node)) visit(child);
  };
  visit(program);
  return names;
}

/** `name`, `name.values()`, `Object.entries(name)`. */
function isAllOf(node: t.Node, name: string): boolean {
  if (isNamed(node, name)) return true;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  if (!/^(values|entries)$/.test(lastName(node.callee))) return false;
  const [of = node.callee.object] = node.arguments;
  return isNamed(of, name);
}

/** `entry` and `[key, entry]`. */
function entryIn(pattern: t.Node): string | null {
  const last = pattern.type === 'ArrayPattern' ? pattern.elements.at(-1) : pattern;
  return last?.type === 'Identifier' ? last.name : null;
}

/** `sweep.bind(null, cache)` and `setInterval(sweep, 1000, cache)` hand it to `sweep`. */
function handedAt({ callee, arguments: given }: t.CallExpression, position: number): Handed {
  const called = lastName(callee);
  if (callee.type === 'MemberExpression' && (called === 'bind' || called === 'call'))
    return { called: lastName(callee.object), position: position - 1 };
  const [run] = given;
  if (/^set(Interval|Timeout)$/.test(called) && run) return { called: lastName(run), position: position - 2 };
  return { called, position };
}

/** What functions of a script call an argument that they are given. */
export function parameterNames(program: t.Node, handedTo: readonly Handed[]): OtherName[] {
  const names: OtherName[] = [];
  const visit = (node: t.Node, parent: t.Node): void => {
    if (isFunction(node)) {
      const own = nameOfFunction(node, parent);
      for (const { called, position } of handedTo) {
        const parameter = called === own ? node.params[position] : undefined;
        if (parameter?.type === 'Identifier') names.push({ within: node, name: parameter.name });
      }
    }
    for (const child of childNodes(node)) visit(child, node);
  };
  visit(program, program);
  return names;
}

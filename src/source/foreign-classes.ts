import type * as t from '@babel/types';
import { isNamed } from './removal-tests';
import { isClass, isFunction, type ScriptPlace, type ScriptSyntax, walk } from './syntax';

/**
 * The classes of a script that have a field of the same name as the class at `place`, and are neither that class nor
 * below it: what they do with theirs says nothing of its own. None where the class extends another, which may be any.
 */
export function foreignClasses(syntax: ScriptSyntax, place: ScriptPlace, field: string): ReadonlySet<t.Node> {
  const all = classesWith(syntax.program, field);
  const { chain } = syntax.functionAt(place);
  const own = chain.findLast((node) => all.has(node));
  if (!own || extendsAnother(own)) return new Set();
  return new Set([...all].filter((one) => one !== own && !chain.includes(one)));
}

/** Classes, and the functions around the constructor that compilers make of one: `(function () { ...; return Cache; })()`. */
function classesWith(program: t.Node, field: string): Set<t.Node> {
  const found = new Set<t.Node>();
  walk(program, (node) => {
    const isOne = isClass(node) || (isFunction(node) && returnsConstructor(node));
    if (isOne && hasField(node, field)) found.add(node);
    return undefined;
  });
  return found;
}

function returnsConstructor({ body }: t.Function): boolean {
  if (body.type !== 'BlockStatement') return false;
  const last = body.body.at(-1);
  if (last?.type !== 'ReturnStatement' || last.argument?.type !== 'Identifier') return false;
  const { name } = last.argument;
  return body.body.some((one) => one.type === 'FunctionDeclaration' && one.id?.name === name);
}

/** Whether it gives its instances the field. */
function hasField(node: t.Node, field: string): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner !== node && isClass(inner)) return false;
    if (inner.type === 'ClassProperty' || inner.type === 'ClassPrivateProperty')
      found ||= !inner.static && keyOf(inner) === field;
    if (inner.type === 'AssignmentExpression' && inner.left.type === 'MemberExpression')
      found ||= inner.left.object.type === 'ThisExpression' && isNamed(inner.left, field);
    return found ? false : undefined;
  });
  return found;
}

function keyOf({ key }: t.ClassProperty | t.ClassPrivateProperty): string | null {
  if (key.type === 'PrivateName') return key.id.name;
  return key.type === 'Identifier' ? key.name : null;
}

/** A compiled class is given the one that it extends. */
function extendsAnother(node: t.Node): boolean {
  return isClass(node) ? Boolean(node.superClass) : isFunction(node) && node.params.length > 0;
}

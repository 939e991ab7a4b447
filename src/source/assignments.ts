import type * as t from '@babel/types';
import type { SourcePosition } from '../protocol/source';
import type { SourceLocator } from './locator';
import { keyName } from './members';
import { childNodes, isFunction } from './syntax';

/**
 * The place at which a program gives a new value to what is called `name` (a variable or the last property), when all
 * such places are in one function: that is then the one by which a chain grows a link, or a text a line, which no
 * wrapped method can see. What starts it (a constructor, `null`, a literal) does not count. Goes by names only.
 */
export async function findOnlyAssignment(
  locator: SourceLocator,
  scriptId: number,
  name: string,
): Promise<SourcePosition | null> {
  const syntax = await locator.syntax(scriptId);
  if (!syntax) return null;
  const found: { readonly node: t.Node; readonly within: t.Node }[] = [];
  const bare = name.replace(/^#/, '');
  const visit = (node: t.Node, within: t.Node | null): void => {
    if (within && node.type === 'AssignmentExpression' && nameOf(node.left) === bare && !isStart(node))
      found.push({ node, within });
    const inside = isFunction(node) ? (isConstructor(node) ? null : node) : within;
    for (const child of childNodes(node)) visit(child, inside);
  };
  visit(syntax.program, null);
  const [first] = found;
  if (!first || found.some(({ within }) => within !== first.within)) return null;
  const position = await locator.position({ scriptId, ...syntax.placeOf(first.node) });
  if (!position) return null;
  const { originalName: _, ...plain } = position;
  return plain;
}

function nameOf(target: t.Node): string | null {
  if (target.type === 'Identifier') return target.name;
  if (target.type !== 'MemberExpression') return null;
  return keyName(target.property, target.computed)?.replace(/^#/, '') ?? null;
}

function isConstructor(node: t.Node): boolean {
  return node.type === 'ClassMethod' && node.kind === 'constructor';
}

function isStart({ operator, right }: t.AssignmentExpression): boolean {
  if (operator !== '=') return false;
  return /Literal$/.test(right.type) || (right.type === 'Identifier' && right.name === 'undefined');
}

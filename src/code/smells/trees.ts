import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { bare, withParentheses } from './member-chains';

/**
 * `node.children.set(letter, new TrieNode())`, `node.children[letter] ??= new TrieNode()`: what is made becomes part of another one
 * of its class. @param made the class's name in `new TrieNode()`, @param name the class's own
 */
export function isPutIntoItsKind({ checker }: ParsedFile, made: ts.Node, name: ts.Identifier): boolean {
  const holder = holderOf(valueMade(made.parent));
  if (!holder || !ts.isPropertyAccessExpression(holder)) return false;
  const declared = checker.getSymbolAtLocation(holder.name)?.valueDeclaration;
  return declared !== undefined && ts.findAncestor(declared, (node) => node === name.parent) !== undefined;
}

/** `(child = new TrieNode())` is worth what is made. */
function valueMade(made: ts.Node): ts.Node {
  let current = withParentheses(made as ts.Expression);
  while (
    ts.isBinaryExpression(current.parent) &&
    current.parent.right === current &&
    ts.isIdentifier(current.parent.left)
  )
    current = withParentheses(current.parent);
  return current;
}

/** The collection that gets a value. */
function holderOf({ parent }: ts.Node): ts.Expression | null {
  if (ts.isBinaryExpression(parent) && ts.isElementAccessExpression(parent.left))
    return bare(parent.left.expression);
  if (!ts.isCallExpression(parent) || !ts.isPropertyAccessExpression(parent.expression)) return null;
  return /^(set|add|push)$/.test(parent.expression.name.text) ? bare(parent.expression.expression) : null;
}

import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';

/**
 * The type that a declaration says, or null: of TypeScript its annotation, of JavaScript what `@type` says above it or above
 * the bracketed value, `/** @type {Map<string, User>} *\/ (new Map())`.
 */
export function declaredTypeOf(
  { file }: ParsedFile,
  node: ts.VariableDeclaration | ts.PropertyDeclaration | ts.PropertyAssignment | ts.BinaryExpression,
  creation: ts.Expression,
): ts.TypeNode | null {
  if ('type' in node && node.type) return node.type;
  if (!/\.[cm]?jsx?$/.test(file)) return null;
  return ts.getJSDocType(node) ?? castBy(creation)?.type ?? null;
}

/** The brackets around a value that a comment in front of them gives a type, and that type. */
export function castBy(
  creation: ts.Expression,
): { readonly brackets: ts.ParenthesizedExpression; readonly type: ts.TypeNode } | null {
  for (let around = creation.parent; ts.isParenthesizedExpression(around); around = around.parent) {
    const type = ts.getJSDocTypeTag(around)?.typeExpression.type;
    if (type) return { brackets: around, type };
  }
  return null;
}

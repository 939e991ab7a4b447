import ts from 'typescript';
import { enclosingFunction } from '../program/parsed-file';

/** The name under which a function is known; empty for one that has none. */
export function nameOfFunction(node: ts.Node): string {
  const named = node as Partial<ts.FunctionDeclaration>;
  if (named.name) return named.name.getText();
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name.getText();
  return ts.isBinaryExpression(parent) ? (parent.left.getText().split('.').at(-1) ?? '') : '';
}

/** The nearest function that has a name: callbacks belong to it. */
export function namedFunction(node: ts.Node): ts.Node | null {
  let around = enclosingFunction(node);
  while (around && nameOfFunction(around) === '' && enclosingFunction(around))
    around = enclosingFunction(around);
  return around;
}

/** The name of the function that something stands in, callbacks passed over; empty where none has one. */
export function nameOfFunctionAround(node: ts.Node): string {
  const around = namedFunction(node);
  return around ? nameOfFunction(around) : '';
}

const FACTORY = /^_*(create|make|build|new|init|get|setup|construct|use)_?(?=[A-Z])/;

/** What a function makes by its name: of `createSessionStore` a `SessionStore`; the name itself where it is no factory's. */
export function madeBy(factory: string): string {
  return factory.replace(FACTORY, '');
}

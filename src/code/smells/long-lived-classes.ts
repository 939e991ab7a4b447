import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../parsed-file';

/** What frameworks make once for the whole program. */
const SINGLETON_DECORATOR = /^@(Injectable|Controller|Service|Singleton|Global|Resolver|WebSocketGateway)\b/;
const SINGLETON_NAME = /(Service|Cache|Store|Registry|Repository|Controller|Provider|Gateway)$/;

/** True when objects of a class of this file live about as long as the program, by decorator, name, or being made at load. */
export function isLongLived({ source }: ParsedFile, className: string): boolean {
  if (className === '') return false;
  if (SINGLETON_NAME.test(className)) return true;
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isClassDeclaration(node) && node.name?.text === className) {
      const decorators = ts.getDecorators(node) ?? [];
      found ||= decorators.some((one) => SINGLETON_DECORATOR.test(one.getText(source)));
    }
    if (ts.isNewExpression(node) && node.expression.getText(source) === className) {
      found ||= enclosingFunction(node) === null;
    }
    if (!found) ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

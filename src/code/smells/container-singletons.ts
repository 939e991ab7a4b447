import ts from 'typescript';
import { rootOf } from './member-chains';

/** What frameworks make once for the whole program. */
const SINGLETON_DECORATOR =
  /^@(Injectable|Controller|JsonController|Service|Singleton|Global|Resolver|WebSocketGateway|Processor|Catch|CommandHandler|QueryHandler|EventsHandler|singleton|provide|Provide)\b/;

/** Decorated as what a framework makes once: `@Injectable()`; one with a scope of its own is told by `isMadeForEach`. */
export function isSingletonByDecorator({ parent }: ts.Identifier): boolean {
  if (!ts.isClassLike(parent) || !ts.canHaveDecorators(parent)) return false;
  return (ts.getDecorators(parent) ?? []).some((one) => SINGLETON_DECORATOR.test(one.getText()));
}

/** `@Injectable({ scope: Scope.REQUEST })`: one for each request, whoever lists it among its providers. */
export function isMadeForEach({ parent }: ts.Identifier): boolean {
  const decorators = ts.isClassLike(parent) && ts.canHaveDecorators(parent) ? ts.getDecorators(parent) : [];
  return (decorators ?? []).some((one) => /Scope\.(REQUEST|TRANSIENT)|@scoped\(/.test(one.getText()));
}

/**
 * A mention of a class by which a container is told to make one object of it: `registerSingleton(Store)`,
 * `bind(Store).toSelf().inSingletonScope()`, `asClass(Store).singleton()`, `providers: [Store]`, `useClass: Store`.
 */
export function isSingletonOfContainer(mention: ts.Node): boolean {
  const { parent } = mention;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === mention && isUsedOnce(parent);
  if (ts.isArrayLiteralExpression(parent))
    return ts.isPropertyAssignment(parent.parent) && LISTS.test(parent.parent.name.getText());
  if (!ts.isCallExpression(parent) || parent.expression === mention) return false;
  const { expression: callee } = parent;
  if (ts.isPropertyAccessExpression(callee)) {
    if (REGISTERS.test(callee.name.text)) return true;
    // Of TypeDI: what is asked for is made once.
    if (callee.name.text === 'get' && rootOf(callee).getText() === 'Container') return true;
  }
  return isChainedAsSingleton(parent) || /\bLifetime\.SINGLETON\b/.test(parent.getText());
}

/** `{ provide: STORE, useClass: Store }` */
function isUsedOnce({ name, parent }: ts.PropertyAssignment): boolean {
  return name.getText() === 'useClass' && !/Scope\.(REQUEST|TRANSIENT)/.test(parent.getText());
}

/** `bind(Store).toSelf().inSingletonScope()` from `bind(Store)` on. */
function isChainedAsSingleton(call: ts.CallExpression): boolean {
  let current: ts.Node = call;
  while (ts.isPropertyAccessExpression(current.parent) && ts.isCallExpression(current.parent.parent)) {
    if (/^(inSingletonScope|singleton)$/.test(current.parent.name.text)) return true;
    current = current.parent.parent;
  }
  return false;
}

const LISTS = /^(providers|controllers|resolvers|gateways|singletons)$/;
const REGISTERS = /^(registerSingleton|addSingleton)$/;

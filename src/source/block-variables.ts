import type * as t from '@babel/types';
import type { UnnamedSlot } from '../protocol/owners';
import type { ScriptLocation } from '../protocol/snapshot';
import type { SourceLocator } from './locator';
import { isClass, isFunction, walk } from './syntax';

/** A variable that a block declares, and what stands on its right side. */
interface BlockVariable {
  readonly name: string;
  readonly value: t.Node | null;
}

/**
 * The name of a variable of a block (`if (isPrimary) { const seen = new Map(); ... }`), which a snapshot does not
 * tell. V8 gives a block a Context for those of its variables that functions within use, in the order of their
 * declaration (`Scope::AllocateVariablesRecursively` in V8's scopes.cc); what holds a number leaves no edge. So the
 * one whose right side makes a `constructorName` is meant, or else the one at that place.
 * Null when the source leaves it open.
 */
export async function nameOfBlockVariable(
  locator: SourceLocator,
  from: readonly ScriptLocation[],
  constructorName: string,
  { place, count }: UnnamedSlot,
): Promise<string | null> {
  for (const location of from) {
    const syntax = await locator.syntax(location.scriptId);
    if (!syntax) continue;
    const variables = sharedVariables(syntax.functionAt(location).chain);
    const fitting = variables.filter(({ value }) => madeBy(value) === constructorName);
    if (fitting.length === 1) return fitting[0]!.name;
    if (variables.length === count) return variables[place]?.name ?? null;
  }
  return null;
}

/** What functions use of the innermost block around the last node of `chain` that has such variables. */
function sharedVariables(chain: readonly t.Node[]): BlockVariable[] {
  for (let index = chain.length - 2; index >= 0; index--) {
    const scope = chain[index]!;
    if (isFunction(scope)) return [];
    // A function's own body is not a block to V8: its variables have names.
    const parent = chain[index - 1];
    if (parent && isFunction(parent)) return [];
    const declared = declaredIn(scope);
    const used = declared.length > 0 ? namesInFunctions(scope) : new Set<string>();
    const shared = declared.filter(({ name }) => used.has(name));
    if (shared.length > 0) return shared;
  }
  return [];
}

/** `let`, `const`, classes and functions of a block or of a loop's head, in order. */
function declaredIn(scope: t.Node): BlockVariable[] {
  switch (scope.type) {
    case 'BlockStatement':
    case 'StaticBlock':
      return scope.body.flatMap(declaredBy);
    case 'SwitchStatement':
      return scope.cases.flatMap(({ consequent }) => consequent.flatMap(declaredBy));
    case 'ForStatement':
      return scope.init ? declaredBy(scope.init) : [];
    case 'ForInStatement':
    case 'ForOfStatement':
      return declaredBy(scope.left);
    default:
      return [];
  }
}

function declaredBy(statement: t.Node): BlockVariable[] {
  if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration')
    return statement.id ? [{ name: statement.id.name, value: statement }] : [];
  if (statement.type !== 'VariableDeclaration' || statement.kind === 'var') return [];
  return statement.declarations.flatMap(({ id, init }) => {
    if (id.type === 'Identifier') return [{ name: id.name, value: init ?? null }];
    const names: BlockVariable[] = [];
    walk(id, (node) => {
      if (node.type === 'ObjectProperty') {
        walk(node.value, (inner) => {
          if (inner.type === 'Identifier') names.push({ name: inner.name, value: null });
          return undefined;
        });
        return false;
      }
      if (node.type === 'Identifier') names.push({ name: node.name, value: null });
      return undefined;
    });
    return names;
  });
}

/** Every name that stands in a function or class within `scope`. */
function namesInFunctions(scope: t.Node): Set<string> {
  const names = new Set<string>();
  walk(scope, (node) => {
    if (node === scope || !(isFunction(node) || isClass(node))) return undefined;
    walk(node, (inner) => {
      if (inner.type === 'Identifier') names.add(inner.name);
      return undefined;
    });
    return false;
  });
  return names;
}

/** The constructor of what an expression makes, as a snapshot names it; null where that is not plain to see. */
function madeBy(value: t.Node | null): string | null {
  switch (value?.type) {
    case 'NewExpression':
      return value.callee.type === 'Identifier' ? value.callee.name : null;
    case 'ArrayExpression':
      return 'Array';
    case 'ObjectExpression':
      return 'Object';
    case 'CallExpression':
      return isObjectCreate(value.callee) ? 'Object' : null;
    default:
      return null;
  }
}

function isObjectCreate(callee: t.Node): boolean {
  return (
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Object' &&
    callee.property.type === 'Identifier' &&
    callee.property.name === 'create'
  );
}

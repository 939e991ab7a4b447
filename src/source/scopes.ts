import type * as t from '@babel/types';
import { childNodes, isClass, isFunction, walk } from './syntax';

/** The identifier that binds `name`, and the scope it belongs to. */
export interface Binding {
  readonly identifier: t.Node;
  /** The declaration's right side, when it has one. */
  readonly value: t.Node | null;
  readonly scope: t.Node;
}

/**
 * Finds what a name means at the innermost node of `chain` (outermost first), walking outwards scope by scope as
 * JavaScript does: block-scoped declarations, parameters, hoisted `var`s, catch and loop heads, class and function
 * names, imports.
 */
export function resolveName(chain: readonly t.Node[], name: string): Binding | null {
  for (let index = chain.length - 1; index >= 0; index--) {
    const scope = chain[index]!;
    const found = bindingIn(scope, name);
    if (found) return { ...found, scope };
  }
  return null;
}

/** True when a name is a parameter that is given by the caller: another name for what somebody else declares. */
export function isGivenByCaller({ scope, identifier }: Binding): boolean {
  if (!isFunction(scope) || !scope.params.some((parameter) => contains(parameter, identifier))) return false;
  // With `cache = new Map()` it may be the only name there is.
  if (scope.params.some((parameter) => hasDefaultFor(parameter, identifier))) return false;
  // `options = { cache: new Map(), ...options }` makes it the function's own.
  return !isAssigned(scope.body, identifier);
}

/** True for `const store = require('./store')`, also for a property of that: another module declares it. */
export function isRequired({ value }: Binding): boolean {
  let at = value;
  while (at?.type === 'MemberExpression' || at?.type === 'AwaitExpression')
    at = at.type === 'MemberExpression' ? at.object : at.argument;
  if (at?.type === 'ImportExpression') return true;
  if (at?.type !== 'CallExpression') return false;
  const { callee } = at;
  return callee.type === 'Import' || (callee.type === 'Identifier' && callee.name === 'require');
}

function contains(node: t.Node, inner: t.Node): boolean {
  return node.start! <= inner.start! && inner.end! <= node.end!;
}

function isAssigned(body: t.Node, identifier: t.Node): boolean {
  const name = identifier.type === 'Identifier' ? identifier.name : null;
  let found = false;
  walk(body, (node) => {
    if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier' && node.left.name === name)
      found = true;
    return found ? false : undefined;
  });
  return found;
}

function hasDefaultFor(parameter: t.Node, identifier: t.Node): boolean {
  let found = false;
  walk(parameter, (node) => {
    if (node.type === 'AssignmentPattern' && node.left === identifier) found = true;
    return found ? false : undefined;
  });
  return found;
}

/** True when a binding's scope is the script itself rather than a function in it. */
export function isModuleScope(chain: readonly t.Node[], scope: t.Node): boolean {
  const depth = chain.indexOf(scope);
  return !chain.slice(0, depth + 1).some((node) => isFunction(node) && !isModuleWrapper(chain, node));
}

/** Bundlers wrap modules: `(() => { ... })()` or `"./a.js": (module, exports) => { ... }` at the top of a script. */
function isModuleWrapper(chain: readonly t.Node[], node: t.Node): boolean {
  const depth = chain.indexOf(node);
  return (
    chain.slice(0, depth).every((outer) => !isFunction(outer)) && chain[depth - 1]?.type === 'CallExpression'
  );
}

type Found = Omit<Binding, 'scope'>;

function bindingIn(scope: t.Node, name: string): Found | null {
  if (isFunction(scope)) {
    for (const parameter of scope.params) {
      const identifier = inPattern(parameter, name);
      if (identifier) return { identifier, value: null };
    }
    return hoisted(scope.body, name) ?? ownName(scope, name);
  }
  switch (scope.type) {
    case 'Program':
      return lexical(scope.body, name) ?? hoisted(scope, name);
    case 'BlockStatement':
    case 'StaticBlock':
      return lexical(scope.body, name);
    case 'SwitchStatement':
      return lexical(
        scope.cases.flatMap((branch) => branch.consequent),
        name,
      );
    case 'ForStatement':
      return scope.init ? lexical([scope.init], name) : null;
    case 'ForInStatement':
    case 'ForOfStatement':
      return lexical([scope.left], name);
    case 'CatchClause': {
      const identifier = scope.param ? inPattern(scope.param, name) : null;
      return identifier ? { identifier, value: null } : null;
    }
    default:
      return isClass(scope) ? ownName(scope, name) : null;
  }
}

function ownName(node: t.Node, name: string): Found | null {
  const id = 'id' in node ? (node.id as t.Node | null | undefined) : null;
  return id?.type === 'Identifier' && id.name === name ? { identifier: id, value: node } : null;
}

/** Declarations that stand directly in a list of statements. */
function lexical(statements: readonly t.Node[], name: string): Found | null {
  for (const statement of statements) {
    const declaration =
      (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') &&
      statement.declaration
        ? statement.declaration
        : statement;
    if (declaration.type === 'VariableDeclaration') {
      const found = inDeclarators(declaration, name);
      if (found) return found;
    } else if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') {
      const found = ownName(declaration, name);
      if (found) return found;
    } else if (declaration.type === 'ImportDeclaration') {
      for (const specifier of declaration.specifiers) {
        if (specifier.local.name === name) return { identifier: specifier.local, value: declaration };
      }
    }
  }
  return null;
}

/** `var`s and functions anywhere in a function body, but not in functions inside it. */
function hoisted(body: t.Node, name: string): Found | null {
  let found: Found | null = body.type === 'BlockStatement' ? lexical(body.body, name) : null;
  if (found) return found;
  walk(body, (node) => {
    if (found || (node !== body && (isFunction(node) || isClass(node)))) return false;
    if (node.type === 'VariableDeclaration' && node.kind === 'var') found = inDeclarators(node, name);
    return undefined;
  });
  return found;
}

function inDeclarators(declaration: t.VariableDeclaration, name: string): Found | null {
  for (const declarator of declaration.declarations) {
    const identifier = inPattern(declarator.id, name);
    if (identifier) return { identifier, value: declarator.init ?? null };
  }
  return null;
}

/** The identifier called `name` in a parameter or destructuring pattern. */
function inPattern(pattern: t.Node, name: string): t.Node | null {
  switch (pattern.type) {
    case 'Identifier':
      return pattern.name === name ? pattern : null;
    case 'AssignmentPattern':
      return inPattern(pattern.left, name);
    case 'RestElement':
      return inPattern(pattern.argument, name);
    case 'ObjectProperty':
      return inPattern(pattern.value, name);
    case 'ObjectPattern':
    case 'ArrayPattern': {
      for (const child of childNodes(pattern)) {
        const found = inPattern(child, name);
        if (found) return found;
      }
      return null;
    }
    case 'TSParameterProperty':
      return inPattern(pattern.parameter, name);
    default:
      return null;
  }
}

import type * as t from '@babel/types';
import { isClass, isFunction, walk } from './syntax';

/** The written name of a property key: `a`, `'a'`, `#a`, `1`; null for computed keys. */
export function keyName(key: t.Node, computed: boolean): string | null {
  switch (key.type) {
    case 'Identifier':
      return computed ? null : key.name;
    case 'PrivateName':
      return `#${key.id.name}`;
    case 'StringLiteral':
      return key.value;
    case 'NumericLiteral':
      return String(key.value);
    default:
      return null;
  }
}

/**
 * Where a field of a class is declared: its field declaration, or else the first `this.name =` (for statics
 * `Class.name =` inside the class). For a constructor function, the first `this.name =` in it.
 */
export function findField(owner: t.Node, name: string, isStatic: boolean): t.Node | null {
  if (isClass(owner)) {
    for (const member of owner.body.body) {
      if (
        (member.type === 'ClassProperty' ||
          member.type === 'ClassPrivateProperty' ||
          member.type === 'ClassAccessorProperty') &&
        (member.static ?? false) === isStatic &&
        matches(member, name)
      ) {
        return member.key;
      }
    }
  }
  return findThisAssignment(owner, name);
}

/** `[registry] = []`: V8 calls the property `<symbol registry>` after the symbol's description, the code after its variable. */
function matches(
  member: t.ClassProperty | t.ClassPrivateProperty | t.ClassAccessorProperty,
  name: string,
): boolean {
  const computed = 'computed' in member && member.computed === true;
  if (keyName(member.key, computed) === name) return true;
  const symbol = /^<symbol (.*)>$/.exec(name);
  return (
    symbol !== null && computed && member.key.type === 'Identifier' && likeSymbol(member.key.name, symbol[1]!)
  );
}

function likeSymbol(variable: string, description: string): boolean {
  const plain = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
  const [a, b] = [plain(variable), plain(description)];
  return a === b || (a.length > 2 && b.endsWith(a)) || (b.length > 2 && a.endsWith(b));
}

function findThisAssignment(owner: t.Node, name: string): t.Node | null {
  const symbol = /^<symbol (.*)>$/.exec(name)?.[1];
  const aliases = new Set<string>();
  const isThis = (node: t.Node) =>
    node.type === 'ThisExpression' || (node.type === 'Identifier' && aliases.has(node.name));
  let found: t.Node | null = null;
  walk(owner, (node) => {
    if (found) return false;
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && yieldsThis(node.init))
      aliases.add(node.id.name);
    if (
      node !== owner &&
      (isClass(node) || node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression')
    ) {
      return false;
    }
    if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') {
      const { object, property, computed } = node.left;
      const named =
        keyName(property, computed) === name ||
        (symbol !== undefined &&
          computed &&
          property.type === 'Identifier' &&
          likeSymbol(property.name, symbol));
      if (isThis(object) && named) found = property;
    } else if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier') {
      if (yieldsThis(node.right)) aliases.add(node.left.name);
    } else {
      found = definedField(node, name, isThis);
    }
    return undefined;
  });
  return found;
}

/** `this`, and how compilers write what `super(...)` returns: `_super.call(this) || this`, `_callSuper(this, Child)`. */
function yieldsThis(node: t.Node | null | undefined): boolean {
  if (!node) return false;
  if (node.type === 'ThisExpression') return true;
  if (node.type === 'LogicalExpression') return yieldsThis(node.right) || yieldsThis(node.left);
  if (node.type !== 'CallExpression') return false;
  const [first] = node.arguments;
  return first?.type === 'ThisExpression' && /super|^(call|apply)$/i.test(lastName(node.callee) ?? '');
}

/**
 * Where a private field is made that a compiler wrote as a WeakMap for older targets: `__privateAdd(this, _items, [])`
 * (esbuild, Babel's `_classPrivateFieldInitSpec`), `_Journal_items.set(this, [])` (TypeScript).
 */
export function findLoweredPrivate(program: t.Node, variable: string): t.Node | null {
  let found: t.Node | null = null;
  walk(program, (node) => {
    if (found) return false;
    if (node.type !== 'CallExpression' || node.arguments[0]?.type !== 'ThisExpression') return undefined;
    const { callee } = node;
    if (callee.type === 'Identifier' && /private(Add|Field)/i.test(callee.name)) {
      found = node.arguments.find((one) => one.type === 'Identifier' && one.name === variable) ?? null;
    } else if (callee.type === 'MemberExpression' && keyName(callee.property, callee.computed) === 'set') {
      if (callee.object.type === 'Identifier' && callee.object.name === variable) found = callee.object;
    }
    return undefined;
  });
  return found;
}

/** The written name of the class that a class extends; null for none and for what is computed. */
export function superName(owner: t.Node): string | null {
  return isClass(owner) && owner.superClass ? lastName(owner.superClass) : null;
}

/** The class of this name in a script. */
export function findClass(program: t.Node, name: string): t.Node | null {
  let found: t.Node | null = null;
  walk(program, (node) => {
    if (found) return false;
    if (isClass(node) && node.id?.name === name) found = node;
    else if (node.type === 'VariableDeclarator' && node.init && isClass(node.init)) {
      if (node.id.type === 'Identifier' && node.id.name === name) found = node.init;
    }
    return undefined;
  });
  return found;
}

/**
 * The property in the first assignment `<anything>.owner.name =` or `owner.name =` of a script that gives it a real
 * value (compilers begin CommonJS files with `exports.name = void 0`); `owner` null takes any. A compiled field
 * definition `helper(owner, "name", value)` counts too.
 */
export function findMemberAssignment(program: t.Node, owner: string | null, name: string): t.Node | null {
  const symbol = /^<symbol (.*)>$/.exec(name)?.[1];
  const keys = symbol === undefined ? null : variablesOfSymbol(program, symbol);
  let found: t.Node | null = null;
  walk(program, (node) => {
    if (found) return false;
    if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') {
      const { object, property, computed } = node.left;
      const isKey = computed && property.type === 'Identifier' && keys?.has(property.name);
      const named =
        (isKey || keyName(property, computed) === name) && (owner === null || isCalled(object, owner));
      const value = unwrapped(node.right);
      if (named && !(value?.type === 'UnaryExpression' && value.operator === 'void')) found = property;
    } else if (owner !== null) {
      found = definedField(node, name, (object) => isCalled(object, owner));
    }
    return undefined;
  });
  return found;
}

/** `KEY` of `const KEY = Symbol.for('app.hits')`, by the description of the symbol. */
function variablesOfSymbol(program: t.Node, description: string): Set<string> {
  const names = new Set<string>();
  walk(program, (node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return undefined;
    if (node.init?.type !== 'CallExpression') return undefined;
    const [text] = node.init.arguments;
    if (text?.type === 'StringLiteral' && text.value === description) names.add(node.id.name);
    return undefined;
  });
  return names;
}

/** `__publicField(this, "name", value)`: how compilers write class fields for older targets. */
function definedField(node: t.Node, name: string, isOwner: (object: t.Node) => boolean): t.Node | null {
  if (node.type !== 'CallExpression' || node.arguments.length < 3) return null;
  const [object, key] = node.arguments;
  return key?.type === 'StringLiteral' && key.value === name && isOwner(object!) ? key : null;
}

/** True for `owner`, `anything.owner`; of a dotted name all parts count. */
function isCalled(node: t.Node, owner: string): boolean {
  const dot = owner.lastIndexOf('.');
  if (lastName(node) !== owner.slice(dot + 1)) return false;
  return dot === -1 || (node.type === 'MemberExpression' && isCalled(node.object, owner.slice(0, dot)));
}

/** The last written name of an expression: `b` of `a.b`, `a` of `a`, `exports` of `module.exports`. */
function lastName(node: t.Node): string | null {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression') return keyName(node.property, node.computed);
  return null;
}

/**
 * `this.name =` in a function that is not the constructor itself, as older code writes methods: the first in a
 * function called after the class (`hashClear` of `Hash`), else the first of the script.
 */
export function findMethodAssignment(program: t.Node, className: string | null, name: string): t.Node | null {
  let first: t.Node | null = null;
  let named: t.Node | null = null;
  walk(program, (node) => {
    if (named) return false;
    if (node.type !== 'FunctionDeclaration' && node.type !== 'FunctionExpression') return undefined;
    const key = findThisAssignment(node, name);
    if (!key) return undefined;
    first ??= key;
    if (className && node.id?.name.toLowerCase().startsWith(className.toLowerCase())) named = key;
    return undefined;
  });
  return named ?? first;
}

/** The property `name` of a literal that is assigned to the variable `owner` after its declaration. */
export function findAssignedProperty(
  program: t.Node,
  owner: string,
  name: string,
): { key: t.Node; value: t.Node } | null {
  let found: { key: t.Node; value: t.Node } | null = null;
  walk(program, (node) => {
    if (found) return false;
    if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier' && node.left.name === owner) {
      const value = unwrapped(node.right);
      found = value ? findProperty(value, name) : null;
    }
    return undefined;
  });
  return found;
}

/** The key of property `name` in an object literal, or in one of those that `Object.assign` joins, and its value. */
export function findProperty(literal: t.Node, name: string): { key: t.Node; value: t.Node } | null {
  if (literal.type === 'CallExpression' && lastName(literal.callee) === 'assign') {
    for (const part of literal.arguments) {
      const found = findProperty(part, name);
      if (found) return found;
    }
  }
  if (literal.type !== 'ObjectExpression') return null;
  for (const property of literal.properties) {
    if (property.type === 'ObjectProperty' && keyName(property.key, property.computed) === name) {
      return { key: property.key, value: property.value };
    }
  }
  return null;
}

/** What an expression yields once casts, parentheses and `Object.freeze(...)` around a literal are taken off. */
export function unwrapped(node: t.Node | null): t.Node | null {
  while (node) {
    if (
      node.type === 'TSAsExpression' ||
      node.type === 'TSSatisfiesExpression' ||
      node.type === 'TSNonNullExpression'
    ) {
      node = node.expression;
    } else if (
      node.type === 'CallExpression' &&
      node.arguments.length > 0 &&
      lastName(node.callee) === 'freeze'
    ) {
      node = node.arguments[0]!;
    } else if (node.type === 'AssignmentExpression') {
      node = node.right;
    } else {
      return node;
    }
  }
  return null;
}

/** The name of the function or class that encloses the end of a chain, for words such as "inside handler". */
export function enclosingName(chain: readonly t.Node[]): string | null {
  for (let index = chain.length - 1; index >= 0; index--) {
    const node = chain[index]!;
    if (!isFunction(node)) continue;
    if ('id' in node && node.id?.type === 'Identifier') return node.id.name;
    if ('key' in node) return keyName(node.key, 'computed' in node && node.computed === true);
    const parent = chain[index - 1];
    if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
    if (parent?.type === 'ObjectProperty') return keyName(parent.key, parent.computed);
  }
  return null;
}

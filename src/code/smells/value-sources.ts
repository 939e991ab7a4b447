import ts from 'typescript';
import { asSeenFrom, enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { referencesTo } from '../program/references';
import { isCountedUp } from './key-forms';
import { bare, isAssignment } from './member-chains';

/** `table` of `Object.keys(table)`, `Array.from(table.values())`: what is listed of it is no more than it has. */
export function ownerOfKeys(list: ts.Expression): ts.Expression {
  if (!ts.isCallExpression(list)) return list;
  const [first] = list.arguments;
  if (first && /^(Object\.(keys|values|entries)|Array\.from)$/.test(list.expression.getText()))
    return ownerOfKeys(bare(first));
  const isOfMap =
    ts.isPropertyAccessExpression(list.expression) &&
    list.arguments.length === 0 &&
    /^(keys|values|entries)$/.test(list.expression.name.text);
  return isOfMap ? bare((list.expression as ts.PropertyAccessExpression).expression) : list;
}

/**
 * A list that lives as long as its module, and all that it ever had: of one that is made new, and of an object that gives one
 * thing after the other, nothing is known.
 */
export function isListOfModule(file: ParsedFile, name: ts.Identifier): boolean {
  const declared = file.checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (!declared || !ts.isVariableDeclaration(declared) || enclosingFunction(declared) !== null) return false;
  if (declared.initializer && assignedTo(file, declared).length > 0) return false;
  const made = declared.initializer && bare(declared.initializer);
  return !made || !ts.isNewExpression(made) || /^(Map|Set|Array)$/.test(made.expression.getText());
}

/** `this.jobs`, where the class takes out again what it puts there: it had more than it has. */
export function comesAndGoes(field: ts.PropertyAccessExpression): boolean {
  const around = ts.findAncestor(field, ts.isClassLike);
  const name = field.name.text.replaceAll('$', '\\$');
  const taken = `this\\.${name}[!?]?\\.(delete|shift|splice|pop)\\(|delete this\\.${name}\\[`;
  return around !== undefined && new RegExp(taken).test(around.getText());
}

/** What a name is given where it is declared within a node; null where it is not. */
export function initializerWithin(around: ts.Node, name: string): ts.Expression | null {
  let found: ts.Expression | null = null;
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name && node.initializer)
      found = node.initializer;
    ts.forEachChild(node, visit);
  };
  visit(around);
  return found;
}

/** What a name stands for in the same function: `const limiter = new Limiter(name); limiters.set(name, limiter)`. */
export function standsFor(value: ts.Expression): ts.Expression {
  const around = ts.isIdentifier(value) ? enclosingFunction(value) : null;
  return (around && initializerWithin(around, value.getText())) ?? value;
}

/** What the constructor of the class around it puts into a field. */
export function assignedByConstructor(access: ts.PropertyAccessExpression): ts.Expression[] {
  const making = ts.findAncestor(access, ts.isClassLike)?.members.find(ts.isConstructorDeclaration);
  const given: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    const isAssigned = ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind);
    if (isAssigned && node.left.getText() === access.getText()) given.push(node.right);
    ts.forEachChild(node, visit);
  };
  if (making?.body) visit(making.body);
  return given;
}

/** `let next = 0; … next++`, `next += 1` */
export function countsUp(file: ParsedFile, { name, parent }: ts.VariableDeclaration): boolean {
  if ((parent.flags & ts.NodeFlags.Const) !== 0 || !ts.isIdentifier(name)) return false;
  const there = asSeenFrom(file, name.getSourceFile());
  return referencesTo(there, name).some(
    (node) =>
      ts.isPostfixUnaryExpression(node.parent) || isCountedUp(node.parent) || isCountedOn(node.parent),
  );
}

/** `next += 1`, where that is all that is done. */
function isCountedOn(node: ts.Node): boolean {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken &&
    node.right.getText() === '1' &&
    ts.isExpressionStatement(node.parent)
  );
}

/** What a variable that is no constant gets later. */
export function assignedTo(file: ParsedFile, declared: ts.VariableDeclaration): ts.Expression[] {
  const isConstant = (declared.parent.flags & ts.NodeFlags.Const) !== 0;
  if (isConstant || !ts.isIdentifier(declared.name)) return [];
  const { text } = declared.name;
  const there = asSeenFrom(file, declared.getSourceFile());
  return referencesTo(there, declared.name).flatMap(({ parent }) =>
    ts.isBinaryExpression(parent) && isAssignment(parent.operatorToken.kind) && parent.left.getText() === text
      ? [parent.right]
      : [],
  );
}

/** What is put into a list after it was made: `const names = []; … names.push(match[1])`. */
export function pushedTo(file: ParsedFile, { name, initializer }: ts.VariableDeclaration): ts.Expression[] {
  if (!initializer || !ts.isArrayLiteralExpression(bare(initializer)) || !ts.isIdentifier(name)) return [];
  return referencesTo(asSeenFrom(file, name.getSourceFile()), name).flatMap(({ parent }) => {
    const isPush = ts.isPropertyAccessExpression(parent) && /^(push|unshift)$/.test(parent.name.text);
    return isPush && ts.isCallExpression(parent.parent) ? [...parent.parent.arguments] : [];
  });
}

/** `[]` or `{}`, which says nothing of what will be in it. */
export function isEmptyLiteral(initializer: ts.Expression): boolean {
  const made = bare(initializer);
  if (ts.isObjectLiteralExpression(made)) return made.properties.length === 0;
  return ts.isArrayLiteralExpression(made) && made.elements.length === 0;
}

/** The names and members in a list that is written out: `[giver, taker]`; of what is written out itself there are as many as that. */
export function namedIn({ elements }: ts.ArrayLiteralExpression): ts.Expression[] {
  return elements.filter((one) => ts.isIdentifier(one) || ts.isPropertyAccessExpression(one));
}

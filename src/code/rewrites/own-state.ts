import ts from 'typescript';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { bare } from '../smells/member-chains';
import { isAssigned } from './assigned';
import { isChanged } from './changing-entries';
import { keepsPlace } from './pattern-flags';

/**
 * Where a function changes a variable that was made with it, `n` of `let n = 0; return () => n++`, or an object of its own: what is
 * made anew begins with another one. Null where it changes none, or only what outlives an entry, as all that `kept` stands in does.
 */
export function changeOfOwnVariable(file: ParsedFile, called: ts.Node, kept: ts.Node): ts.Node | null {
  return firstIn(called, (name) => {
    if (!ts.isIdentifier(name)) return false;
    const declared = file.checker.getSymbolAtLocation(name)?.valueDeclaration;
    const around = declared ? enclosingFunction(declared) : null;
    if (!declared || !around || isWithin(declared, called) || isWithin(kept, around)) return false;
    if (isAssigned(name)) return !isMadeLate(name);
    return ts.isVariableDeclaration(declared) && isUsedUp(file, name, declared);
  });
}

/** Where a method changes its object: `this.count++`, `this.seen.add(x)`; what it makes of the object alone is no state. */
export function changeOfThis(file: ParsedFile, called: ts.Node): ts.Node | null {
  return firstIn(called, (node) => {
    if (node.kind !== ts.SyntaxKind.ThisKeyword || !isChanged(node, CHANGES)) return false;
    let member: ts.Node = node;
    while (isMemberOf(member.parent, member)) member = member.parent;
    const isOwnMethod =
      member.parent !== node.parent && node.parent === member && ts.isCallExpression(member.parent);
    return !isOwnMethod && !isMadeLate(member) && !isMadeOfThis(file, member);
  });
}

/** `this.total = sum(this.rows)`: nothing goes into it that was given later, nor what it was before. */
function isMadeOfThis({ checker }: ParsedFile, member: ts.Node): boolean {
  const { parent } = member;
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false;
  const made = bare(parent.right);
  const value = ts.isAwaitExpression(made) ? bare(made.expression) : made;
  if (!ts.isCallExpression(value) && !ts.isNewExpression(value)) return false;
  const written = member.getText();
  const isFromElsewhere = (node: ts.Node): boolean => {
    if (node.getText() === written) return true;
    const declared = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node)?.valueDeclaration : undefined;
    return declared !== undefined && ts.isParameter(declared);
  };
  return !GOES_ON.test(value.expression.getText()) && firstIn(value, isFromElsewhere) === null;
}

/** `seen.add(x)`, `state.count = 1`, `rows.next()`, `pattern.test(x)` of one that keeps its place; what is made there is in no other hands. */
function isUsedUp(file: ParsedFile, name: ts.Identifier, { initializer }: ts.VariableDeclaration): boolean {
  const made = initializer && bare(initializer);
  if (!made) return false;
  if (ts.isCallExpression(made)) return isChanged(name, /^next$/);
  if (ts.isRegularExpressionLiteral(made)) return isChanged(name, SEARCHES) && keepsPlace(file, made);
  if (ts.isNewExpression(made) && isChanged(name, SEARCHES)) return keepsPlace(file, made);
  const isMade =
    ts.isNewExpression(made) || ts.isArrayLiteralExpression(made) || ts.isObjectLiteralExpression(made);
  return isMade && isChanged(name, CHANGES);
}

const CHANGES = /^(set|add|push|unshift|delete|clear|splice|pop|shift|next)$/;
const SEARCHES = /^(test|exec)$/;

const GOES_ON = /^(set(Timeout|Interval|Immediate)|Date(\.now)?|performance\.now|process\.\w+|Math\.random)$/;

/** `parsed ??= parse(text)`: what is made of the same is the same; of what goes on by itself that does not hold. */
function isMadeLate({ parent }: ts.Node): boolean {
  if (!ts.isBinaryExpression(parent)) return false;
  const { kind } = parent.operatorToken;
  const isLate =
    kind === ts.SyntaxKind.QuestionQuestionEqualsToken || kind === ts.SyntaxKind.BarBarEqualsToken;
  const value = bare(parent.right);
  const made = ts.isAwaitExpression(value) ? bare(value.expression) : value;
  return (
    isLate &&
    (ts.isCallExpression(made) || ts.isNewExpression(made)) &&
    !GOES_ON.test(made.expression.getText())
  );
}

function firstIn(around: ts.Node, fits: (node: ts.Node) => boolean): ts.Node | null {
  let found: ts.Node | null = null;
  const visit = (node: ts.Node): void => {
    if (fits(node)) found = node;
    if (!found) ts.forEachChild(node, visit);
  };
  visit(around);
  return found;
}

function isMemberOf(parent: ts.Node, node: ts.Node): boolean {
  return (
    (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) &&
    parent.expression === node
  );
}

function isWithin(node: ts.Node, around: ts.Node): boolean {
  return node.getSourceFile() === around.getSourceFile() && around.pos <= node.pos && node.end <= around.end;
}

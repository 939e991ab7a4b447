import ts from 'typescript';
import { asSeenFrom, hasModifier, type ParsedFile } from '../program/parsed-file';
import { isPublicApi } from '../program/public-api';
import { referencesElsewhere, referencesTo } from '../program/references';
import { isTestFile } from '../program/test-files';

/** The calls of a function that were found, and whether there can be others. */
export interface Callers {
  readonly calls: readonly (ts.CallExpression | ts.NewExpression)[];
  readonly complete: boolean;
  /** Whoever has the file or the package may call it. */
  readonly isExported: boolean;
}

const known = new WeakMap<ts.Node, Callers | null>();

/** Who calls a function or method by its name, or makes objects of its class; null for one without a name. Tests aside. */
export function knownCallers(file: ParsedFile, called: ts.SignatureDeclaration): Callers | null {
  const before = known.get(called);
  if (before !== undefined) return before;
  known.set(called, null);
  const found = find(file, called);
  known.set(called, found);
  return found;
}

function find(file: ParsedFile, called: ts.SignatureDeclaration): Callers | null {
  const name = nameOf(called);
  if (!name) return null;
  const source = called.getSourceFile();
  const { checker } = file;
  const symbol = checker.getSymbolAtLocation(name);
  if (!symbol) return null;
  const there = asSeenFrom(file, source);
  const elsewhere = referencesElsewhere(there, name.text, symbol).flatMap(({ node, sure }) =>
    sure ? [node] : [],
  );
  const mentions = [...referencesTo(there, name), ...elsewhere].filter(
    (node) =>
      !ts.isImportSpecifier(node.parent) &&
      !ts.isExportSpecifier(node.parent) &&
      !ts.isImportClause(node.parent) &&
      !isTestFile(node.getSourceFile().fileName),
  );
  const calls = mentions.flatMap((mention) => {
    const { parent } = mention;
    const callee = ts.isPropertyAccessExpression(parent) && parent.name === mention ? parent : mention;
    const { parent: call } = callee;
    const isCall = (ts.isCallExpression(call) || ts.isNewExpression(call)) && call.expression === callee;
    return isCall ? [call as ts.CallExpression | ts.NewExpression] : [];
  });
  const isPlain = ts.isFunctionDeclaration(called) || ts.isVariableDeclaration(called.parent);
  const isLocal = (isPlain && !isGivenOut(called, name, source.text)) || isPrivate(called, name);
  const isExported = isGivenOut(called, name, source.text);
  const isOpen = !isLocal && (file.others === null || isPublicApi(there));
  return { calls, complete: calls.length === mentions.length && !isOpen, isExported };
}

function isPrivate(called: ts.Node, name: ts.Identifier | ts.PrivateIdentifier): boolean {
  return (
    ts.isPrivateIdentifier(name) ||
    (ts.canHaveModifiers(called) && hasModifier(called, ts.SyntaxKind.PrivateKeyword))
  );
}

function isGivenOut(called: ts.Node, name: ts.Identifier | ts.PrivateIdentifier, text: string): boolean {
  if (ts.canHaveModifiers(called) && hasModifier(called, ts.SyntaxKind.ExportKeyword)) return true;
  const statement = ts.findAncestor(called, ts.isVariableStatement);
  if (
    statement &&
    called.parent.parent.parent === statement &&
    hasModifier(statement, ts.SyntaxKind.ExportKeyword)
  )
    return true;
  const word = name.text.replaceAll('$', '\\$');
  return (
    new RegExp(`\\bexports?\\b[^\\n]*\\b${word}\\b`).test(text) ||
    new RegExp(`\\bmodule\\.exports\\s*=\\s*\\{[^}]*\\b${word}\\b`).test(text)
  );
}

function nameOf(node: ts.Node): ts.Identifier | ts.PrivateIdentifier | null {
  if (ts.isConstructorDeclaration(node)) return node.parent.name ?? null;
  const { name } = node as Partial<ts.FunctionDeclaration | ts.MethodDeclaration>;
  if (name) return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? name : null;
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name;
  if (ts.isPropertyAssignment(parent) && ts.isIdentifier(parent.name)) return parent.name;
  if (
    ts.isPropertyDeclaration(parent) &&
    (ts.isIdentifier(parent.name) || ts.isPrivateIdentifier(parent.name))
  )
    return parent.name;
  if (ts.isBinaryExpression(parent) && ts.isPropertyAccessExpression(parent.left)) {
    return parent.left.getText() === 'module.exports' ? null : parent.left.name;
  }
  return null;
}

import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';

/** `conf.clients = list`, `delete options.clients`: what a call is given or gives, and no object of a class. */
export function isOfOptions(used: ts.Node): boolean {
  const holder = ts.isPropertyAccessExpression(used) ? used.expression.getText() : '';
  return /^(conf|config|configuration|opts?|options|settings|params|query|body|payload|res|req|response|request)$/.test(
    holder,
  );
}

/** `report.profiles` of `const report = {}`: what belongs to a class is not in there. */
export function isOfWrittenObject({ checker }: ParsedFile, used: ts.Node): boolean {
  const holder = ts.isPropertyAccessExpression(used) ? used.expression : null;
  const declared = holder && ts.isIdentifier(holder) && checker.getSymbolAtLocation(holder)?.valueDeclaration;
  return (
    !!declared &&
    ts.isVariableDeclaration(declared) &&
    !!declared.initializer &&
    ts.isObjectLiteralExpression(declared.initializer)
  );
}

import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { placesOfMember, resolve } from '../program/references';
import { isTestFile } from '../program/test-files';
import type { UnboundedCollection } from '../smells/unbounded-collection';

/**
 * Why a field must stay of its kind: TypeScript reaches a member of its name on a value of the type `any`, in a file that
 * knows its class or imports its module. Null where none does. Of JavaScript nothing can be told so, since there most values
 * have no type.
 */
export function refuseAnyReceiver(file: ParsedFile, collection: UnboundedCollection): string | null {
  const { name, place, uses } = collection;
  const isField = place === 'instance' || place === 'static';
  if (!isField || ts.isPrivateIdentifier(name) || !/\.[cm]?tsx?$/.test(file.file)) return null;
  const known = new Set<ts.Node>(uses.map(({ node }) => node));
  const found = placesOfMember(file, name.text).find((member) => {
    const source = member.getSourceFile();
    const access = member.parent as ts.PropertyAccessExpression;
    const isOwn = access.expression.kind === ts.SyntaxKind.ThisKeyword || known.has(access);
    if (isOwn || resolve(file.checker, member) || isTestFile(source.fileName)) return false;
    return (
      /\.[cm]?tsx?$/.test(source.fileName) && knows(file, source, collection.owner) && isAny(file, access)
    );
  });
  if (!found) return null;
  const source = found.getSourceFile();
  const line = source.getLineAndCharacterOfPosition(found.getStart()).line + 1;
  const where =
    source === file.source ? `line ${line}` : `${source.fileName.split(/[\\/]/).at(-1)}, line ${line},`;
  return `In ${where} a value of the type any has a member ${name.text}, which may be this one.`;
}

function isAny({ checker }: ParsedFile, { expression }: ts.PropertyAccessExpression): boolean {
  return (checker.getTypeAtLocation(expression).flags & ts.TypeFlags.Any) !== 0;
}

/** The file itself, one that names the class, or one that imports the file. */
function knows(file: ParsedFile, source: ts.SourceFile, owner: string): boolean {
  if (source === file.source || (owner !== '' && source.text.includes(owner))) return true;
  return source.statements.some(
    (node) =>
      ts.isImportDeclaration(node) &&
      file.checker.getSymbolAtLocation(node.moduleSpecifier)?.valueDeclaration === file.source,
  );
}

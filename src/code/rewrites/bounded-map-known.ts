import ts from 'typescript';

/** The class's name, in whatever file it stands. */
export const CLASS = 'BoundedMap';

/** How many parameters a method of the class has at least, and at most; others may have been added that can be left out. */
const METHODS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  get: [1, 1],
  has: [1, 1],
  set: [2, 2],
  delete: [1, 1],
  clear: [0, 0],
  forEach: [1, 2],
  keys: [0, 0],
  values: [0, 0],
  entries: [0, 0],
  '[Symbol.iterator]': [0, 0],
};

const LIMIT = /^(limit|capacity|size|max\w*)$/i;

/**
 * True of a file that exports the class as an earlier rewrite wrote it, whatever has been printed anew or added since: others
 * give the name to other things. `commonJs` says how it has to export it.
 */
export function isBoundedMap(source: ts.SourceFile, commonJs: boolean): boolean {
  const found = source.statements.find(
    (node): node is ts.ClassDeclaration => ts.isClassDeclaration(node) && node.name?.text === CLASS,
  );
  if (!found) return false;
  const isExported = commonJs ? EXPORTED.test(source.text) : isExportedByName(source, found);
  return isExported && takesLimit(found) && hasAllMembers(source, found);
}

const EXPORTED = new RegExp(
  `\\bmodule\\.exports\\s*=\\s*\\{[^{}]*\\b${CLASS}\\b(?!\\s*:)|\\bexports\\.${CLASS}\\s*=\\s*${CLASS}\\b`,
);

function isExportedByName(source: ts.SourceFile, { modifiers }: ts.ClassDeclaration): boolean {
  const kinds = new Set(modifiers?.map(({ kind }) => kind));
  if (kinds.has(ts.SyntaxKind.ExportKeyword)) return !kinds.has(ts.SyntaxKind.DefaultKeyword);
  return source.statements.some(
    (node) =>
      ts.isExportDeclaration(node) &&
      node.moduleSpecifier === undefined &&
      node.exportClause !== undefined &&
      ts.isNamedExports(node.exportClause) &&
      node.exportClause.elements.some(({ name }) => name.text === CLASS),
  );
}

function takesLimit({ members }: ts.ClassDeclaration): boolean {
  const [limit, ...others] = members.find(ts.isConstructorDeclaration)?.parameters ?? [];
  return limit !== undefined && LIMIT.test(limit.name.getText()) && others.every(isOptional);
}

function isOptional({ questionToken, initializer, dotDotDotToken }: ts.ParameterDeclaration): boolean {
  return questionToken !== undefined || initializer !== undefined || dotDotDotToken !== undefined;
}

function hasAllMembers(source: ts.SourceFile, { members }: ts.ClassDeclaration): boolean {
  const isPublic = ({ modifiers }: ts.MethodDeclaration | ts.GetAccessorDeclaration) =>
    modifiers?.every(({ kind }) => kind === ts.SyntaxKind.PublicKeyword) ?? true;
  const isCounted = members.some(
    (one) => ts.isGetAccessor(one) && isPublic(one) && one.name.getText(source) === 'size',
  );
  return (
    isCounted &&
    Object.entries(METHODS).every(([name, [least, most]]) =>
      members.some(
        (one) =>
          ts.isMethodDeclaration(one) &&
          isPublic(one) &&
          one.name.getText(source) === name &&
          one.parameters.length >= least &&
          one.parameters.slice(most).every(isOptional),
      ),
    )
  );
}

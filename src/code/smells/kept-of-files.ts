import ts from 'typescript';
import type { CollectionUse } from './collection-uses';
import { namedFunction } from './function-names';

/** Reads or loads a file. */
const READS_FILE =
  /^((fs|fsp|fsPromises|fse|require\(['"](node:)?fs['"]\))\.(promises\.)?\w*([rR]eadFile|[sS]tat|[rR]eaddir|[rR]ealpath|[eE]xists|[aA]ccess)\w*|(readFile|stat|readdir|realpath|exists)(Sync)?|require|require\.resolve|import)$/;

/** The key names a file that is read in the same function: there are as many entries as there are such files. */
export function isOfFileOnDisk(use: CollectionUse): boolean {
  const around = namedFunction(use.node);
  const [first] = use.kind === 'add' ? [use.key] : [];
  if (!around || !first || !/^[\w$]+$/.test(first)) return false;
  const word = new RegExp(`(?<![\\w$.])${first.replaceAll('$', '\\$')}(?![\\w$])`);
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      const reads = isImport || READS_FILE.test(node.expression.getText());
      found ||= reads && node.arguments.some((argument) => word.test(argument.getText()));
    }
    if (!found) ts.forEachChild(node, visit);
  };
  visit(around);
  return found;
}

/** The function that adds reads a file, though not under the very key; a module that it names is no such file. */
export function readsFile(use: CollectionUse): boolean {
  const around = namedFunction(use.node);
  let found = false;
  const visit = (node: ts.Node): void => {
    found ||=
      ts.isCallExpression(node) &&
      READS_FILE.test(node.expression.getText()) &&
      !node.arguments.every(ts.isStringLiteralLike);
    if (!found) ts.forEachChild(node, visit);
  };
  if (around) visit(around);
  return found;
}

import * as fs from 'node:fs';
import * as path from 'node:path';
import { packageOf } from '../program/package';
import type { ParsedFile } from '../program/parsed-file';
import { isGenerated, isSource } from '../program/source-files';

/** Why a file must not be edited: a machine writes it, and would write it again. Null where people do. */
export function refuseGenerated({ file, text }: ParsedFile): string | null {
  if (isGenerated(text) || !isSource(path.basename(file)))
    return `A tool wrote this file, and would write it again.`;
  const folder = outputFolder(file);
  return folder === null
    ? null
    : `A build writes what is in ${folder}: the change belongs where it is built from.`;
}

/** The folder of what a build makes that a file is in, where that which it is made from is in the same package. */
function outputFolder(file: string): string | null {
  const root = packageOf(file)?.packageJson;
  if (!root) return null;
  const project = path.dirname(root);
  const [top = '', ...rest] = path.relative(project, file).split(path.sep);
  const isOutput = rest.length > 0 && OUTPUT.test(top);
  const isBuilt = isOutput && BUILT_FROM.some((name) => fs.existsSync(path.join(project, name)));
  return isBuilt ? top : null;
}

const OUTPUT = /^(dist|out|build|coverage|\.next)$/;
const BUILT_FROM = ['src', 'tsconfig.json'];

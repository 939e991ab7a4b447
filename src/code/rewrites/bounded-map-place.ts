import * as fs from 'node:fs';
import * as path from 'node:path';
import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { isBoundedMap } from './bounded-map-known';

/** Where the class stands, or is to be written. */
export interface ClassPlace {
  readonly file: string;
  readonly isThere: boolean;
}

/** The second where a file of the project has the first, and holds something else. */
const NAMES = ['bounded-map', 'size-bounded-map'] as const;

/**
 * Where the class stands, or is to stand: the file of an earlier rewrite in the same package; else the top of the
 * package's sources (`src`, `lib`), which its build surely takes in, unless files there mean something by their place; else
 * the file's own folder. Null where files of others have all its names.
 */
export function classPlace(
  file: ParsedFile,
  packageJson: string | undefined,
  commonJs: boolean,
): ClassPlace | null {
  const extension = path.extname(file.file).replace(/x$/, '');
  // Compiled, `export` becomes what is wanted.
  const byExports = commonJs && !extension.includes('t');
  const root = packageJson === undefined ? null : path.dirname(packageJson);
  const others = (file.others ?? []).filter(
    ({ fileName }) => root !== null && fileName.startsWith(root + path.sep),
  );
  const earlier = others.find(
    (one) =>
      NAMES.some((name) => path.basename(one.fileName) === name + extension) && isBoundedMap(one, byExports),
  );
  if (earlier) return { file: path.normalize(earlier.fileName), isThere: true };
  const folder =
    root === null ? path.dirname(file.file) : folderFor(file.file, root, [file.source, ...others]);
  for (const name of NAMES) {
    const place = path.join(folder, name + extension);
    const there = sourceAt(place, others);
    if (there === null && isFree(path.join(folder, name), extension)) return { file: place, isThere: false };
    if (there && isBoundedMap(there, byExports)) return { file: place, isThere: true };
  }
  return null;
}

/** A file as the program has it, which may not be written yet, or as it is on disk. */
function sourceAt(file: string, program: readonly ts.SourceFile[]): ts.SourceFile | null {
  const known = program.find(({ fileName }) => path.normalize(fileName) === file);
  if (known) return known;
  const text = ts.sys.fileExists(file) ? ts.sys.readFile(file) : undefined;
  return text === undefined ? null : ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
}

/** Without an extension, `./bounded-map` must not mean another file, nor a build write over one. */
function isFree(stem: string, extension: string): boolean {
  if (/^\.[cm]/.test(extension)) return true;
  return !['', '.js', '.ts', '.jsx', '.tsx', '.json'].some((one) => fs.existsSync(stem + one));
}

function folderFor(file: string, root: string, program: readonly ts.SourceFile[]): string {
  const topOf = (one: string) => {
    const [top = '', ...rest] = path.relative(root, one).split(path.sep);
    return rest.length > 0 ? top : '';
  };
  const top = topOf(file);
  const texts = program.map(({ text }) => text);
  if (!isLoadedByPlace(top, texts)) return path.join(root, top);
  const shared = program.map(({ fileName }) => topOf(fileName)).find((one) => /^(lib|src|utils?)$/.test(one));
  return path.join(root, shared ?? '');
}

/** Frameworks make a route, a command or a plugin of each file in a folder that is called so. */
const BY_PLACE =
  /^(pages|routes|api|functions|plugins|commands|events|listeners|handlers|interactions|subscribers|middlewares?|models|controllers|services|migrations|seeds|jobs|tasks|hooks|policies|views|public)$/i;

/** True of `pages`, and of a folder that some file of the program lists: `readdirSync(path.join(__dirname, 'features'))`. */
function isLoadedByPlace(folder: string, texts: readonly string[]): boolean {
  if (folder === '') return false;
  if (BY_PLACE.test(folder)) return true;
  const name = folder.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const isNamed = new RegExp(`['"\`/]${name}['"\`/]`);
  return texts.some((text) => LISTS.test(text) && isNamed.test(text));
}

const LISTS =
  /\b(readdir(Sync)?|glob(Sync)?|globby|fg|autoload|autoLoad|requireDir(ectory)?|walk)\s*\(|@fastify\/autoload/;

import * as path from 'node:path';
import type { ParsedFile } from '../program/parsed-file';

/** The text of a file that has the class. */
export const CLASS_TEXT = /class BoundedMap\b/;

/**
 * Where the class stands, or is to stand: the file of an earlier rewrite in the same package; else the top of the
 * package's sources (`src`, `lib`), which its build surely takes in, unless files there mean something by their place; else
 * the file's own folder.
 */
export function targetFile(
  { file, source, others }: ParsedFile,
  packageJson: string | undefined,
  extension: string,
): string {
  const name = `bounded-map${extension}`;
  if (packageJson === undefined) return path.join(path.dirname(file), name);
  const root = path.dirname(packageJson);
  const program = [source, ...(others ?? [])].filter(({ fileName }) => fileName.startsWith(root + path.sep));
  const earlier = program.find(
    ({ fileName, text }) => path.basename(fileName) === name && CLASS_TEXT.test(text),
  );
  if (earlier) return path.normalize(earlier.fileName);
  const topOf = (one: string) => {
    const [top = '', ...rest] = path.relative(root, one).split(path.sep);
    return rest.length > 0 ? top : '';
  };
  const top = topOf(file);
  const texts = program.map(({ text }) => text);
  if (!isLoadedByPlace(top, texts)) return path.join(root, top, name);
  const shared = program.map(({ fileName }) => topOf(fileName)).find((one) => /^(lib|src|utils?)$/.test(one));
  return path.join(root, shared ?? '', name);
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

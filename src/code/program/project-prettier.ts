import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What is used of prettier 2 and 3. */
interface Prettier {
  format(text: string, options: object): string | Promise<string>;
  getFileInfo(
    file: string,
    options: { readonly ignorePath: string },
  ): Promise<{ readonly ignored: boolean; readonly inferredParser: string | null }>;
  resolveConfig(file: string, options: { readonly editorconfig: boolean }): Promise<object | null>;
}

/** Longer files take it too long for an edit to wait; characters. */
const MOST_CHARACTERS = 300_000;

/**
 * The text as the prettier of the file's project prints it; null where the project has none, leaves the file out, or cannot
 * format it. Runs code of the project, and so is for those who trust it.
 */
export async function printedByPrettier(file: string, text: string): Promise<string | null> {
  if (text.length > MOST_CHARACTERS) return null;
  try {
    const prettier = await prettierOf(file);
    if (!prettier || (await isLeftOut(prettier, file))) return null;
    const options = await prettier.resolveConfig(file, { editorconfig: true });
    return await prettier.format(text, { ...options, filepath: file });
  } catch {
    // A plugin that is not installed, syntax that it does not know: the edit stays as it is.
    return null;
  }
}

async function prettierOf(file: string): Promise<Prettier | null> {
  let entry: string;
  try {
    entry = createRequire(file).resolve('prettier');
  } catch {
    return null;
  }
  const loaded = (await import(pathToFileURL(entry).href)) as { readonly default?: Prettier } & Prettier;
  return loaded.default ?? loaded;
}

async function isLeftOut(prettier: Prettier, file: string): Promise<boolean> {
  const { ignored, inferredParser } = await prettier.getFileInfo(file, { ignorePath: ignoreFileOf(file) });
  return ignored || inferredParser === null;
}

/** The nearest `.prettierignore`; prettier itself looks for it only in the folder that it was started in. */
function ignoreFileOf(file: string): string {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, '.prettierignore');
    if (fs.existsSync(candidate) || folder === path.dirname(folder)) return candidate;
  }
}

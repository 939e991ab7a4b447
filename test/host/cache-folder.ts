import * as fs from 'node:fs';
import * as path from 'node:path';

/** The project's root: the nearest folder above the running file that has our package.json. */
export function projectRoot(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, 'esbuild.mjs'))) return folder;
    if (path.dirname(folder) === folder) throw new Error('The tests run outside of the project');
  }
}

/** What the tests fetch once is kept here: VS Code, browsers, Node versions. Git ignores it. */
export function cacheFolder(): string {
  return path.join(projectRoot(), '.vscode-test');
}

/** Where the build lies that the tests run: `dist`, unless HEAPWRIGHT_DIST names another. */
export function distFolder(): string {
  return process.env.HEAPWRIGHT_DIST ?? path.join(projectRoot(), 'dist');
}

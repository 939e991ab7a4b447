import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { distFolder, projectRoot } from './cache-folder';

/** What a user gets: the files that .vscodeignore leaves in the package. */
const SHIPPED = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'media'];

/** Lays the built extension into `extensions` as VS Code lays out installed ones. Returns its folder. */
export async function stageExtension(extensions: string): Promise<string> {
  const root = projectRoot();
  const { publisher, name, version } = JSON.parse(
    await fs.readFile(path.join(root, 'package.json'), 'utf8'),
  ) as Record<string, string>;
  const folder = path.join(extensions, `${publisher}.${name}-${version}`);
  await fs.mkdir(folder, { recursive: true });
  for (const entry of SHIPPED) {
    await fs.cp(path.join(root, entry), path.join(folder, entry), { recursive: true }).catch((error) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
  }
  await fs.cp(distFolder(), path.join(folder, 'dist'), { recursive: true });
  return folder;
}

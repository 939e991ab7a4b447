import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { cacheEntry } from './cache-entry';
import { npmInstall } from './npm';

const VERSION = '2.9.6';

/** The `deno` of the npm package that carries it for this system; fetched once into the cache. */
export async function denoBinary(): Promise<string> {
  const folder = await cacheEntry(`deno-${VERSION}`, (temporary) =>
    npmInstall(temporary, [`deno@${VERSION}`]),
  );
  // npm installs the one of its packages that is for this system.
  const packages = path.join(folder, 'node_modules/@deno');
  const [system] = await fs.readdir(packages);
  if (!system) throw new Error(`There is no Deno for ${process.platform}, ${process.arch}`);
  return path.join(packages, system, process.platform === 'win32' ? 'deno.exe' : 'deno');
}

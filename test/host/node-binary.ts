import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { cacheEntry } from './cache-entry';
import { npmInstall } from './npm';

/** The Node versions that the tests run programs with; the newest of each line when this list was last renewed. */
const VERSIONS: Readonly<Record<number, string>> = {
  18: '18.20.8',
  20: '20.20.2',
  22: '22.23.3',
  24: '24.21.0',
  26: '26.10.0',
};

/**
 * The `node` of a major version, from the npm package that carries it for this system; fetched once into the cache.
 * Safe when several processes ask at once.
 */
export async function nodeBinary(major: number): Promise<string> {
  const version = VERSIONS[major];
  if (!version) throw new Error(`No Node ${major} among the test versions`);
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const packageName = `node-${system}-${process.arch}`;
  const folder = await cacheEntry(path.join('node', version), async (temporary) => {
    await npmInstall(temporary, [`${packageName}@${version}`]);
    const unpacked = path.join(temporary, 'node_modules', packageName);
    for (const name of await fs.readdir(unpacked)) {
      if (name !== 'package.json') await fs.rename(path.join(unpacked, name), path.join(temporary, name));
    }
    await fs.rm(path.join(temporary, 'node_modules'), { recursive: true });
  });
  return path.join(folder, process.platform === 'win32' ? 'node.exe' : 'bin/node');
}

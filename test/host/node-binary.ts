import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder';

const run = promisify(execFile);

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
 * Safe when several processes ask at once: each unpacks into a folder of its own, and the first rename wins.
 */
export async function nodeBinary(major: number): Promise<string> {
  const version = VERSIONS[major];
  if (!version) throw new Error(`No Node ${major} among the test versions`);
  const folder = path.join(cacheFolder(), 'node', version);
  const name = process.platform === 'win32' ? 'node.exe' : 'bin/node';
  const binary = path.join(folder, name);
  if (await exists(binary)) return binary;

  const system = process.platform === 'win32' ? 'win' : process.platform;
  const packageName = `node-${system}-${process.arch}`;
  await fs.mkdir(path.dirname(folder), { recursive: true });
  const temporary = await fs.mkdtemp(`${folder}-`);
  try {
    await fs.writeFile(path.join(temporary, 'package.json'), '{"private":true}');
    await run('npm', ['install', '--no-save', '--ignore-scripts', `${packageName}@${version}`], {
      cwd: temporary,
      env: cleanEnvironment(),
      shell: process.platform === 'win32',
    });
    await fs.rename(path.join(temporary, 'node_modules', packageName), folder).catch(async (error) => {
      if (!(await exists(binary))) throw error;
    });
  } finally {
    await fs.rm(temporary, { recursive: true, force: true });
  }
  return binary;
}

/** npm hands its own configuration down to what it starts; an inner npm must not take it for its own. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const inherited =
    /^(npm_(config_local_prefix|package_|lifecycle_|node_execpath|execpath|command)|INIT_CWD$|NODE_OPTIONS$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !inherited.test(name)));
}

async function exists(file: string): Promise<boolean> {
  return await fs.access(file).then(
    () => true,
    () => false,
  );
}

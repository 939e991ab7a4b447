import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { exists } from './cache-entry';

const execute = promisify(execFile);

/** Runs npm in a folder. Rejects with what npm wrote when it fails. Install scripts never run. */
export async function npm(folder: string, ...args: string[]): Promise<void> {
  try {
    await execute('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      env: cleanEnvironment(),
      shell: process.platform === 'win32',
      maxBuffer: 64 << 20,
    });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`npm ${args.join(' ')} failed in ${folder}:\n${stderr ?? error}`);
  }
}

/** Installs packages (exact versions) into a folder of their own, which gets a package.json if it has none. */
export async function npmInstall(folder: string, packages: readonly string[]): Promise<void> {
  const manifest = path.join(folder, 'package.json');
  if (!(await exists(manifest))) await fs.writeFile(manifest, '{ "private": true }\n');
  await npm(folder, 'install', '--save-exact', ...packages);
}

/**
 * The environment without what an outer npm, VS Code or Electron put into it. An inner npm would take the outer
 * one's configuration for its own; a server started from VS Code's terminal would take itself for a part of it.
 */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const inherited =
    /^(npm_(config_local_prefix|package_|lifecycle_|node_execpath|execpath|command)|INIT_CWD$|NODE_OPTIONS$|VSCODE_|ELECTRON_)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !inherited.test(name)));
}

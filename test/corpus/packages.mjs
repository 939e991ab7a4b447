// Brings the corpus onto this machine: the tarballs of the packages that projects.json names, through npm alone.
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const corpus = path.dirname(fileURLToPath(import.meta.url));
export const root = path.dirname(path.dirname(corpus));
const cache = path.join(root, '.vscode-test', 'corpus');

const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Longer than any install or test run of the corpus takes on a slow machine; ms. */
const COMMAND_TIMEOUT_MS = 600_000;

/** The folder of a package's untouched source, fetched when it is not there yet; a `folder` lies here. @throws when npm fails */
export async function sourceOf(project) {
  if (project.folder) return realpathSync(path.join(corpus, project.folder));
  const source = path.join(folderOf(project), 'source');
  if (!existsSync(source)) await unpack(project, source);
  if (project.install) await installAbove(project);
  // The linter names files by where they really are.
  return realpathSync(source);
}

/** A copy of a package, made anew, with what it and its tests load. @throws when npm fails */
export async function workingCopyOf(project) {
  const copy = path.join(folderOf(project), 'working-copy');
  const source = await sourceOf(project);
  await installAbove(project);
  rmSync(copy, { recursive: true, force: true });
  cpSync(source, copy, { recursive: true });
  return realpathSync(copy);
}

/**
 * Installs what a package loads into the folder above it: those that a package names for its own development often
 * bring linters along, or are gone.
 */
async function installAbove(project) {
  const { name, version, extra = [] } = project;
  const folder = folderOf(project);
  if (existsSync(path.join(folder, 'node_modules'))) return;
  writeFileSync(path.join(folder, 'package.json'), '{}\n');
  await npm(folder, ['install', '--legacy-peer-deps', `${name}@${version}`, ...extra]);
}

function folderOf({ name, version }) {
  return path.join(cache, `${name.replace('/', '+')}-${version}`);
}

async function unpack({ name, version }, target) {
  const folder = `${path.dirname(target)}.new`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await npm(folder, ['pack', `${name}@${version}`]);
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (!tarball) throw new Error(`npm pack left no tarball of ${name}@${version}.`);
  await run('tar', ['-xzf', tarball], folder);
  rmSync(path.join(folder, tarball));
  // Most tarballs hold a folder named "package"; some are named after what they hold.
  const [inside] = readdirSync(folder);
  mkdirSync(path.dirname(target), { recursive: true });
  renameSync(path.join(folder, inside), target);
  rmSync(folder, { recursive: true });
}

/** The files that npm would publish of a folder, as package.json says. @throws when npm fails */
export async function publishedOf(folder) {
  const { code, output } = await outputOf(
    NPM,
    ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'],
    folder,
  );
  if (code !== 0) throw new Error(`npm pack failed in ${folder}:\n${output}`);
  const packed = JSON.parse(output.slice(output.search(/[[{]/), output.lastIndexOf(']') + 1));
  return packed.flatMap(({ files }) => files.map((file) => file.path));
}

/** The package's own scripts are nothing that a check of its source has to run. */
async function npm(folder, args) {
  await run(NPM, [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder);
}

async function run(command, args, folder) {
  const { code, output } = await outputOf(command, args, folder);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed in ${folder}:\n${output}`);
}

/** What is installed for a package comes first; our type checker stands in where it brings none. */
function environmentOf(folder) {
  const tools = [path.dirname(folder), root].map((above) => path.join(above, 'node_modules', '.bin'));
  return {
    ...process.env,
    PATH: [...tools, process.env.PATH].join(path.delimiter),
    CI: '1',
    FORCE_COLOR: '0',
    NO_UPDATE_NOTIFIER: '1',
  };
}

/** Runs a command, or with `args` null a line of shell: its exit code (-1 past the time limit) and all it printed. */
export function outputOf(command, args, folder) {
  return new Promise((resolve, reject) => {
    let output = '';
    const options = {
      cwd: folder,
      shell: args === null || process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environmentOf(folder),
      timeout: COMMAND_TIMEOUT_MS,
    };
    const child = spawn(command, args ?? [], options);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

/** What `heapwright lint --json` says about paths of a folder. @throws when it could not run */
export async function lint(folder, paths, options = []) {
  const args = [path.join(root, 'dist', 'cli.js'), 'lint', ...paths, '--json', ...options];
  const { code, output } = await outputOf(process.execPath, args, folder);
  if (code !== 0 && code !== 1) throw new Error(`heapwright lint failed in ${folder}:\n${output}`);
  return JSON.parse(output.slice(output.indexOf('{')));
}

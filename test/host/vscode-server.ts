import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { cacheEntry } from './cache-entry';
import { nodeBinary } from './node-binary';
import { npm, npmInstall } from './npm';

const VERSION = '4.139.1';

export interface VSCodeServer {
  /** The Node that this VS Code runs on. */
  readonly node: string;
  readonly serverMain: string;
}

/**
 * VS Code's own server, as the npm package `code-server` packs it: workbench and extension host are those of the
 * desktop, and npm is all it takes to get it. Fetched once (about 20 s) into the cache.
 */
export async function vscodeServer(): Promise<VSCodeServer> {
  const [node, folder] = await Promise.all([nodeBinary(24), cacheEntry(`host-${VERSION}`, install)]);
  return {
    node,
    serverMain: path.join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js'),
  };
}

/**
 * Installs without scripts, which would compile native modules. Those that are missed are replaced by stand-ins, or
 * the log would be full of their stack traces.
 */
async function install(folder: string): Promise<void> {
  console.log(`Fetching VS Code ${VERSION} from npm (once)…`);
  await npmInstall(folder, [`code-server@${VERSION}`]);
  const vscode = path.join(folder, 'node_modules/code-server/lib/vscode');
  // `npm ci` would refuse: the package's shrinkwrap and manifest differ.
  await npm(vscode, 'install', '--omit=dev');
  await npm(path.join(vscode, 'extensions'), 'install', '--omit=dev');
  await writeStandIns(vscode);
  await trim(vscode);
}

async function writeStandIns(vscode: string): Promise<void> {
  const modules = path.join(vscode, 'node_modules/@vscode');
  await fs.writeFile(path.join(modules, 'spdlog/index.js'), SPDLOG);
  await fs.writeFile(path.join(modules, 'native-watchdog/index.js'), WATCHDOG);
}

/** Name by name: VS Code imports it as an ES module and finds only what is assigned to `exports`. */
const SPDLOG = `
class Logger {
  trace() {} debug() {} info() {} warn() {} error() {} critical() {}
  getLevel() { return 2; } setLevel() {} setPattern() {} clearFormatters() {} flush() {} drop() {}
}
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = async () => new Logger();
exports.createAsyncRotatingLogger = async () => new Logger();
`;

const WATCHDOG = `
exports.start = () => {};
exports.exit = (code) => process.exit(code || 0);
`;

/** Takes out what no test needs: a third of the disk space. */
async function trim(vscode: string): Promise<void> {
  const unneeded = [
    'node_modules/@github',
    'node_modules/@microsoft/mxc-sdk',
    'extensions/copilot',
    'extensions/mermaid-markdown-features',
    'extensions/microsoft-authentication',
  ].map((name) => path.join(vscode, name));
  const prebuilds = path.join(vscode, 'node_modules/node-pty/prebuilds');
  for (const system of await fs.readdir(prebuilds).catch(() => [])) {
    if (system !== `${process.platform}-${process.arch}`) unneeded.push(path.join(prebuilds, system));
  }
  await Promise.all(unneeded.map((folder) => fs.rm(folder, { recursive: true, force: true })));
}

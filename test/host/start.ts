// `npm start`: the sample shop, running, in a VS Code that has the extension. Ends with Ctrl+C, and all of it ends.
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as fsp from 'node:fs/promises';
import * as path from 'node:path';
import { projectRoot } from './cache-folder';
import { cleanEnvironment, npm } from './npm';
import { ProcessGroup } from './process-group';
import { stageExtension } from './staged-extension';
import { WorkbenchServer } from './workbench-server';

const sample = path.join(projectRoot(), 'test/fixtures/sample');

interface Part {
  end(): Promise<void>;
}

/** Starts everything and stays until a signal. Resolves when nothing of it runs any more. */
export async function start(): Promise<void> {
  const parts: Part[] = [];
  let ending = false;
  const stopped = stopSignal();
  try {
    await Promise.race([startParts(parts, () => ending), stopped]);
    await stopped;
  } finally {
    ending = true;
    console.log('\nEnding…');
    await Promise.all(parts.map((part) => part.end()));
  }
}

async function startParts(parts: Part[], isEnding: () => boolean): Promise<void> {
  await buildSample();
  const shopUrl = await startShop(parts, isEnding);
  console.log(`The sample shop runs on ${shopUrl}`);
  const desktop = desktopExecutable();
  if (desktop) await openDesktop(desktop);
  else await openServer(parts);
  console.log(`
Next: F1, "Heapwright: Attach to Node Process...", choose dist/server.js.
Load on the shop, from another terminal or VS Code's:  node load.mjs --url ${shopUrl}
Ctrl+C ends the shop${desktop ? '' : ' and VS Code'}.`);
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

async function buildSample(): Promise<void> {
  if (!fs.existsSync(path.join(sample, 'node_modules/typescript'))) {
    console.log('Installing the packages of the sample…');
    await npm(sample, 'ci');
  }
  const compiler = new ProcessGroup(
    process.execPath,
    [path.join(sample, 'node_modules/typescript/bin/tsc')],
    { cwd: sample },
  );
  const code = await new Promise<number | null>((resolve) => compiler.child.once('close', resolve));
  await compiler.end();
  if (code !== 0) throw new Error(`The sample does not compile:\n${compiler.output}`);
}

/** The shop with its inspector open, on free ports. When it ends by itself the rest stays: it can be started again. */
async function startShop(parts: Part[], isEnding: () => boolean): Promise<string> {
  const shop = new ProcessGroup(
    process.execPath,
    ['--enable-source-maps', '--inspect=127.0.0.1:0', 'dist/server.js'],
    { cwd: sample, env: { ...cleanEnvironment(), PORT: process.env.PORT ?? '0' } },
  );
  parts.push(shop);
  const [, url] = await shop.waitForOutput(/(http:\/\/127\.0\.0\.1:\d+)/);
  shop.child.once('exit', (code, signal) => {
    if (isEnding()) return;
    console.log(`The shop has ended (${signal ?? `exit code ${code}`}).`);
    console.log('Start it again with `npm run start:inspect` in VS Code’s terminal.');
  });
  return url!;
}

/** VSCODE_EXECUTABLE, or `code` on PATH. */
function desktopExecutable(): string | undefined {
  if (process.env.VSCODE_EXECUTABLE) return process.env.VSCODE_EXECUTABLE;
  const names = process.platform === 'win32' ? ['code.cmd', 'code.exe'] : ['code'];
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find((file) => fs.existsSync(file));
}

/** The desktop hands the window to the VS Code that runs already, so the process that is started here ends at once. */
async function openDesktop(executable: string): Promise<void> {
  const child = spawn(executable, [`--extensionDevelopmentPath=${projectRoot()}`, sample], {
    stdio: 'ignore',
    shell: process.platform === 'win32',
    env: cleanEnvironment(),
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new Error(`${executable} does not start: ${error.message}`)));
  });
  console.log(`Opening the sample in ${executable}`);
}

async function openServer(parts: Part[]): Promise<void> {
  console.log(
    'No desktop VS Code found (`code` on PATH, or VSCODE_EXECUTABLE): starting its server instead.',
  );
  const server = await WorkbenchServer.start(
    { workspace: await fsp.realpath(sample), settings: { 'workbench.colorTheme': 'Default Dark Modern' } },
    stageExtension,
  );
  parts.push(server);
  console.log(`VS Code, with the extension: ${server.url}`);
  openBrowser(server.url);
}

/** Where there is a display; elsewhere the printed address is all that can be done. */
function openBrowser(url: string): void {
  const { platform, env } = process;
  if (env.CI || (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY)) return;
  const [command, args] =
    platform === 'darwin'
      ? ['open', [url]]
      : platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', url]]
        : ['xdg-open', [url]];
  spawn(command as string, args as string[], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

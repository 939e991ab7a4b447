// `npm start`: the sample running, and VS Code open on it with Heapwright loaded, until Ctrl+C.
import { spawn, spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { SampleShop } from '../ui/sample-shop';
import { projectRoot } from './cache-folder';
import { ProcessGroup } from './process-group';
import { stageExtension } from './staged-extension';
import { WorkbenchServer } from './workbench-server';

/** A window that is open; `end` closes what it needs. */
interface Window {
  readonly description: string;
  end(): Promise<void>;
}

async function main(): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  const opened: { end(): Promise<void> }[] = [];
  try {
    console.log('Building the sample…');
    const shop = await SampleShop.create();
    opened.push({ end: () => shop.dispose() });
    await shop.build();
    await shop.start();
    console.log('Opening VS Code…');
    const window = await openWindow(shop.folder);
    opened.unshift(window);
    console.log(`
  VS Code      ${window.description}
  The sample   ${shop.url}  (pid ${shop.pid}, in ${shop.folder})

  1. F1, "Heapwright: Attach to Node Process...", choose dist/server.js
  2. In its terminal:  node load.mjs --url ${shop.url}
     then "Take Heap Snapshot" in the panel; both three times
  3. Click the source line of what grew, Ctrl+. (⌘.) on it, "Bound with an LRU cache"
  4. npm run build && npm run start:inspect, attach to it, and measure again

  Ctrl+C ends all of it.
`);
    await stopped;
  } finally {
    console.log('\nClosing…');
    for (const part of opened) await part.end().catch((error: unknown) => console.error(error));
  }
}

/** The desktop's VS Code where there is one, else the server from npm. */
async function openWindow(folder: string): Promise<Window> {
  const executable = process.env.VSCODE_EXECUTABLE ?? onPath('code');
  return executable ? openDesktop(executable, folder) : await openServer(folder);
}

function openDesktop(executable: string, folder: string): Window {
  const args = ['--new-window', '--wait', `--extensionDevelopmentPath=${projectRoot()}`, folder];
  const group = new ProcessGroup(executable, args);
  group.onOutput((text) => process.stderr.write(text));
  return { description: `${executable} (its window)`, end: () => group.end() };
}

async function openServer(folder: string): Promise<Window> {
  const server = await WorkbenchServer.start({ workspace: folder }, stageExtension);
  openBrowser(server.url);
  return { description: server.url, end: () => server.end() };
}

/** Where there is a screen, the page opens by itself. */
function openBrowser(url: string): void {
  const { platform, env } = process;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return;
  const [command, ...args] =
    platform === 'darwin' ? ['open'] : platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  spawn(command ?? '', [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

function onPath(command: string): string | undefined {
  const finder = process.platform === 'win32' ? 'where' : 'which';
  const found = spawnSync(finder, [command], { encoding: 'utf8' }).stdout?.split(/\r?\n/)[0]?.trim();
  return found ? path.resolve(found) : undefined;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);

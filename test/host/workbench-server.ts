import * as fs from 'node:fs/promises';
import { createServer } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { cleanEnvironment } from './npm';
import { ProcessGroup } from './process-group';
import { type VSCodeServer, vscodeServer } from './vscode-server';

/** Settings of every run: nothing that asks, reloads, phones home or stands in the way. */
const SETTINGS = {
  'files.autoSave': 'off',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'typescript.disableAutomaticTypeAcquisition': true,
};

export interface WorkbenchOptions {
  /** The folder that the workbench opens. */
  readonly workspace: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the server, and so of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** A free port is taken when this is left out. */
  readonly port?: number;
  /**
   * For tests in the extension host. Only then VS Code takes an extension under development from the page's address;
   * but it shows no notifications then, so a product is judged without it.
   */
  readonly development?: { readonly extension: string; readonly tests: string };
}

/** A VS Code server with folders of its own, all gone after `end`. */
export class WorkbenchServer {
  readonly url: string;
  readonly #group: ProcessGroup;
  readonly #folder: string;

  private constructor(url: string, group: ProcessGroup, folder: string) {
    this.url = url;
    this.#group = group;
    this.#folder = folder;
  }

  /** Starts a server. `prepare` gets its folder of installed extensions before the start. */
  static async start(
    options: WorkbenchOptions,
    prepare?: (extensions: string, install: (vsix: string) => Promise<void>) => Promise<unknown>,
  ): Promise<WorkbenchServer> {
    const server = await vscodeServer();
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-host-'));
    const data = path.join(folder, 'data');
    const extensions = path.join(folder, 'extensions');
    await fs.mkdir(extensions);
    await prepare?.(extensions, (vsix) => installVsix(server, data, extensions, vsix));
    await writeSettings(data, options.settings);
    const port = options.port ?? (await freePort());
    const args = [
      server.serverMain,
      ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
      ...['--accept-server-license-terms', '--disable-telemetry', '--disable-workspace-trust'],
      ...['--server-data-dir', data, '--extensions-dir', extensions],
      ...(options.development ? ['--enable-smoke-test-driver'] : []),
    ];
    const group = new ProcessGroup(server.node, args, {
      env: { ...cleanEnvironment(), ...options.env },
    });
    const started = new WorkbenchServer(pageUrl(port, options), group, folder);
    try {
      await answers(`http://127.0.0.1:${port}/version`, group);
      return started;
    } catch (error) {
      await started.end();
      throw error;
    }
  }

  get log(): string {
    return this.#group.output;
  }

  get running(): boolean {
    return this.#group.running;
  }

  get pid(): number {
    return this.#group.child.pid!;
  }

  async end(): Promise<void> {
    await this.#group.end();
    await fs.rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function writeSettings(data: string, own: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const file = path.join(data, 'data/Machine/settings.json');
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, JSON.stringify({ ...SETTINGS, ...own }, null, 2));
}

async function installVsix(
  server: VSCodeServer,
  data: string,
  extensions: string,
  vsix: string,
): Promise<void> {
  const group = new ProcessGroup(
    server.node,
    [
      server.serverMain,
      '--accept-server-license-terms',
      ...['--server-data-dir', data, '--extensions-dir', extensions, '--install-extension', vsix, '--force'],
    ],
    { env: cleanEnvironment() },
  );
  try {
    await group.waitForOutput(/was successfully installed/, 60_000);
  } finally {
    await group.end();
  }
}

function pageUrl(port: number, { workspace, development }: WorkbenchOptions): string {
  const url = new URL(`http://127.0.0.1:${port}/`);
  url.searchParams.set('folder', workspace);
  if (development) {
    const remote = (file: string) => `vscode-remote://127.0.0.1:${port}${file}`;
    const payload = [
      ['extensionDevelopmentPath', remote(development.extension)],
      ['extensionTestsPath', remote(development.tests)],
      ['enableProposedApi', ''],
      ['skipWelcome', 'true'],
    ];
    url.searchParams.set('payload', JSON.stringify(payload));
  }
  return url.href;
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('No port');
  return address.port;
}

async function answers(url: string, group: ProcessGroup): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (group.running && Date.now() < deadline) {
    const reply = await fetch(url).catch(() => undefined);
    if (reply?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`VS Code's server did not start:\n${group.output}`);
}

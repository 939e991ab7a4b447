import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { cacheEntry } from '../host/cache-entry';
import { projectRoot } from '../host/cache-folder';
import { cleanEnvironment, npm } from '../host/npm';
import { ProcessGroup } from '../host/process-group';

const execute = promisify(execFile);

/** The sample of test/fixtures/sample in a folder of its own, as somebody's project: edited, built and run. */
export class SampleShop {
  readonly folder: string;
  #running: { readonly group: ProcessGroup; readonly url: string } | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<SampleShop> {
    // Resolved, since the extension meets the path that the running program reports.
    const folder = path.join(
      await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-shop-'))),
      'shop',
    );
    // Resolved as well: where the cache is a link, a copy would be one, and the test would work in the cache.
    await fs.cp(await fs.realpath(await installedSample()), folder, { recursive: true });
    return new SampleShop(folder);
  }

  get pid(): number {
    return this.#current().group.child.pid!;
  }

  /** Where the running shop answers. */
  get url(): string {
    return this.#current().url;
  }

  async build(): Promise<void> {
    const compiler = path.join(this.folder, 'node_modules/typescript/bin/tsc');
    try {
      await execute(process.execPath, [compiler], { cwd: this.folder });
    } catch (error) {
      throw new Error(`The shop does not compile:\n${(error as { stdout?: string }).stdout ?? error}`);
    }
  }

  /** Starts the built shop with its inspector open, on free ports. */
  async start(): Promise<void> {
    const group = new ProcessGroup(
      process.execPath,
      ['--enable-source-maps', '--inspect=127.0.0.1:0', 'dist/server.js'],
      { cwd: this.folder, env: { ...cleanEnvironment(), PORT: '0' } },
    );
    const [, url] = await group.waitForOutput(/(http:\/\/127\.0\.0\.1:\d+)/);
    this.#running = { group, url: url! };
  }

  async load(requests: number): Promise<void> {
    const { url } = this.#current();
    await execute(process.execPath, ['load.mjs', '--requests', String(requests), '--url', url], {
      cwd: this.folder,
    });
  }

  async read(file: string): Promise<string> {
    return await fs.readFile(path.join(this.folder, file), 'utf8');
  }

  async stop(): Promise<void> {
    await this.#running?.group.end();
    this.#running = undefined;
  }

  async dispose(): Promise<void> {
    await this.stop();
    await fs.rm(path.dirname(this.folder), { recursive: true, force: true, maxRetries: 5 });
  }

  #current(): { readonly group: ProcessGroup; readonly url: string } {
    if (!this.#running) throw new Error('The shop is not running');
    return this.#running;
  }
}

/** The sample with its packages, installed once for each state of its sources. */
async function installedSample(): Promise<string> {
  const sample = path.join(projectRoot(), 'test/fixtures/sample');
  const sources = (await fs.readdir(sample, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !/[\\/](node_modules|dist)[\\/]/.test(file))
    .sort();
  const hash = createHash('sha256');
  for (const file of sources) hash.update(file.slice(sample.length)).update(await fs.readFile(file));
  return await cacheEntry(`sample-${hash.digest('hex').slice(0, 12)}`, async (folder) => {
    for (const file of sources) {
      await fs.cp(file, path.join(folder, path.relative(sample, file)), { recursive: true });
    }
    await npm(folder, 'ci');
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { projectRoot } from '../../host/cache-folder';

/**
 * An HTTP service that answers with a list it searches, sorts and renders for each request. It does enough of its own
 * that the program, not the load on it, is what is busy all the time; it tells its figures when it is asked to.
 */
const SOURCE = `
const http = require('node:http');
const products = Array.from({ length: 500 }, (_, id) => ({ id, name: 'Product ' + (id * 7919) % 500, tags: ['a', 'b'], price: id * 1.5 }));
let requests = 0;
const server = http.createServer((request, response) => {
  const product = products[requests++ % products.length];
  const near = products.filter((other) => Math.abs(other.price - product.price) < 90);
  near.sort((one, other) => (one.name < other.name ? -1 : 1));
  const rows = near.map(({ id, name, price }) => '<li id="' + id + '">' + name + ' ' + price.toFixed(2) + '</li>');
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ product, near, page: rows.join('') }));
});
server.listen(0, '127.0.0.1', () => console.log('listening ' + server.address().port));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ requests, cpuMs: (user + system) / 1000, ms: performance.now() });
});
`;

export interface ShopFigures {
  readonly requests: number;
  readonly cpuMs: number;
  readonly ms: number;
}

/** The service in a process of its own, with its inspector open, as whoever profiles it has it. */
export class BenchShop {
  readonly pid: number;
  readonly url: string;
  readonly inspectorUrl: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, url: string, inspectorUrl: string) {
    this.#child = child;
    this.#folder = folder;
    this.pid = child.pid!;
    this.url = url;
    this.inspectorUrl = inspectorUrl;
  }

  static async start(): Promise<BenchShop> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'heapwright-bench-'));
    const file = path.join(folder, 'shop.cjs');
    await fs.writeFile(file, SOURCE);
    const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', file], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let printed = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (data) => (printed += data));
    for (;;) {
      const port = /listening (\d+)/.exec(printed)?.[1];
      const inspector = /ws:\/\/\S+/.exec(printed)?.[0];
      if (port && inspector) return new BenchShop(child, folder, `http://127.0.0.1:${port}`, inspector);
      if (child.exitCode !== null) throw new Error(`The service did not start: ${printed}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async figures(): Promise<ShopFigures> {
    const answer = new Promise<ShopFigures>((resolve) => this.#child.once('message', resolve as never));
    this.#child.send('figures');
    return await answer;
  }

  /** Puts it under full load from a process of its own, until it is disposed. */
  load(): { dispose(): void } {
    const autocannon = path.join(projectRoot(), 'node_modules/autocannon/autocannon.js');
    const child = spawn(process.execPath, [autocannon, '-c', '16', '-d', '3600', '--no-progress', this.url], {
      stdio: 'ignore',
    });
    return { dispose: () => child.kill('SIGKILL') };
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await fs.rm(this.#folder, { recursive: true, force: true });
  }
}

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { HuntReport } from '../../src/leaks/hunt/report';
import { distFolder } from '../host/cache-folder';

const tail = `
;require('node:http').createServer(async (request, response) => {
  try {
    await handle(request, response);
    response.end('ok');
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
}).listen(0, '127.0.0.1', function () { console.log('PORT ' + this.address().port); });
`;

/** Starts a server that defines `handle(request, response)` and hunts in it from cold, through the command line. */
export async function huntServed(source: string, nodePath: string): Promise<HuntReport> {
  const folder = mkdtempSync(path.join(tmpdir(), 'heapwright-served-'));
  writeFileSync(path.join(folder, 'server.cjs'), source + tail);
  const server = spawn(nodePath, ['--inspect=127.0.0.1:0', 'server.cjs'], { cwd: folder });
  try {
    const { inspector, port } = await addressesOf(server);
    const work = ['--url', `http://127.0.0.1:${port}/work`, '--rounds', '3', '--operations', '200'];
    return await runCli(['hunt', '--inspect', inspector, ...work, '--warmup', '0', '--json']);
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

function addressesOf(server: ReturnType<typeof spawn>): Promise<{ inspector: string; port: string }> {
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (text: Buffer) => {
      said += text;
      const port = /PORT (\d+)/.exec(said)?.[1];
      const inspector = /ws:\/\/\S+/.exec(said)?.[0];
      if (port && inspector) resolve({ inspector, port });
    };
    server.stdout!.on('data', listen);
    server.stderr!.on('data', listen);
    server.once('exit', () => reject(new Error(`The server ended: ${said}`)));
  });
}

function runCli(args: readonly string[]): Promise<HuntReport> {
  const cli = path.join(distFolder(), 'cli.js');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cli, ...args], { maxBuffer: 64e6 }, (error, stdout, stderr) => {
      // 1 says that there is a leak.
      if (error && error.code !== 1) reject(new Error(stderr));
      else resolve(JSON.parse(stdout) as HuntReport);
    });
  });
}

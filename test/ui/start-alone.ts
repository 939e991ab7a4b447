import { spawn } from 'node:child_process';

/** Starts a program that does not count as a child of the tests; its process id is the first thing that it prints. */
export async function startAlone(folder: string, command: string): Promise<number> {
  const shell = spawn('sh', ['-c', `${command} &`], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  return await new Promise((resolve) => shell.stdout.once('data', (text) => resolve(Number(text))));
}

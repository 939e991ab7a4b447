// `npm start`. One process from the first line to the last, so that a signal to npm reaches it: builds, then runs
// test/host/start.ts.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
execFileSync(process.execPath, [path.join(root, 'esbuild.mjs'), '--tests'], { stdio: 'inherit' });
const { start } = createRequire(import.meta.url)(path.join(root, 'out/test/host/start.js'));
await start().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
process.exit();

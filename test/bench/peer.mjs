// node peer.mjs PEER MODULES FILE [FILE]
// One peer on one file, as a process of its own: prints a JSON line with the time it took to load, in ms, and its
// peak resident memory, in bytes. "Loaded" is all that is needed before a table of constructors with retained sizes
// and distances can be shown. With a second file, the time of comparing the two loaded snapshots is measured instead.
// "floor" reads the file and adds up its bytes: no parser in JavaScript that looks at every byte can be faster.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , peer, modules, file, second] = process.argv;
const require = createRequire(path.join(modules, 'none.js'));

const peers = {
  // The engine of Chrome DevTools' Memory panel, in its own worker threads.
  async devtools(time) {
    const root = path.dirname(require.resolve('chrome-devtools-mcp/package.json'));
    const manager = pathToFileURL(path.join(root, 'build/src/processors/HeapSnapshotManager.js'));
    const { HeapSnapshotManager } = await import(manager.href);
    const snapshots = new HeapSnapshotManager();
    if (!second) {
      await time(async () => {
        const { proxy } = await snapshots.getSnapshot(file);
        await proxy.aggregatesWithFilter({});
      });
      return;
    }
    const base = (await snapshots.getSnapshot(file)).proxy;
    const target = (await snapshots.getSnapshot(second)).proxy;
    await time(async () => {
      const definitions = await target.interfaceDefinitions();
      await target.calculateSnapshotDiff('base', await base.aggregatesForDiff(definitions));
    });
  },
  // The Rust parser, compiled to WebAssembly, behind VS Code's own heap snapshot viewer.
  async rust(time) {
    const parser = require('@vscode/v8-heap-parser');
    await time(() => parser.decode_bytes(fs.readFileSync(file)).get_class_groups(0, 1e6, false).length);
  },
  async memlab(time) {
    const { getFullHeapFromFile } = require('@memlab/heap-analysis');
    await time(async () => {
      const heap = await getFullHeapFromFile(file);
      let most = 0;
      heap.nodes.forEach((node) => {
        most = Math.max(most, node.retainedSize);
      });
    });
  },
  // Ours: the engine as the extension uses it, with its threads.
  async heapwright(time) {
    await ours(time, newEngine());
  },
  // The same where the threads have been started before, as the extension does while V8 still writes the file.
  async started(time) {
    const engine = newEngine();
    await engine.start();
    await ours(time, engine);
  },
  async floor(time) {
    await time(() => {
      const chunk = Buffer.allocUnsafe(1 << 22);
      const descriptor = fs.openSync(file);
      let sum = 0;
      for (let n = fs.readSync(descriptor, chunk); n > 0; n = fs.readSync(descriptor, chunk)) {
        for (let i = 0; i < n; i++) sum += chunk[i];
      }
      return sum;
    });
  },
};

function newEngine() {
  const { SnapshotEngine } = require('./engine.js');
  return new SnapshotEngine(path.join(process.env.HEAPWRIGHT_DIST, 'snapshot-worker.js'));
}

async function ours(time, engine) {
  if (!second) {
    await time(async () => {
      await (await engine.open(file)).constructors({ limit: 1e6 });
    });
    return;
  }
  const base = await engine.open(file);
  const target = await engine.open(second);
  await time(() => engine.diff(base, target, { limit: 1e6 }));
}

await peers[peer](async (work) => {
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  fs.writeSync(1, `\n${JSON.stringify({ ms, peakBytes })}\n`);
});
process.exit(0);

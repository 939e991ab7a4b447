// Loaded by `--require` before the measured program. It must not change what the program does: it wraps no function of
// the program, keeps nothing alive, and is silent when it fails.
import { renameSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { EXACT, type ModuleReport, REPORT_FOLDER } from '../../protocol/module-report';
import { commonJsEdges, watchCommonJs } from './commonjs';
import { EsModuleWatch } from './es-modules';
import { Ledger } from './ledger';
import { MemoryReader } from './memory-reader';

/** Nothing was loaded for this long: loading has settled, in ms. */
const SETTLED_MS = 300;
/** Each later report comes later, up to this, in ms: each collects garbage once. */
const LONGEST_MS = 30_000;

const folder = process.env[REPORT_FOLDER];
const isPackageManager = /[\\/](npm|npx|pnpm|yarn|corepack)(-cli)?(\.c?js)?$/.test(process.argv[1] ?? '');

if (folder && isMainThread && !isPackageManager) measure(folder, process.env[EXACT] === '1');

function measure(target: string, exact: boolean): void {
  const ledger = new Ledger(new MemoryReader(), exact);
  watchCommonJs(ledger);
  const esModules = new EsModuleWatch(ledger);
  let reported = 0;
  let delay = SETTLED_MS;
  const write = () => {
    ledger.settle();
    reported = ledger.size;
    writeReport(target, reportOf(ledger, esModules, exact));
  };
  // One timer that looks whether something was loaded since; it keeps no program running.
  const look = (size: number) => {
    const timer = setTimeout(() => {
      if (ledger.size === size && size !== reported) {
        write();
        delay = Math.min(delay * 2, LONGEST_MS);
      }
      look(ledger.size);
    }, delay);
    timer.unref();
  };
  look(0);
  process.once('exit', () => {
    if (ledger.size > 0) write();
  });
}

function reportOf(ledger: Ledger, esModules: EsModuleWatch, exact: boolean): ModuleReport {
  const modules = ledger.records();
  const places = new Map(modules.map(({ file }, place) => [file, place]));
  const edges = new Map<string, [number, number]>();
  for (const [from, to] of [...commonJsEdges(), ...esModules.edges()]) {
    const source = places.get(from);
    const target = places.get(to);
    if (source !== undefined && target !== undefined && source !== target)
      edges.set(`${source} ${target}`, [source, target]);
  }
  return {
    version: 1,
    pid: process.pid,
    nodeVersion: process.version,
    argv: process.argv.slice(1),
    exact,
    modules,
    edges: [...edges.values()],
  };
}

/** Whole or not at all. The folder may be gone with the window that asked. */
function writeReport(target: string, report: ModuleReport): void {
  try {
    const file = path.join(target, `${report.pid}.json`);
    writeFileSync(`${file}.part`, JSON.stringify(report));
    renameSync(`${file}.part`, file);
  } catch {
    // The program goes on as it would without us.
  }
}

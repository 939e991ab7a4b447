// Loaded by `--require` before the measured program. It must not change what the program does: it wraps no function of
// the program, keeps nothing alive, and is silent when it fails.
import { renameSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import {
  EXACT,
  type ModuleRecord,
  type ModuleReport,
  type PackageUseRecord,
  REPORT_FOLDER,
} from '../../protocol/module-report';
import { packageFolder } from '../../source/package-folder';
import { CallCounter } from './call-counter';
import { commonJsEdges, watchCommonJs } from './commonjs';
import { dependenciesOf } from './dependencies';
import { EsModuleWatch } from './es-modules';
import { ExportedFunctions } from './exported';
import { Ledger } from './ledger';
import { MemoryReader } from './memory-reader';
import { PackageUse } from './package-use';
import { quietly } from './quietly';

/** Nothing was loaded for this long: loading has settled, in ms. */
const SETTLED_MS = 300;
/** Each later report comes later, up to this, in ms: each collects garbage once. */
const LONGEST_MS = 30_000;
/** Between two questions what was called meanwhile, in ms. */
const CALLS_EVERY_MS = 2000;

const folder = process.env[REPORT_FOLDER];
const isPackageManager = /[\\/](npm|npx|pnpm|yarn|corepack)(-cli)?(\.c?js)?$/.test(process.argv[1] ?? '');

if (folder && isMainThread && !isPackageManager) measure(folder, process.env[EXACT] === '1');

function measure(target: string, exact: boolean): void {
  const use = exact ? null : watchedUse();
  const ledger = new Ledger(new MemoryReader(), exact, use);
  watchCommonJs(ledger);
  const esModules = new EsModuleWatch(ledger);
  let reported = 0;
  let delay = SETTLED_MS;
  const write = () =>
    quietly(() => {
      ledger.settle();
      reported = ledger.size;
      writeReport(target, reportOf(ledger, esModules, exact, use));
    });
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
  if (use) {
    lookForCalls(use, () => {
      if (reported > 0) writeReport(target, reportOf(ledger, esModules, exact, use));
    });
  }
  process.once('exit', () => {
    quietly(() => use?.take());
    if (ledger.size > 0) write();
  });
}

/** Null where calls cannot be counted, or there is nothing whose calls would tell anything. */
function watchedUse(): PackageUse | null {
  const names = dependenciesOf(process.argv[1] ?? '');
  const counter = names.size > 0 ? CallCounter.create() : null;
  return counter && new PackageUse(counter, names);
}

/** Asks from time to time until all packages are known to be used. */
function lookForCalls(use: PackageUse, changed: () => void): void {
  const timer = setInterval(
    () =>
      quietly(() => {
        const before = use.undecided;
        use.take();
        if (use.undecided !== before) changed();
      }),
    CALLS_EVERY_MS,
  );
  timer.unref();
}

function reportOf(
  ledger: Ledger,
  esModules: EsModuleWatch,
  exact: boolean,
  use: PackageUse | null,
): ModuleReport {
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
    use: use && !use.isGivenUp ? useOf(use, esModules, modules, [...edges.values()]) : null,
  };
}

/** What is known of each package, with what it gives to those that load it. */
function useOf(
  use: PackageUse,
  esModules: EsModuleWatch,
  modules: readonly ModuleRecord[],
  edges: readonly (readonly [number, number])[],
): PackageUseRecord[] {
  const nameOf = (place: number) => packageFolder(modules[place]!.file)?.name;
  const entries = new Map<string, Set<string>>();
  for (const [from, to] of edges) {
    const name = nameOf(to);
    if (name === undefined || nameOf(from) === name) continue;
    entries.set(name, (entries.get(name) ?? new Set()).add(modules[to]!.file));
  }
  const exported = new ExportedFunctions(esModules.exports);
  return use.results().map((result) => ({
    ...result,
    exports: result.called ? null : exported.of(result.name, [...(entries.get(result.name) ?? [])]),
  }));
}

/** Whole or not at all. The folder may be gone with the window that asked. */
function writeReport(target: string, report: ModuleReport): void {
  quietly(() => {
    const file = path.join(target, `${report.pid}.json`);
    writeFileSync(`${file}.part`, JSON.stringify(report));
    renameSync(`${file}.part`, file);
  });
}

import * as path from 'node:path';
import type { ModuleReport } from '../protocol/module-report';
import type {
  ImportCost,
  ModuleRow,
  ModulesSummary,
  UnloadedPackage,
  UnusedPackage,
} from '../protocol/modules';
import { importLines } from './import-lines';
import { ModuleGraph } from './module-graph';
import { ModuleTree } from './module-tree';
import { type ModulesBySource, modulesBySource } from './original-files';
import { projectFolder, unloadedPackages } from './unloaded-packages';
import { unusedPackages } from './unused-packages';

/** An import of a file as it is written now, and what it cost. */
export interface CostlyImport {
  readonly specifier: string;
  /** Characters from the start of the text. */
  readonly offset: number;
  readonly cost: ImportCost;
}

/** Everything that is told of one measured program. */
export class MeasuredModules {
  readonly summary: ModulesSummary;
  readonly tree: readonly ModuleRow[];
  readonly packages: readonly ModuleRow[];
  readonly unloaded: readonly UnloadedPackage[];
  /** Null where calls were not counted. */
  readonly unused: readonly UnusedPackage[] | null;
  readonly #graph: ModuleGraph;
  readonly #bySource: ModulesBySource;
  /** By file and specifier; a lens and a check ask anew at each change of a text. */
  readonly #costs = new Map<string, ImportCost | null>();

  private constructor(parts: {
    report: ModuleReport;
    graph: ModuleGraph;
    tree: ModuleTree;
    folder: string;
    bySource: ModulesBySource;
    unloaded: readonly UnloadedPackage[];
  }) {
    const { report, graph, tree, folder, bySource, unloaded } = parts;
    this.#graph = graph;
    this.#bySource = bySource;
    this.unloaded = unloaded;
    this.tree = tree.rows();
    this.packages = tree.packages();
    this.unused = report.use && unusedPackages(report.use, this.packages);
    this.summary = {
      title: path.relative(folder, report.argv[0] ?? '') || 'node',
      nodeVersion: report.nodeVersion,
      exact: report.exact,
      modules: report.modules.length,
      failed: report.modules.filter(({ state }) => state === 'failed').length,
      total: tree.total,
    };
  }

  /** Reads the source maps and the package.json of the program that a report tells of. */
  static async from(report: ModuleReport): Promise<MeasuredModules> {
    const main = report.argv[0] ?? '';
    const folder = (await projectFolder(main)) ?? path.dirname(main);
    const graph = new ModuleGraph(report);
    const tree = new ModuleTree(graph, folder);
    const [bySource, unloaded] = await Promise.all([
      modulesBySource(graph),
      unloadedPackages(folder, tree.packageNames),
    ]);
    return new MeasuredModules({ report, graph, tree, folder, bySource, unloaded });
  }

  /** The imports of a file that led to something that was loaded. */
  importsIn(file: string, text: string): CostlyImport[] {
    const importers = this.#bySource.get(file);
    if (!importers) return [];
    return importLines(text).flatMap(({ specifier, offset }) => {
      const cost = this.#costOf(file, importers, specifier);
      return cost ? [{ specifier, offset, cost }] : [];
    });
  }

  #costOf(file: string, importers: readonly number[], specifier: string): ImportCost | null {
    const key = `${specifier}\n${file}`;
    let cost = this.#costs.get(key);
    if (cost === undefined) {
      const targets = this.#graph.targetsOf(importers, specifier);
      cost = targets.length > 0 ? this.#graph.costOf(specifier, importers, targets) : null;
      this.#costs.set(key, cost);
    }
    return cost;
  }
}

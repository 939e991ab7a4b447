import * as path from 'node:path';
import type { ModuleCost, ModuleRow } from '../protocol/modules';
import { packageFolder } from '../source/package-folder';
import { CostSum, type ModuleGraph } from './module-graph';

/** More lines are not sent to a page. */
const MOST_ROWS = 3000;

/** A file of the program's own, or all modules of one installed package. */
interface Unit {
  readonly key: string;
  readonly name: string;
  readonly isPackage: boolean;
  readonly file: string;
  readonly self: CostSum;
  readonly total: CostSum;
  readonly imports: Set<Unit>;
  readonly children: Unit[];
  modules: number;
  failed: boolean;
}

/**
 * The modules of a program as a tree of its files and packages. Each stands below what imported it first, in the order of
 * imports from where the program begins; so the totals of siblings add up to their parent's.
 */
export class ModuleTree {
  readonly #units: readonly Unit[];
  readonly #roots: readonly Unit[];

  /** @param folder Of the project: files are named from it. */
  constructor(graph: ModuleGraph, folder: string) {
    const unitOf = unitsOf(graph, folder);
    this.#units = [...new Set(unitOf)];
    const visited = new Set<Unit>();
    const roots: Unit[] = [];
    // What only cycles lead to has no root of its own.
    for (const place of [...graph.roots, ...graph.modules.keys()]) {
      const unit = unitOf[place]!;
      if (visited.has(unit)) continue;
      roots.push(unit);
      this.#visit(unit, visited);
    }
    this.#roots = roots;
  }

  get total(): ModuleCost {
    const sum = new CostSum();
    for (const { self } of this.#units) sum.add(self);
    return { ...sum };
  }

  get packageNames(): ReadonlySet<string> {
    return new Set(this.#units.filter(({ isPackage }) => isPackage).map(({ name }) => name));
  }

  /** The tree's lines, the heaviest of siblings first. */
  rows(): ModuleRow[] {
    const rows: ModuleRow[] = [];
    const open = byWeight(this.#roots).map((unit) => ({ unit, depth: 0, parent: null as string | null }));
    open.reverse();
    while (open.length > 0 && rows.length < MOST_ROWS) {
      const { unit, depth, parent } = open.pop()!;
      rows.push(rowOf(unit, depth, parent));
      for (const child of byWeight(unit.children).reverse()) {
        open.push({ unit: child, depth: depth + 1, parent: unit.key });
      }
    }
    return rows;
  }

  /** All packages, by what they cost themselves. */
  packages(): ModuleRow[] {
    return this.#units
      .filter(({ isPackage }) => isPackage)
      .sort((a, b) => b.self.heap - a.self.heap)
      .slice(0, MOST_ROWS)
      .map((unit) => rowOf(unit, 0, null));
  }

  /** Without recursion: chains of imports may be longer than a stack. */
  #visit(root: Unit, visited: Set<Unit>): void {
    visited.add(root);
    const order: { unit: Unit; parent: Unit | null }[] = [];
    const open = [{ unit: root, parent: null as Unit | null, imports: root.imports.values() }];
    order.push({ unit: root, parent: null });
    while (open.length > 0) {
      const { unit, imports } = open.at(-1)!;
      const next = imports.next();
      if (next.done) {
        open.pop();
        continue;
      }
      const child = next.value;
      if (visited.has(child)) continue;
      visited.add(child);
      unit.children.push(child);
      order.push({ unit: child, parent: unit });
      open.push({ unit: child, parent: unit, imports: child.imports.values() });
    }
    for (const { unit, parent } of order.reverse()) {
      unit.total.add(unit.self);
      parent?.total.add(unit.total);
    }
  }
}

function unitsOf(graph: ModuleGraph, folder: string): Unit[] {
  const units = new Map<string, Unit>();
  const unitOf = graph.modules.map((record) => {
    const owner = packageFolder(record.file);
    const key = owner?.folder ?? record.file;
    let unit = units.get(key);
    if (!unit) {
      unit = {
        key,
        name: owner?.name ?? nameOf(record.file, folder),
        isPackage: owner !== null,
        file: record.file,
        self: new CostSum(),
        total: new CostSum(),
        imports: new Set(),
        children: [],
        modules: 0,
        failed: false,
      };
      units.set(key, unit);
    }
    unit.self.add(record);
    unit.modules++;
    unit.failed ||= record.state === 'failed';
    return unit;
  });
  for (const [place, targets] of graph.imports.entries()) {
    for (const target of targets)
      if (unitOf[target] !== unitOf[place]) unitOf[place]!.imports.add(unitOf[target]!);
  }
  return unitOf;
}

function nameOf(file: string, folder: string): string {
  const relative = path.relative(folder, file);
  return relative.startsWith('..') ? file : relative;
}

function byWeight(units: readonly Unit[]): Unit[] {
  return [...units].sort((a, b) => b.total.heap - a.total.heap);
}

function rowOf(unit: Unit, depth: number, parent: string | null): ModuleRow {
  const { key, name, isPackage, file, modules, failed, children, self, total } = unit;
  return {
    key,
    name,
    isPackage,
    file,
    depth,
    parent,
    hasChildren: children.length > 0,
    modules,
    self: { ...self },
    total: { ...total },
    failed,
  };
}

import { createRequire, isBuiltin } from 'node:module';
import * as path from 'node:path';
import type { ModuleRecord, ModuleReport } from '../protocol/module-report';
import type { ImportCost, ModuleCost } from '../protocol/modules';
import { packageFolder } from '../source/package-folder';

/** Sums of costs. */
export class CostSum implements ModuleCost {
  heap = 0;
  rss = 0;
  ms = 0;

  add({ heap, rss, ms }: ModuleCost): void {
    this.heap += heap;
    this.rss += rss;
    this.ms += ms;
  }
}

/** The modules of a report, and who imports whom. */
export class ModuleGraph {
  readonly modules: readonly ModuleRecord[];
  /** Of each module, in the order in which they were imported. */
  readonly imports: readonly (readonly number[])[];
  /** Where the program begins: the main file, then what nothing else imports. */
  readonly roots: readonly number[];
  readonly #places: ReadonlyMap<string, number>;

  constructor({ modules, edges, argv }: ModuleReport) {
    this.modules = modules;
    const imports = modules.map((): number[] => []);
    const imported = new Uint8Array(modules.length);
    for (const [from, to] of edges) {
      imports[from]!.push(to);
      imported[to] = 1;
    }
    this.imports = imports;
    this.#places = new Map(modules.map(({ file }, place) => [file, place]));
    const main = modules.findIndex(({ file }) => withoutExtension(file) === withoutExtension(argv[0] ?? ''));
    const first = main >= 0 || modules.length === 0 ? main : 0;
    const others = [...modules.keys()].filter((place) => imported[place] === 0 && place !== first);
    this.roots = first >= 0 ? [first, ...others] : others;
  }

  placeOf(file: string): number | undefined {
    return this.#places.get(file);
  }

  /** The modules that an import in any of `importers` leads to; none for Node's own and for what was not loaded. */
  targetsOf(importers: readonly number[], specifier: string): number[] {
    if (isBuiltin(specifier)) return [];
    const targets = new Set<number>();
    for (const importer of importers) {
      const { file } = this.modules[importer]!;
      const exact = this.#places.get(resolved(specifier, file) ?? '');
      const imports = this.imports[importer]!;
      if (exact !== undefined && imports.includes(exact)) targets.add(exact);
      else
        for (const target of imports.filter((each) => this.#fits(each, file, specifier))) targets.add(target);
    }
    return [...targets];
  }

  /** What an import of `targets` by `importers` costs. */
  costOf(name: string, importers: readonly number[], targets: readonly number[]): ImportCost {
    const needed = this.#reach(targets, () => true);
    const without = this.#reach(this.roots, (from, to) => !importers.includes(from) || !targets.includes(to));
    const total = new CostSum();
    const saved = new CostSum();
    for (const place of needed) {
      total.add(this.modules[place]!);
      if (!without.has(place)) saved.add(this.modules[place]!);
    }
    return { name, total: { ...total }, saved: { ...saved }, modules: needed.size };
  }

  #reach(from: readonly number[], goes: (from: number, to: number) => boolean): Set<number> {
    const reached = new Set(from);
    for (const place of reached) {
      for (const target of this.imports[place]!) if (goes(place, target)) reached.add(target);
    }
    return reached;
  }

  /** Whether a module can be what a specifier stands for; `import` and `require` may lead to different files. */
  #fits(target: number, importer: string, specifier: string): boolean {
    const { file } = this.modules[target]!;
    if (/^\.{0,2}[\\/]|^[A-Za-z]:[\\/]/.test(specifier)) {
      const wanted = path.resolve(path.dirname(importer), specifier);
      const bare = withoutExtension(file);
      return [wanted, withoutExtension(wanted), path.join(wanted, 'index')].includes(bare) || file === wanted;
    }
    const owner = packageFolder(file);
    if (!owner || !(specifier === owner.name || specifier.startsWith(`${owner.name}/`))) return false;
    const within = specifier.slice(owner.name.length);
    return (
      within === '' || withoutExtension(file).startsWith(withoutExtension(path.join(owner.folder, within)))
    );
  }
}

function resolved(specifier: string, file: string): string | null {
  try {
    return createRequire(file).resolve(specifier);
  } catch {
    // For `import` alone, or installed no longer.
    return null;
  }
}

function withoutExtension(file: string): string {
  return file.replace(/\.([cm]?[jt]sx?|json|node)$/, '');
}

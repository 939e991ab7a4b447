/** A file of the program, or a package, and what importing it cost. */
export interface ModuleRow {
  readonly key: string;
  /** Path from the project's folder, or the package's name. */
  readonly name: string;
  readonly isPackage: boolean;
  /** Opened by a click. */
  readonly file: string;
  /** Below what imported it first; 0 for where the program begins. */
  readonly depth: number;
  /** The row's parent comes before it. */
  readonly parent: string | null;
  readonly hasChildren: boolean;
  /** Modules in it. */
  readonly modules: number;
  readonly self: ModuleCost;
  /** With all that it was the first to import. */
  readonly total: ModuleCost;
  /** A module of it threw. */
  readonly failed: boolean;
}

/** Bytes and ms. */
export interface ModuleCost {
  readonly heap: number;
  readonly rss: number;
  readonly ms: number;
}

/** What one import costs. */
export interface ImportCost {
  readonly name: string;
  /** With all that it needs, whoever else needs that as well. */
  readonly total: ModuleCost;
  /** What would not be loaded without this one import. */
  readonly saved: ModuleCost;
  readonly modules: number;
}

/** A dependency of package.json that the program has not loaded. */
export interface UnloadedPackage {
  readonly name: string;
  readonly version: string | null;
  /** Bytes that it takes on disk, without its own dependencies. */
  readonly diskBytes: number;
}

/** A dependency of package.json that was loaded, and of which no function was called since. */
export interface UnusedPackage {
  readonly name: string;
  /** False where it may be used all the same. */
  readonly isSure: boolean;
  /** Bytes. */
  readonly selfHeap: number;
  /** Bytes, with all that it was the first to import. */
  readonly totalHeap: number;
  readonly totalMs: number;
  /** What is known of it, in a sentence. */
  readonly words: string;
}

export interface ModulesSummary {
  /** Of the program. */
  readonly title: string;
  readonly nodeVersion: string;
  readonly exact: boolean;
  readonly modules: number;
  readonly failed: number;
  readonly total: ModuleCost;
}

export interface ModulesState {
  /** What is being measured. */
  readonly measuring: string | null;
  readonly canRepeat: boolean;
  /** Garbage is collected after each module. */
  readonly exact: boolean;
  readonly failure: string | null;
  readonly summary: ModulesSummary | null;
  /** In the order of a tree's lines. */
  readonly tree: readonly ModuleRow[];
  /** Heaviest first. */
  readonly packages: readonly ModuleRow[];
  readonly unloaded: readonly UnloadedPackage[];
  /** Those that are sure first, then heaviest first; null where calls were not counted. */
  readonly unused: readonly UnusedPackage[] | null;
}

export type ModulesAction =
  | { readonly type: 'measure' }
  | { readonly type: 'measureAgain' }
  | { readonly type: 'exact'; readonly on: boolean }
  | { readonly type: 'open'; readonly file: string };

/** What one module cost at load, without its dependencies. Written by the meter inside the measured program. */
export interface ModuleRecord {
  /** Absolute path. */
  readonly file: string;
  /** Bytes of heap that stayed. */
  readonly heap: number;
  /** Bytes by which the process grew; coarse, since memory comes in pages and blocks. */
  readonly rss: number;
  readonly ms: number;
  readonly state: 'loaded' | 'loading' | 'failed';
}

/** All modules of one process, as it writes them when loading settles and at its end. */
export interface ModuleReport {
  readonly version: 1;
  readonly pid: number;
  readonly nodeVersion: string;
  /** The program and its arguments. */
  readonly argv: readonly string[];
  /** Garbage was collected after each module instead of being reckoned out. */
  readonly exact: boolean;
  readonly modules: readonly ModuleRecord[];
  /** Who imports whom, as places in {@link modules}. */
  readonly edges: readonly (readonly [from: number, to: number])[];
  /** Of the dependencies that were loaded; null where calls were not counted. */
  readonly use: readonly PackageUseRecord[] | null;
}

/** What the modules of a package export that others load, by count. */
export interface ExportedValues {
  /** Functions, methods and accessors of its own, or of packages below it that nobody else gives. */
  readonly functions: number;
  /** Whose code is not JavaScript. */
  readonly native: number;
  /** That other packages, or Node, export as well. */
  readonly foreign: number;
  /** Other values than functions, and objects of such. */
  readonly data: number;
  /** A module is a function itself. */
  readonly isFunction: boolean;
}

/** Whether a package was used after it was loaded. */
export interface PackageUseRecord {
  readonly name: string;
  /** One of its functions was called while it was not being loaded. */
  readonly called: boolean;
  /** That V8 knows in its modules, their bodies aside. */
  readonly functions: number;
  /** Null where that could not be looked at. */
  readonly exports: ExportedValues | null;
}

/** Names the folder into which the meter writes. */
export const REPORT_FOLDER = 'HEAPWRIGHT_MODULE_REPORTS';
/** `1` for exact figures. */
export const EXACT = 'HEAPWRIGHT_MODULE_EXACT';

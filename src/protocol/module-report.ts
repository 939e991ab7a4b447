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
}

/** Names the folder into which the meter writes. */
export const REPORT_FOLDER = 'HEAPWRIGHT_MODULE_REPORTS';
/** `1` for exact figures. */
export const EXACT = 'HEAPWRIGHT_MODULE_EXACT';

import { HeapwrightError } from '../../protocol/errors';
import { type ClassCounts, type CountJob, countClasses } from '../graph/class-totals';
import { type ClassTable, classify } from '../graph/classes';
import { hasBegun } from '../graph/compiled-classes';
import { computeDistances, type DistanceRoom } from '../graph/distances';
import { sortLocations } from '../graph/locations';
import { computeShallowSizes, type ShallowRoom } from '../graph/shallow-sizes';
import type { WeakMapEdges } from '../graph/weak-map-edges';
import blocks from '../kernel/blocks.wasm';
import graph from '../kernel/graph.wasm';
import strings from '../kernel/strings.wasm';
import { type BlockJob, type BlockResult, readBlocks } from '../reading/block-reader';
import { ColumnMemory } from '../reading/column-memory';
import { fromPlainColumns, type PlainColumns } from '../reading/columns';
import { compiledKernel } from '../reading/compiled-kernel';
import type { Sizes } from '../reading/shared-memory';
import { type LastSection, readLastSection } from '../reading/string-reader';
import { Turns } from '../reading/turns';
import { collectGarbage } from './collect-garbage';

/** What one thread can do for another while a snapshot is opened. Columns are shared, the rest is copied. */
export interface Tasks {
  /** The string table of a file, and where it stands. */
  strings: {
    input: { file: string; fileBytes: number };
    answer: LastSection | null;
  };
  blocks: { input: BlockJob; answer: BlockResult };
  /** See {@link computeShallowSizes}. */
  shallowSizes: { input: { columns: PlainColumns; room: ShallowRoom }; answer: Sizes | null };
  /** Brings the locations into the order of their nodes, too. */
  classes: {
    input: { columns: PlainColumns; classOf: Uint32Array; room: Uint32Array; places: Uint32Array };
    answer: { table: ClassTable; locations: Uint32Array };
  };
  /** Fills in `distances`. */
  distances: {
    input: { columns: PlainColumns; weakMapEdges: WeakMapEdges; distances: Int32Array; room: DistanceRoom };
    answer: null;
  };
  classCounts: {
    input: CountJob & { memory: WebAssembly.Memory | null };
    answer: ClassCounts;
  };
  /** Compiles what the other tasks run. */
  compile: { input: null; answer: null };
  /** Frees the memory that earlier tasks left behind. */
  rest: { input: null; answer: null };
}

type Runners = { readonly [Name in keyof Tasks]: (input: Tasks[Name]['input']) => Tasks[Name]['answer'] };

const RUNNERS: Runners = {
  strings: ({ file, fileBytes }) => {
    try {
      return readLastSection(file, fileBytes);
    } catch {
      // The reader that takes every file says what is wrong with this one.
      return null;
    }
  },
  blocks: (job) => readBlocks(job, new Turns(job.turns), { isCancelled: () => false, onBytes: () => {} }),
  shallowSizes: ({ columns, room }) => computeShallowSizes(fromPlainColumns(columns), room),
  classes: ({ columns: plain, classOf, room, places }) => {
    if (hasBegun(room)) throw memberDied();
    const columns = fromPlainColumns(plain);
    const locations = sortLocations(columns, classOf, places);
    return { table: classify({ ...columns, locations }, { classOf, room }), locations };
  },
  distances: ({ columns, weakMapEdges, distances, room }) => {
    computeDistances(fromPlainColumns(columns), weakMapEdges, distances, room);
    return null;
  },
  classCounts: ({ memory, ...job }) => countClasses(job, ColumnMemory.full(memory)),
  compile: () => {
    for (const kernel of [blocks, strings, graph]) compiledKernel(kernel);
    return null;
  },
  rest: () => {
    collectGarbage();
    return null;
  },
};

/** The work cannot go on where the thread left it: it is begun anew. */
function memberDied(): HeapwrightError {
  return new HeapwrightError(
    'worker-crashed',
    'A thread that helped to open the snapshot has ended.',
    'Open it again.',
  );
}

/** Does a task in the calling thread. */
export function runTask<Name extends keyof Tasks>(
  name: Name,
  input: Tasks[Name]['input'],
): Tasks[Name]['answer'] {
  return RUNNERS[name](input);
}

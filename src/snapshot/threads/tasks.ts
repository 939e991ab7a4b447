import { type ClassCounts, countClasses } from '../graph/class-totals';
import { type ClassTable, classify } from '../graph/classes';
import { computeDistances } from '../graph/distances';
import { computeShallowSizes } from '../graph/shallow-sizes';
import type { WeakMapEdges } from '../graph/weak-map-edges';
import { type BlockJob, type BlockResult, readBlocks } from '../reading/block-reader';
import { fromPlainColumns, type PlainColumns, sortLocations } from '../reading/columns';
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
  /** `room` is memory to work in, a word per node. */
  shallowSizes: { input: { columns: PlainColumns; room: Uint32Array }; answer: Sizes };
  /** Brings the locations into the order of their nodes, too. */
  classes: {
    input: { columns: PlainColumns; classOf: Uint32Array };
    answer: { table: ClassTable; locations: Uint32Array };
  };
  /** Fills in `distances`; `room` is memory to work in, a word per node and one more. */
  distances: {
    input: { columns: PlainColumns; weakMapEdges: WeakMapEdges; distances: Int32Array; room: Uint32Array };
    answer: null;
  };
  classCounts: {
    input: { classOf: Uint32Array; shallowSize: Sizes; distances: Int32Array; length: number };
    answer: ClassCounts;
  };
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
  classes: ({ columns: plain, classOf }) => {
    const columns = fromPlainColumns(plain);
    const locations = sortLocations(columns.locations, columns.nodeCount, classOf);
    return { table: classify({ ...columns, locations }, classOf), locations };
  },
  distances: ({ columns, weakMapEdges, distances, room }) => {
    computeDistances(fromPlainColumns(columns), weakMapEdges, distances, room);
    return null;
  },
  classCounts: ({ classOf, shallowSize, distances, length }) =>
    countClasses(classOf, shallowSize, distances, length),
  rest: () => {
    collectGarbage();
    return null;
  },
};

/** Does a task in the calling thread. */
export function runTask<Name extends keyof Tasks>(
  name: Name,
  input: Tasks[Name]['input'],
): Tasks[Name]['answer'] {
  return RUNNERS[name](input);
}

import { type ClassTable, classify } from '../graph/classes';
import { computeDistances } from '../graph/distances';
import { computeShallowSizes } from '../graph/shallow-sizes';
import type { WeakMapEdges } from '../graph/weak-map-edges';
import { type BlockJob, type LocationPart, readBlocks } from '../reading/block-reader';
import { checkReferences, fromPlainColumns, type PlainColumns } from '../reading/columns';
import type { Sizes } from '../reading/shared-memory';
import { readLastSection } from '../reading/string-reader';
import type { StringColumns } from '../reading/strings';
import { Turns } from '../reading/turns';
import { collectGarbage } from './collect-garbage';

/** What one thread can do for another while a snapshot is opened. Columns are shared, the rest is copied. */
export interface Tasks {
  /** The string table of a file, and where it stands. */
  strings: {
    input: { file: string; fileBytes: number };
    answer: (StringColumns & { readonly offset: number }) | null;
  };
  blocks: { input: BlockJob; answer: LocationPart[] };
  /** `room` is memory to work in, a word per node. */
  shallowSizes: { input: { columns: PlainColumns; room: Uint32Array }; answer: Sizes };
  classes: { input: { columns: PlainColumns; classOf: Uint32Array }; answer: ClassTable };
  /** Fills in `distances`; `room` is memory to work in, a word per node and one more. */
  distances: {
    input: { columns: PlainColumns; weakMapEdges: WeakMapEdges; distances: Int32Array; room: Uint32Array };
    answer: null;
  };
  /** @throws `snapshot-corrupt` */
  references: { input: { columns: PlainColumns; fileBytes: number }; answer: null };
}

type Runners = { readonly [Name in keyof Tasks]: (input: Tasks[Name]['input']) => Tasks[Name]['answer'] };

/** Past this size the memory that reading left behind is worth a collection of some milliseconds. */
export const BIG_FILE_BYTES = 100e6;

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
  classes: ({ columns, classOf }) => classify(fromPlainColumns(columns), classOf),
  distances: ({ columns, weakMapEdges, distances, room }) => {
    computeDistances(fromPlainColumns(columns), weakMapEdges, distances, room);
    return null;
  },
  references: ({ columns, fileBytes }) => {
    // What reading has left behind would stay until this thread ends.
    if (fileBytes > BIG_FILE_BYTES) collectGarbage();
    checkReferences(fromPlainColumns(columns), fileBytes);
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

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

/** What one thread can do for another while a snapshot is opened. Columns are shared, the rest is copied. */
export interface Tasks {
  /** The string table of a file, and where it stands. */
  strings: {
    input: { file: string; fileBytes: number };
    answer: (StringColumns & { readonly offset: number }) | null;
  };
  blocks: { input: BlockJob; answer: LocationPart[] };
  shallowSizes: { input: PlainColumns; answer: Sizes };
  classes: { input: PlainColumns; answer: ClassTable };
  distances: { input: { columns: PlainColumns; weakMapEdges: WeakMapEdges }; answer: Int32Array };
  /** @throws `snapshot-corrupt` */
  references: { input: { columns: PlainColumns; fileBytes: number }; answer: null };
}

type Runners = { readonly [Name in keyof Tasks]: (input: Tasks[Name]['input']) => Tasks[Name]['answer'] };

let room = new Uint32Array(0);

/** Memory for a task to work in: the next task of this thread takes the same, whatever stands in it. */
function workspace(length: number): Uint32Array {
  if (room.length < length) room = new Uint32Array(length);
  return room;
}

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
  shallowSizes: (columns) => computeShallowSizes(fromPlainColumns(columns), workspace(columns.nodeCount)),
  classes: (columns) => classify(fromPlainColumns(columns)),
  distances: ({ columns, weakMapEdges }) =>
    computeDistances(fromPlainColumns(columns), weakMapEdges, workspace(columns.nodeCount + 1)),
  references: ({ columns, fileBytes }) => {
    checkReferences(fromPlainColumns(columns), fileBytes);
    return null;
  },
};

/** Gives back the memory that tasks of this thread have worked in. */
export function freeWorkspace(): void {
  room = new Uint32Array(0);
}

/** Does a task in the calling thread. */
export function runTask<Name extends keyof Tasks>(
  name: Name,
  input: Tasks[Name]['input'],
): Tasks[Name]['answer'] {
  return RUNNERS[name](input);
}

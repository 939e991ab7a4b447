import { formatBytes } from '../../protocol/figures';
import {
  type ComparedRow,
  keptPerOperation,
  type OperationRecord,
  type StayedRow,
} from '../../protocol/operations';

/** Two records side by side, by constructor. */
export interface OperationsComparison {
  /** One sentence: which keeps more for each operation, and how much. */
  readonly summary: string;
  /** Largest difference first. */
  readonly rows: readonly ComparedRow[];
}

/** Compares what two records kept for each operation. Either may have been measured in another process. */
export function compareOperations(first: OperationRecord, second: OperationRecord): OperationsComparison {
  return {
    summary: summarize(first, second),
    rows: first.stayed && second.stayed ? rowsOf(first, second) : [],
  };
}

function summarize(first: OperationRecord, second: OperationRecord): string {
  const alike = first.keptBytes !== null && second.keptBytes !== null;
  // Only like is compared with like.
  const kept = (record: OperationRecord) => keptPerOperation(alike ? record : { ...record, keptBytes: null });
  const [a, b] = [kept(first), kept(second)];
  const snapshots = alike ? '' : ' Measured without snapshots, so that objects cannot be compared.';
  const both = `${formatBytes(a)} and ${formatBytes(b)} per operation`;
  if (Math.abs(a - b) <= noiseOf(first, second)) return `Both keep about as much: ${both}.${snapshots}`;
  const more = b > a ? second : first;
  return `${more.name} keeps ${formatBytes(Math.abs(b - a))} more per operation: ${both}.${snapshots}`;
}

/** Between collections a whole heap is never quite the same; the program's own objects are but for a few. Bytes. */
const heapNoise = 100_000;
const objectNoise = 4000;

function noiseOf(first: OperationRecord, second: OperationRecord): number {
  const noise = first.keptBytes === null || second.keptBytes === null ? heapNoise : objectNoise;
  return noise / Math.min(first.operations, second.operations);
}

function rowsOf(first: OperationRecord, second: OperationRecord): ComparedRow[] {
  const names = new Set([...first.stayed!, ...second.stayed!].map(({ name }) => name));
  const rows = [...names].map((name) => {
    const [a, b] = [first, second].map((record) => perOperation(record, name));
    return { name, first: a!, second: b!, difference: b!.bytes - a!.bytes };
  });
  return rows.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
}

function perOperation({ stayed, operations }: OperationRecord, name: string): ComparedRow['first'] {
  const row: StayedRow | undefined = stayed?.find((other) => other.name === name);
  if (!row) return { objects: 0, bytes: 0 };
  return { objects: (row.stayed - row.gone) / operations, bytes: row.netBytes / operations };
}

import * as path from 'node:path';
import * as vscode from 'vscode';
import { HeapwrightError } from '../../protocol/errors';
import type { OperationRecord } from '../../protocol/operations';
import { JsonFile } from '../workbench/json-file';

const FILE = 'operations.json';
const KEPT = 100;

/** The operations that were measured, kept on disk, bounded, so that they can be compared after a restart. */
export class OperationsStore implements vscode.Disposable {
  readonly #file: JsonFile;
  readonly #changed = new vscode.EventEmitter<void>();
  #records: readonly OperationRecord[] = [];

  readonly onDidChange = this.#changed.event;

  constructor(folder: string) {
    this.#file = new JsonFile(path.join(folder, FILE));
  }

  load(): void {
    this.#records = this.#file.read(isRecord);
    this.#changed.fire();
  }

  /** Oldest first. */
  get records(): readonly OperationRecord[] {
    return this.#records;
  }

  find(id: string): OperationRecord | undefined {
    return this.#records.find((record) => record.id === id);
  }

  /** Like {@link find}, for callers that were handed an id by the user interface. */
  require(id: string): OperationRecord {
    const record = this.find(id);
    if (record) return record;
    throw new HeapwrightError(
      'bad-argument',
      'That operation is no longer in the list.',
      'It may have been removed in another window; measure it again.',
    );
  }

  async add(record: OperationRecord): Promise<void> {
    await this.#replace([...this.#records, record].slice(-KEPT));
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#replace(this.#records.map((record) => (record.id === id ? { ...record, name } : record)));
  }

  async remove(id: string): Promise<void> {
    await this.#replace(this.#records.filter((record) => record.id !== id));
  }

  async #replace(records: readonly OperationRecord[]): Promise<void> {
    this.#records = records;
    this.#changed.fire();
    await this.#file.write(records);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function isRecord(value: unknown): value is OperationRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Partial<Record<keyof OperationRecord, unknown>>;
  const numbers = [
    'startedAt',
    'durationMs',
    'heapBefore',
    'heapAfter',
    'heapCollected',
    'operations',
    'failed',
  ] as const;
  return (
    typeof record.id === 'string' &&
    typeof record.name === 'string' &&
    typeof record.program === 'string' &&
    numbers.every((key) => typeof record[key] === 'number') &&
    (record.stayed === null || Array.isArray(record.stayed))
  );
}

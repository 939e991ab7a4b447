import * as vscode from 'vscode';
import { formatBytes, formatCount, formatDelta } from '../../protocol/figures';
import type { RunEvent } from '../../protocol/history';
import { keptPerOperation, type OperationRecord } from '../../protocol/operations';
import type { FindingsStore } from '../findings/findings-store';
import { growthSentence, retainedGrowth } from '../findings/growth-text';
import type { OperationsStore } from '../operations/operations-store';
import type { SnapshotLibrary } from '../snapshots/snapshot-library';
import type { RunRecorder } from './run-recorder';

/** Notes each snapshot that is taken, each finding that is made and each operation that is measured in the run that is recorded. */
export function noteResults(
  recorder: RunRecorder,
  library: SnapshotLibrary,
  findings: FindingsStore,
  operations: OperationsStore,
): vscode.Disposable {
  let knownSnapshots = new Set(library.entries.map(({ id }) => id));
  let knownReport = findings.current;
  let knownOperations = new Set(operations.records.map(({ id }) => id));
  return vscode.Disposable.from(
    library.onDidChange(() => {
      for (const { id, name, takenAt, fileBytes, owned } of library.entries) {
        if (knownSnapshots.has(id) || !owned) continue;
        const text = `${name}, ${formatBytes(fileBytes)}`;
        recorder.note({ kind: 'snapshot', at: takenAt, text, figures: { fileBytes } });
      }
      knownSnapshots = new Set(library.entries.map(({ id }) => id));
    }),
    findings.onDidChange(() => {
      const { current } = findings;
      if (current === knownReport) return;
      knownReport = current;
      for (const finding of current?.report.findings ?? []) {
        const text = `${finding.name}: ${growthSentence(finding)}`;
        recorder.note({ kind: 'finding', text, figures: { retainedGrowthBytes: retainedGrowth(finding) } });
      }
    }),
    operations.onDidChange(() => {
      for (const record of operations.records)
        if (!knownOperations.has(record.id)) recorder.note(toEvent(record));
      knownOperations = new Set(operations.records.map(({ id }) => id));
    }),
  );
}

function toEvent(record: OperationRecord): RunEvent {
  const { name, startedAt, operations, heapBefore, heapAfter, heapCollected } = record;
  const keptBytes = keptPerOperation(record);
  const times = operations === 1 ? '' : `, ${formatCount(operations)} times`;
  const text = `${name}${times}: ${formatDelta(keptBytes)} kept by each`;
  const figures = { operations, heapBefore, heapAfter, heapCollected, keptBytesPerOperation: keptBytes };
  return { kind: 'operation', at: startedAt, text, figures };
}

import * as vscode from 'vscode';
import { formatBytes } from '../../protocol/figures';
import type { FindingsStore } from '../findings/findings-store';
import { growthSentence, retainedGrowth } from '../findings/growth-text';
import type { SnapshotLibrary } from '../snapshots/snapshot-library';
import type { RunRecorder } from './run-recorder';

/** Notes each snapshot that is taken and each finding that is made in the run that is recorded. */
export function noteResults(
  recorder: RunRecorder,
  library: SnapshotLibrary,
  findings: FindingsStore,
): vscode.Disposable {
  let knownSnapshots = new Set(library.entries.map(({ id }) => id));
  let knownReport = findings.current;
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
  );
}

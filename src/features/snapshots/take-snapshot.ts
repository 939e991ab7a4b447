import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { type CaptureProgress, captureSnapshot } from '../../inspector/capture';
import { type Headroom, headroom } from '../../inspector/headroom';
import { cancelled, HeapwrightError } from '../../protocol/errors';
import { formatBytes } from '../../protocol/figures';
import type { AttachedTarget } from '../attach/attached-target';
import type { BusyState } from '../panel/busy-state';
import { signalOf } from '../workbench/cancellation';
import type { SnapshotLibrary, StoredSnapshot } from './snapshot-library';

/**
 * Captures a snapshot of `target` into the library, with progress that can be cancelled both in the notification
 * and in the panel. Rejects as cancelled when the user declines a capture that would kill the target.
 */
export async function takeSnapshot(
  target: AttachedTarget,
  library: SnapshotLibrary,
  busy: BusyState,
): Promise<StoredSnapshot> {
  await confirmHeadroom(await headroom(target.session), target.info.title);
  const takenAt = Date.now();
  const file = await library.newFile(takenAt);
  const result = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Heap snapshot of ${target.info.title}`,
      cancellable: true,
    },
    async (progress, token) => {
      const { signal, dispose } = signalOf(token);
      const job = busy.start('Taking heap snapshot', signal);
      let reported = 0;
      try {
        return await captureSnapshot(target.session, file, {
          signal: job.signal,
          onProgress: ({ fraction, text }: CaptureProgress) => {
            job.report(text, fraction);
            const increment = fraction === null ? 0 : Math.max(0, fraction - reported) * 100;
            reported = Math.max(reported, fraction ?? 0);
            progress.report({ message: text, increment });
          },
        });
      } finally {
        job.dispose();
        dispose();
      }
    },
  );
  const entry: StoredSnapshot = {
    id: randomUUID(),
    name: nextName(library.entries, result.processKey),
    takenAt,
    fileBytes: result.fileBytes,
    targetTitle: target.info.title,
    processKey: result.processKey,
    file: result.file,
    owned: true,
  };
  await library.add(entry);
  return entry;
}

/** A capture takes about twice the heap in RSS: where there is no room for that, the user decides. */
export async function confirmHeadroom(room: Headroom, title: string): Promise<void> {
  if (room.verdict !== 'would-be-killed') return;
  const take = 'Take Anyway';
  const answer = await vscode.window.showWarningMessage(
    `A heap snapshot may kill ${title}.`,
    { modal: true, detail: room.sentence },
    take,
  );
  if (answer !== take) throw cancelled();
}

/** Numbered within one life of one process: "Snapshot 3". */
function nextName(entries: readonly StoredSnapshot[], processKey: string): string {
  const numbers = entries
    .filter((entry) => entry.processKey === processKey)
    .map((entry) => Number(/^Snapshot (\d+)$/.exec(entry.name)?.[1] ?? 0));
  return `Snapshot ${Math.max(0, ...numbers) + 1}`;
}

/** The target to capture, or the error that tells how to get one. */
export function requireTarget(target: AttachedTarget | null): AttachedTarget {
  if (target) return target;
  throw new HeapwrightError(
    'target-not-found',
    'No process is attached.',
    'Run "Heapwright: Attach to Node Process…" first.',
  );
}

/** For messages after a capture. */
export function describeSnapshot(entry: StoredSnapshot): string {
  return `${entry.name} of ${entry.targetTitle}, ${formatBytes(entry.fileBytes)}`;
}

import { openProfileFile } from '../allocations/profile-editor';
import {
  deleteSnapshot,
  openSnapshotFile,
  pickSeries,
  pickSnapshot,
  saveSnapshot,
} from '../snapshots/snapshot-commands';
import type { StoredSnapshot } from '../snapshots/snapshot-library';
import type { Command, Parts } from './command';

/** Heap snapshots. */
export function snapshotCommands({ library, open, model, workflow, panel }: Parts): Command[] {
  /** The snapshot that a button of the panel names, or the one that the user picks. */
  const chosen = async (id: unknown, title: string): Promise<StoredSnapshot | undefined> =>
    typeof id === 'string' ? library.require(id) : await pickSnapshot(library, title);

  return [
    [
      'heapwright.takeSnapshot',
      'Take heap snapshot',
      async () => {
        panel.show({ preserveFocus: true });
        await workflow.take();
      },
    ],
    [
      'heapwright.compareSnapshots',
      'Compare snapshots',
      async () => {
        const series = await pickSeries(library, new Set(model.selected));
        if (!series || series.length === 0) return;
        model.selected = series.map(({ id }) => id);
        panel.show({ preserveFocus: true });
        await workflow.compare(series);
      },
    ],
    [
      'heapwright.openSnapshot',
      'Open snapshot',
      async () => {
        const entry = await pickSnapshot(library, 'Open Snapshot');
        if (!entry) return;
        panel.show();
        await workflow.showConstructors(entry);
      },
    ],
    [
      'heapwright.openSnapshotFile',
      'Open snapshot file',
      async () => {
        const entry = await openSnapshotFile(library);
        if (!entry) return;
        panel.show();
        await workflow.showConstructors(entry);
      },
    ],
    [
      'heapwright.saveSnapshot',
      'Save snapshot',
      async (id) => {
        const entry = await chosen(id, 'Save Snapshot As');
        if (entry) await saveSnapshot(library, entry);
      },
    ],
    [
      'heapwright.deleteSnapshot',
      'Delete snapshot',
      async (id) => {
        const entry = await chosen(id, 'Delete Snapshot');
        if (entry && (await deleteSnapshot(library, entry))) await open.close(entry.id);
      },
    ],
  ];
}

/** Profiles of allocations. */
export function allocationCommands({ allocations, panel }: Parts): Command[] {
  return [
    [
      'heapwright.recordAllocations',
      'Record allocations',
      async () => {
        panel.show({ tab: 'allocations' });
        await allocations.handle({ type: 'start', includesFreed: false });
      },
    ],
    ['heapwright.openAllocationProfile', 'Open allocation profile', () => openProfileFile()],
    ['heapwright.saveAllocationProfile', 'Save allocation profile', () => allocations.save()],
    ['heapwright.clearAllocationMarks', 'Clear allocations', () => allocations.clearMarks()],
  ];
}

import type { Finding } from './findings';
import type { PictureFormat } from './history';
import type { MemorySample } from './samples';
import type { ConstructorDiffRow, ConstructorRow, RetainingPath } from './snapshot';
import type { TargetInfo } from './targets';
import type { TabName, ViewActionMessage, ViewStateMessage } from './views';

/** A snapshot in the list of the panel. */
export interface SnapshotEntry {
  readonly id: string;
  readonly name: string;
  /** ms since the epoch. */
  readonly takenAt: number;
  readonly fileBytes: number;
  readonly targetTitle: string;
  /** Snapshots with the same value came through one attachment to one process, so object ids match between them. */
  readonly processKey: string;
}

/** What the panel says after looking at a series of snapshots. */
export interface SeriesReport {
  readonly snapshotIds: readonly string[];
  readonly snapshotNames: readonly string[];
  readonly findings: readonly Finding[];
  /** The sum of everything reachable in each snapshot, bytes. */
  readonly totalSizes: readonly number[];
  /** What the last series of the same program said, to tell whether a fix worked. */
  readonly before: {
    readonly takenAt: number;
    readonly findings: readonly Finding[];
    readonly totalSizes: readonly number[];
  } | null;
  /** One or two sentences: what was found, or that nothing grew, with the figures. */
  readonly summary: string;
  /** What a hunt adds to it; null for a series of snapshots that somebody took. */
  readonly hunt: HuntFacts | null;
}

/** How a hunt worked, and what it says beside its findings. */
export interface HuntFacts {
  /** "GET http://127.0.0.1:3000/work". */
  readonly workload: string;
  readonly rounds: number;
  /** In each round. */
  readonly operations: number;
  readonly durationMs: number;
  /** Leaks of the hunt before that are none any more. */
  readonly gone: readonly { readonly name: string; readonly before: string; readonly now: string }[];
  /** Sentences on what grew until it reached a limit of its own. */
  readonly settled: readonly string[];
}

/** How much memory the whole process may take, and when it will have it. */
export interface MemoryLimits {
  readonly bytes: number;
  readonly source: 'container' | 'machine' | 'setting';
  /** "At this rate the heap limit of 512 MB is reached in 42 min."; null while nothing grows steadily. */
  readonly outlook: string | null;
}

export interface PanelState {
  readonly target: TargetInfo | null;
  readonly limits: MemoryLimits | null;
  /** When the program was restarted while it was followed, ms since the epoch. */
  readonly restarts: readonly number[];
  /** The operations that were measured in this process, in ms since the epoch, oldest first. */
  readonly operations: readonly { readonly from: number; readonly to: number; readonly name: string }[];
  /** What is under way, for the progress line; null when idle. */
  readonly busy: {
    readonly text: string;
    readonly fraction: number | null;
    readonly cancellable: boolean;
    /** What the user is waited for: the word of the button that goes on. */
    readonly question: string | null;
  } | null;
  readonly snapshots: readonly SnapshotEntry[];
  /** Snapshots ticked for "Compare", oldest first. */
  readonly selected: readonly string[];
  readonly report: SeriesReport | null;
  /** The snapshot, or pair of snapshots, whose constructors are shown. */
  readonly detail: SnapshotDetail | null;
  /** A debugger of this window stands in a frame, where objects of a snapshot can be shown. */
  readonly stoppedInDebugger: boolean;
  readonly sampleIntervalMs: number;
  /** Ten samples a second, whatever the setting says. */
  readonly fast: boolean;
  /** Why no good samples come now, in one sentence. */
  readonly trouble: string | null;
  /** Why RSS grows while the heap does not, in one sentence. */
  readonly rssGrowth: string | null;
}

export type SnapshotDetail =
  | {
      readonly kind: 'constructors';
      readonly snapshotId: string;
      readonly title: string;
      readonly rows: readonly ConstructorRow[];
      readonly total: number;
    }
  | {
      readonly kind: 'diff';
      readonly baseId: string;
      readonly snapshotId: string;
      readonly title: string;
      readonly rows: readonly ConstructorDiffRow[];
      readonly total: number;
    }
  | {
      readonly kind: 'paths';
      readonly snapshotId: string;
      readonly objectId: number;
      readonly title: string;
      readonly paths: readonly RetainingPath[];
    };

/** From the extension host to the panel. */
export type ToPanel =
  | { readonly type: 'state'; readonly state: PanelState }
  /** The whole history, sent when the panel (re)loads or the target changes. */
  | { readonly type: 'history'; readonly samples: readonly MemorySample[] }
  /** What came since, oldest first. */
  | { readonly type: 'samples'; readonly samples: readonly MemorySample[] }
  /** A command leads to a tab. */
  | { readonly type: 'showTab'; readonly name: TabName }
  /** Asks for the chart that is shown; {@link FromPanel} answers with a picture. */
  | { readonly type: 'makePicture'; readonly format: PictureFormat }
  | ViewStateMessage;

/** From the panel to the extension host. */
export type FromPanel =
  | { readonly type: 'ready' }
  /** The tab that the page shows, from its start on and after each change. */
  | { readonly type: 'tab'; readonly name: TabName }
  | ViewActionMessage
  /** SVG as text, PNG as base64; null where no chart is shown. */
  | { readonly type: 'picture'; readonly picture: string | null }
  | { readonly type: 'exportRun' }
  | { readonly type: 'attach' }
  | { readonly type: 'launch' }
  | { readonly type: 'detach' }
  | { readonly type: 'takeSnapshot' }
  | { readonly type: 'collectGarbage' }
  | { readonly type: 'sampleFast'; readonly fast: boolean }
  | { readonly type: 'hunt' }
  | { readonly type: 'huntAgain' }
  | { readonly type: 'operationDone' }
  | { readonly type: 'cancel' }
  | { readonly type: 'select'; readonly snapshotIds: readonly string[] }
  | { readonly type: 'compare' }
  | { readonly type: 'openSnapshot'; readonly snapshotId: string }
  | { readonly type: 'saveSnapshot'; readonly snapshotId: string }
  | { readonly type: 'deleteSnapshot'; readonly snapshotId: string }
  | { readonly type: 'showInstances'; readonly snapshotId: string; readonly constructorKey: string }
  /** The line that declares what grew, or the one that adds to it. */
  | { readonly type: 'openFinding'; readonly key: string; readonly place?: 'added' }
  | { readonly type: 'showInDebugger'; readonly snapshotId: string; readonly objectId: number }
  | { readonly type: 'closeDetail' };

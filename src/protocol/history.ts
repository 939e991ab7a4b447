import type { MemorySample } from './samples';
import type { TargetInfo } from './targets';

/** Something worth remembering that happened while a run was watched. */
export interface RunEvent {
  /** ms since the epoch. */
  readonly at: number;
  /** When it was over, for what took a while. */
  readonly until?: number;
  readonly kind: RunEventKind;
  /** One line, as the user was told it. */
  readonly text: string;
  /** Figures for exports, by name with the unit in it, such as `heapGrowthBytes`. */
  readonly figures?: Readonly<Record<string, number>>;
}

export type RunEventKind = 'alert' | 'operation' | 'snapshot' | 'finding' | 'note' | 'end';

/** What was watched: one life of one process, from attaching to its end. */
export interface RunSubject extends Pick<TargetInfo, 'title' | 'pid' | 'nodeVersion' | 'workingDirectory'> {
  readonly id: string;
  /** When it was attached, ms since the epoch. */
  readonly from: number;
}

/** What the list of runs shows. */
export interface RunSummary extends RunSubject {
  /** The time of the last sample. */
  readonly to: number;
  readonly samples: number;
  readonly peakHeapUsed: number;
  readonly peakRss: number;
  readonly alerts: number;
  readonly findings: number;
  readonly fileBytes: number;
}

export interface Run {
  readonly summary: RunSummary;
  readonly samples: readonly MemorySample[];
  readonly events: readonly RunEvent[];
}

/** What a run can be saved as. */
export type RunFormat = 'csv' | 'json' | 'openmetrics';
export type PictureFormat = 'svg' | 'png';

/** A run with its samples as rows of {@link sampleToRow}. */
export interface ShownRun {
  readonly summary: RunSummary;
  readonly rows: readonly SampleRow[];
  readonly events: readonly RunEvent[];
}

export type SampleRow = readonly (number | string | null)[];

export interface HistoryState {
  /** Newest first; null while they are being read. */
  readonly runs: readonly RunSummary[] | null;
  /** The run that is being recorded now. */
  readonly recording: string | null;
  readonly chosen: ShownRun | null;
  /** Why nothing is recorded, in one sentence. */
  readonly failure: string | null;
}

export type HistoryAction =
  | { readonly type: 'choose'; readonly id: string }
  | { readonly type: 'close' }
  | { readonly type: 'delete'; readonly id: string }
  | { readonly type: 'export'; readonly id: string };

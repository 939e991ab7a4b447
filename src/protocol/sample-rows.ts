import type { SampleRow } from './history';
import type { GapReason, MemorySample, RuntimeSample } from './samples';

/**
 * A sample as a row of figures, in the order of {@link ROW_COLUMNS}: a fifth of what it takes as an object in JSON. Lists
 * (heap spaces, resources) are left out.
 */
export function sampleToRow(sample: MemorySample): SampleRow {
  return ROW_COLUMNS.map(({ value }) => value(sample));
}

interface RowColumn {
  /** The unit is in the name, as in CSV files. */
  readonly name: string;
  readonly value: (sample: MemorySample) => number | string | null;
}

const gc =
  (key: keyof NonNullable<RuntimeSample['gc']>) =>
  ({ runtime }: MemorySample) =>
    rounded(runtime?.gc?.[key]);
const loop =
  (key: keyof NonNullable<RuntimeSample['eventLoop']>) =>
  ({ runtime }: MemorySample) =>
    rounded(runtime?.eventLoop?.[key]);

/** New columns go to the end: files of older versions lack them. */
export const ROW_COLUMNS: readonly RowColumn[] = [
  { name: 'time_ms', value: ({ at }) => at },
  { name: 'heap_used_bytes', value: ({ heapUsed }) => heapUsed },
  { name: 'heap_total_bytes', value: ({ heapTotal }) => heapTotal },
  { name: 'rss_bytes', value: ({ rss }) => rss },
  { name: 'external_bytes', value: ({ external }) => external },
  { name: 'array_buffers_bytes', value: ({ arrayBuffers }) => arrayBuffers },
  { name: 'heap_limit_bytes', value: ({ heapLimit }) => heapLimit },
  { name: 'malloced_bytes', value: ({ runtime }) => runtime?.malloced ?? null },
  { name: 'code_bytes', value: ({ runtime }) => runtime?.code ?? null },
  { name: 'contexts', value: ({ runtime }) => runtime?.contexts ?? null },
  { name: 'detached_contexts', value: ({ runtime }) => runtime?.detachedContexts ?? null },
  { name: 'gc_minor', value: gc('minor') },
  { name: 'gc_major', value: gc('major') },
  { name: 'gc_steps', value: gc('steps') },
  { name: 'gc_pause_ms', value: gc('pauseMs') },
  { name: 'gc_longest_ms', value: gc('longestMs') },
  { name: 'loop_mean_delay_ms', value: loop('meanDelayMs') },
  { name: 'loop_worst_delay_ms', value: loop('worstDelayMs') },
  { name: 'loop_utilisation', value: loop('utilisation') },
  { name: 'loop_turns', value: loop('turns') },
  { name: 'cpu_ms', value: ({ runtime }) => rounded(runtime?.cpuMs) },
  { name: 'gap', value: ({ gap }) => gap?.reason ?? null },
  { name: 'gap_ms', value: ({ gap }) => rounded(gap?.ms) },
];

/** The reverse of {@link sampleToRow}; null when it is no such row. */
export function rowToSample(row: SampleRow): MemorySample | null {
  const [at, heapUsed, heapTotal, rss, external, arrayBuffers, heapLimit, ...rest] = row;
  const sizes = [at, heapUsed, heapTotal, rss, external, arrayBuffers, heapLimit];
  if (!sizes.every((size) => typeof size === 'number')) return null;
  const runtime = toRuntime(rest);
  const [reason, ms] = rest.slice(14);
  return {
    at: at as number,
    heapUsed: heapUsed as number,
    heapTotal: heapTotal as number,
    rss: rss as number,
    external: external as number,
    arrayBuffers: arrayBuffers as number,
    heapLimit: heapLimit as number,
    ...(runtime ? { runtime } : {}),
    ...(typeof reason === 'string' ? { gap: { reason: reason as GapReason, ms: Number(ms ?? 0) } } : {}),
  };
}

function toRuntime(row: SampleRow): RuntimeSample | null {
  const figures = row.slice(0, 14).map((value) => (typeof value === 'number' ? value : null));
  if (figures.every((figure) => figure === null)) return null;
  const [malloced, code, contexts, detachedContexts, minor, major, steps, pauseMs, longestMs, ...loop] =
    figures;
  const [meanDelayMs, worstDelayMs, utilisation, turns, cpuMs] = loop;
  const known = (value: number | null | undefined) => value ?? 0;
  return {
    malloced: malloced ?? null,
    code: code ?? null,
    contexts: contexts ?? null,
    detachedContexts: detachedContexts ?? null,
    spaces: [],
    gc:
      minor === null
        ? null
        : {
            minor: known(minor),
            major: known(major),
            steps: known(steps),
            pauseMs: known(pauseMs),
            longestMs: known(longestMs),
          },
    eventLoop:
      meanDelayMs === null
        ? null
        : {
            meanDelayMs: known(meanDelayMs),
            worstDelayMs: known(worstDelayMs),
            utilisation: known(utilisation),
            turns: known(turns),
          },
    cpuMs: cpuMs ?? null,
    resources: null,
  };
}

/** Thousandths are beyond what is measured. */
function rounded(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Math.round(value * 1000) / 1000;
}

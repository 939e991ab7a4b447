import type { Run, RunFormat } from '../protocol/history';
import { ROW_COLUMNS, sampleToRow } from '../protocol/sample-rows';
import type { MemorySample } from '../protocol/samples';

/** A run as a file for other tools. */
export function exportRun(run: Run, format: RunFormat): string {
  return { csv: toCsv, json: toJson, openmetrics: toOpenMetrics }[format](run);
}

/** RFC 4180: one row per sample, units in the names of the columns. */
function toCsv({ samples }: Run): string {
  const header = ['time', ...ROW_COLUMNS.map(({ name }) => name)].join(',');
  const rows = samples.map((sample) => [new Date(sample.at).toISOString(), ...sampleToRow(sample)].join(','));
  return `${[header, ...rows].join('\r\n')}\r\n`;
}

/** Samples as objects by the names of CSV's columns. */
function toJson({ summary, samples, events }: Run): string {
  const rows = samples.map((sample) =>
    Object.fromEntries(ROW_COLUMNS.map(({ name, value }) => [name, value(sample)])),
  );
  return `${JSON.stringify({ run: summary, events, samples: rows }, null, 1)}\n`;
}

interface Metric {
  readonly name: string;
  readonly unit: 'bytes' | 'seconds' | 'ratio' | '';
  readonly help: string;
  /** A counter adds up what each sample says. */
  readonly type: 'gauge' | 'counter';
  readonly value: (sample: MemorySample) => number | null;
}

const METRICS: readonly Metric[] = [
  gauge('heap_used', 'bytes', 'Heap in use', ({ heapUsed }) => heapUsed),
  gauge('heap_total', 'bytes', 'Heap that V8 has reserved', ({ heapTotal }) => heapTotal),
  gauge('heap_limit', 'bytes', 'Heap limit', ({ heapLimit }) => heapLimit || null),
  gauge('resident_memory', 'bytes', 'Resident memory of the process', ({ rss }) => rss || null),
  gauge('external', 'bytes', 'Memory outside of the heap that its objects hold', ({ external }) => external),
  gauge('array_buffers', 'bytes', 'Array buffers, a part of external', ({ arrayBuffers }) => arrayBuffers),
  gauge('malloced', 'bytes', 'What V8 has taken from malloc', ({ runtime }) => runtime?.malloced ?? null),
  gauge('code', 'bytes', 'Compiled code, a part of the heap', ({ runtime }) => runtime?.code ?? null),
  gauge('contexts', '', 'Native contexts', ({ runtime }) => runtime?.contexts ?? null),
  gauge('event_loop_delay', 'seconds', 'Worst delay of timers', ({ runtime }) =>
    seconds(runtime?.eventLoop?.worstDelayMs),
  ),
  gauge(
    'event_loop_utilisation',
    'ratio',
    'Share of time in which the event loop worked',
    ({ runtime }) => runtime?.eventLoop?.utilisation ?? null,
  ),
  counter('gc_minor', '', 'Collections of the young generation', ({ runtime }) => runtime?.gc?.minor ?? null),
  counter('gc_major', '', 'Full collections', ({ runtime }) => runtime?.gc?.major ?? null),
  counter('gc_pause', 'seconds', 'Time in collections', ({ runtime }) => seconds(runtime?.gc?.pauseMs)),
  counter('cpu', 'seconds', 'Time on processors', ({ runtime }) => seconds(runtime?.cpuMs)),
];

/**
 * OpenMetrics 1.0 text: a family after the other, each sample with its time in seconds, `# EOF` at the end. Source:
 * https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
function toOpenMetrics({ summary, samples }: Run): string {
  const labels = `{program="${labelValue(summary.title)}",pid="${summary.pid ?? ''}",run="${labelValue(summary.id)}"}`;
  const lines: string[] = [];
  for (const { name, unit, help, type, value } of METRICS) {
    const family = `heapwright_${name}${unit ? `_${unit}` : ''}`;
    const told = samples.filter((sample) => value(sample) !== null);
    if (told.length === 0) continue;
    lines.push(`# TYPE ${family} ${type}`);
    if (unit) lines.push(`# UNIT ${family} ${unit}`);
    lines.push(`# HELP ${family} ${help}.`);
    let sum = 0;
    for (const sample of told) {
      sum += value(sample)!;
      const [suffix, shown] = type === 'counter' ? ['_total', sum] : ['', value(sample)!];
      lines.push(`${family}${suffix}${labels} ${Number(shown.toPrecision(15))} ${sample.at / 1000}`);
    }
  }
  return `${[...lines, '# EOF'].join('\n')}\n`;
}

function gauge(name: string, unit: Metric['unit'], help: string, value: Metric['value']): Metric {
  return { name, unit, help, type: 'gauge', value };
}

function counter(name: string, unit: Metric['unit'], help: string, value: Metric['value']): Metric {
  return { name, unit, help, type: 'counter', value };
}

function seconds(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : ms / 1000;
}

function labelValue(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

import type { Run, RunEvent, RunSubject, RunSummary, SampleRow } from '../protocol/history';
import { rowToSample, sampleToRow } from '../protocol/sample-rows';
import type { MemorySample } from '../protocol/samples';

/**
 * A run's file: one line of JSON for each thing, in the order in which it happened, only ever added to. The first is the
 * subject; an array is a sample, an object is an event. The last line of a run whose writer was killed may be cut: it
 * is left out, and nothing else is lost.
 */

const VERSION = 1;

export function subjectLine(subject: RunSubject): string {
  return `${JSON.stringify({ heapwrightRun: VERSION, ...subject })}\n`;
}

export function sampleLine(sample: MemorySample): string {
  return `${JSON.stringify(sampleToRow(sample))}\n`;
}

export function eventLine(event: RunEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** Null when `text` does not begin with a subject of this version. */
export function parseRun(text: string): Run | null {
  const lines = text.split('\n');
  const subject = parseSubject(lines[0] ?? '');
  if (!subject) return null;
  const samples: MemorySample[] = [];
  const events: RunEvent[] = [];
  for (const line of lines.slice(1)) {
    const value = parse(line);
    if (Array.isArray(value)) {
      const sample = rowToSample(value as SampleRow);
      if (sample) samples.push(sample);
    } else if (isEvent(value)) events.push(value);
  }
  return { summary: summarise(subject, samples, events, Buffer.byteLength(text)), samples, events };
}

function summarise(
  subject: RunSubject,
  samples: readonly MemorySample[],
  events: readonly RunEvent[],
  fileBytes: number,
): RunSummary {
  const highest = (of: (sample: MemorySample) => number) =>
    samples.reduce((peak, sample) => Math.max(peak, of(sample)), 0);
  const count = (kind: RunEvent['kind']) => events.filter((event) => event.kind === kind).length;
  return {
    ...subject,
    to: samples.at(-1)?.at ?? subject.from,
    samples: samples.length,
    peakHeapUsed: highest(({ heapUsed }) => heapUsed),
    peakRss: highest(({ rss }) => rss),
    alerts: count('alert'),
    findings: count('finding'),
    fileBytes,
  };
}

function parseSubject(line: string): RunSubject | null {
  const value = parse(line);
  if (typeof value !== 'object' || value === null) return null;
  const { heapwrightRun, ...subject } = value as Partial<RunSubject> & { heapwrightRun?: unknown };
  const isSubject =
    heapwrightRun === VERSION &&
    typeof subject.id === 'string' &&
    typeof subject.title === 'string' &&
    typeof subject.from === 'number';
  return isSubject ? (subject as RunSubject) : null;
}

function isEvent(value: unknown): value is RunEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { at, kind, text } = value as Partial<Record<keyof RunEvent, unknown>>;
  return typeof at === 'number' && typeof kind === 'string' && typeof text === 'string';
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes, formatCount, formatMs, formatShare } from '../../protocol/figures';
import type { HeapSpace, MemorySample, RuntimeSample } from '../../protocol/samples';
import { bytes } from './controls';
import { updateViewState, viewState } from './host';
import { legend } from './legend';
import { PACE_SERIES, SERIES } from './series';
import { dataTable } from './table';

/** Node's names of what keeps a program alive, as people say it. */
const RESOURCES: Readonly<Record<string, string>> = {
  Timeout: 'Timers',
  Immediate: 'Immediates',
  TCPServerWrap: 'TCP servers',
  TCPSocketWrap: 'TCP sockets',
  TLSWrap: 'TLS sockets',
  UDPWrap: 'UDP sockets',
  PipeWrap: 'Pipes',
  PipeServerWrap: 'Pipe servers',
  TTYWrap: 'Terminals',
  ProcessWrap: 'Child processes',
  MessagePort: 'Message ports',
  FSReqCallback: 'File operations',
  FSReqPromise: 'File operations (promises)',
  FileHandleCloseReq: 'Files being closed',
  FSEventWrap: 'File watchers',
  StatWatcher: 'File watchers (polling)',
  GetAddrInfoReqWrap: 'Name lookups',
};

/** What V8 and Node tell beside the sizes: one line that is always there, and all of it when it is opened. */
export function runtimeView(
  recent: readonly MemorySample[],
  redraw: () => void,
): TemplateResult | typeof nothing {
  const last = recent.at(-1);
  const { runtime } = last ?? {};
  if (!runtime) return nothing;
  const { showsRuntime } = viewState();
  const toggle = (event: Event) => {
    const { open } = event.currentTarget as HTMLDetailsElement;
    if (open === viewState().showsRuntime) return;
    updateViewState({ showsRuntime: open });
    redraw();
  };
  return html`<details class="runtime" data-testid="runtime" ?open=${showsRuntime} @toggle=${toggle}>
    <summary>
      Runtime <span class="quiet" data-testid="runtime-summary">${summary(recent, runtime)}</span>
    </summary>
    ${showsRuntime ? details(recent, last!, runtime, redraw) : nothing}
  </details>`;
}

function details(
  recent: readonly MemorySample[],
  last: MemorySample,
  runtime: RuntimeSample,
  redraw: () => void,
): TemplateResult {
  const sizes = SERIES.filter(({ isDetail }) => isDetail);
  const hasPace = runtime.gc !== null || runtime.eventLoop !== null;
  return html`<div class="chart-bar">
      ${hasPace ? legend({ label: 'Lines of the lower chart', series: PACE_SERIES, last, format: formatMs, redraw }) : nothing}
      ${legend({ label: 'Further lines of the chart above', series: sizes, last, format: formatBytes, redraw })}
    </div>
    ${
      hasPace
        ? html`<div
            class="chart pace"
            data-testid="pace-chart"
            role="img"
            aria-label="Pauses by collections and delay of the event loop against time; figures stand below"
          ></div>`
        : nothing
    }
    <div class="facts">
      ${collections(recent)}${eventLoop(recent, runtime)}${engine(runtime)}${resources(runtime)}
    </div>
    ${runtime.spaces.length > 0 ? spaces(runtime.spaces, redraw) : nothing}`;
}

/** Sums over what is recent. */
function totals(recent: readonly MemorySample[]) {
  const sum = { minor: 0, major: 0, pauseMs: 0, longestMs: 0, worstDelayMs: 0, cpuMs: 0 };
  for (const { runtime } of recent) {
    sum.minor += runtime?.gc?.minor ?? 0;
    sum.major += runtime?.gc?.major ?? 0;
    sum.pauseMs += runtime?.gc?.pauseMs ?? 0;
    sum.longestMs = Math.max(sum.longestMs, runtime?.gc?.longestMs ?? 0);
    sum.worstDelayMs = Math.max(sum.worstDelayMs, runtime?.eventLoop?.worstDelayMs ?? 0);
  }
  return sum;
}

function summary(recent: readonly MemorySample[], { gc, eventLoop, resources }: RuntimeSample): string {
  const { pauseMs } = totals(recent);
  const parts = [
    gc ? `collections ${formatMs(pauseMs)} in the last minute` : null,
    eventLoop ? `event loop ${formatShare(eventLoop.utilisation)} busy` : null,
    resources ? `${formatCount(countOf(resources))} open resources` : null,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function collections(recent: readonly MemorySample[]): TemplateResult | typeof nothing {
  if (!recent.at(-1)?.runtime?.gc) return nothing;
  const { minor, major, pauseMs, longestMs } = totals(recent);
  return facts('Collections, last minute', 'facts-gc', [
    ['Young', formatCount(minor)],
    ['Full', formatCount(major)],
    ['Stood still', formatMs(pauseMs)],
    ['Longest', formatMs(longestMs)],
  ]);
}

function eventLoop(
  recent: readonly MemorySample[],
  { eventLoop, cpuMs }: RuntimeSample,
): TemplateResult | typeof nothing {
  if (!eventLoop) return nothing;
  const [before, last] = recent.slice(-2);
  const cpu = cpuMs !== null && last ? `${formatShare(cpuMs / (last.at - before!.at))} of a core` : '–';
  return facts('Event loop', 'facts-loop', [
    ['Busy', formatShare(eventLoop.utilisation)],
    ['Late', formatMs(eventLoop.meanDelayMs)],
    ['Worst, last minute', formatMs(totals(recent).worstDelayMs)],
    ['CPU', cpu],
  ]);
}

function engine({ malloced, code, contexts, detachedContexts }: RuntimeSample): TemplateResult {
  return facts('V8', 'facts-v8', [
    ['Malloced', malloced === null ? '–' : bytes(malloced)],
    ['Code', code === null ? '–' : bytes(code)],
    ['Contexts', contexts === null ? '–' : formatCount(contexts)],
    ['Detached contexts', detachedContexts === null ? '–' : formatCount(detachedContexts)],
  ]);
}

function resources({ resources }: RuntimeSample): TemplateResult | typeof nothing {
  if (!resources) return nothing;
  const kinds = Object.entries(resources).sort(([, a], [, b]) => b - a);
  const rows = kinds.map(([kind, count]): [string, string] => [RESOURCES[kind] ?? kind, formatCount(count)]);
  return facts('Keeps it alive', 'facts-resources', rows.length > 0 ? rows : [['Nothing', '0']]);
}

function facts(
  title: string,
  testId: string,
  rows: readonly (readonly [string, string | TemplateResult])[],
): TemplateResult {
  return html`<section data-testid=${testId}>
    <h3>${title}</h3>
    <dl>
      ${rows.map(
        ([name, value]) => html`<dt>${name}</dt>
          <dd>${value}</dd>`,
      )}
    </dl>
  </section>`;
}

function countOf(resources: Readonly<Record<string, number>>): number {
  return Object.values(resources).reduce((sum, count) => sum + count, 0);
}

/** How many spaces have a colour of their own; the others are drawn as one. */
const TONES = 5;

/** A bar of what each space has committed, with what is used of it, and the figures below. */
function spaces(all: readonly HeapSpace[], redraw: () => void): TemplateResult {
  const present = all.filter(({ size }) => size > 0).sort((a, b) => b.size - a.size);
  const total = present.reduce((sum, { size }) => sum + size, 0);
  const tone = (space: HeapSpace) => Math.min(TONES, present.indexOf(space));
  return html`<section data-testid="spaces">
    <h3>Heap spaces</h3>
    <div class="stack" aria-hidden="true">
      ${present.map(
        (space) => html`<svg
          class="tone-${tone(space)}"
          viewBox="0 0 100 10"
          preserveAspectRatio="none"
          width="${(100 * space.size) / total}%"
        >
          <title>${spaceName(space)}: ${formatBytes(space.used)} of ${formatBytes(space.size)}</title>
          <rect class="committed" width="100" height="10"></rect>
          <rect class="used" width=${(100 * space.used) / space.size} height="10"></rect>
        </svg>`,
      )}
    </div>
    ${dataTable({
      id: 'spaces',
      rows: present,
      sortedBy: 'used',
      redraw,
      columns: [
        {
          key: 'name',
          label: 'Space',
          kind: 'text',
          value: spaceName,
          cell: (space) =>
            html`<svg class="tone-${tone(space)}" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
                <rect class="used" width="10" height="10"></rect></svg
              >${' '}${spaceName(space)}`,
        },
        {
          key: 'used',
          label: 'Used',
          kind: 'number',
          value: ({ used }) => used,
          cell: ({ used }) => bytes(used),
        },
        {
          key: 'size',
          label: 'Committed',
          kind: 'number',
          value: ({ size }) => size,
          cell: ({ size }) => bytes(size),
        },
      ],
    })}
  </section>`;
}

/** "large_object_space" → "large objects". */
function spaceName({ name }: HeapSpace): string {
  return name
    .replace(/_space$/, '')
    .replace(/_object$/, '_objects')
    .replaceAll('_', ' ');
}

import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes, formatShare } from '../../protocol/figures';
import type { PanelState } from '../../protocol/panel';
import type { MemorySample } from '../../protocol/samples';
import { engineInWords, leftOutBy } from '../../protocol/targets';
import { button, bytes } from './controls';
import { send } from './host';

/** What is attached, how full its heap is, and the actions that fit. */
export function headerView(state: PanelState, last: MemorySample | null): TemplateResult {
  const { target, busy } = state;
  if (!target) return welcome();
  const facts = [
    target.pid === null ? null : `pid ${target.pid}`,
    engineInWords(target),
    target.isLocal ? null : target.url,
  ].filter((fact) => fact !== null);
  return html`<header class="target">
    <div>
      <h1 data-testid="target">${target.title}</h1>
      <p class="quiet">${facts.join(' · ')}</p>
    </div>
    ${last ? usage(last, state.limits) : html`<p class="quiet">Waiting for the first sample…</p>`}
    <div class="buttons">
      ${button({
        label: 'Take Heap Snapshot',
        icon: 'device-camera',
        testId: 'take-snapshot',
        primary: true,
        disabled: busy !== null,
        run: () => send({ type: 'takeSnapshot' }),
      })}
      ${button({
        label: 'Hunt for Leaks…',
        icon: 'bug',
        testId: 'hunt',
        disabled: busy !== null,
        run: () => send({ type: 'hunt' }),
      })}
      ${button({
        label: 'Collect Garbage',
        icon: 'trash',
        testId: 'collect-garbage',
        disabled: busy !== null,
        run: () => send({ type: 'collectGarbage' }),
      })}
      ${button({
        label: 'Detach',
        icon: 'debug-disconnect',
        testId: 'detach',
        run: () => send({ type: 'detach' }),
      })}
    </div>
  </header>${noteView('trouble', 'debug-pause', state.trouble)}${noteView('outlook', 'watch', state.limits?.outlook)}
  ${noteView('rss-growth', 'question', state.rssGrowth)}${noteView('left-out', 'info', leftOutBy(target))}`;
}

/** A sentence about what goes on: no samples, when a limit is reached, why RSS grows. */
function noteView(
  testId: string,
  icon: string,
  text: string | null | undefined,
): TemplateResult | typeof nothing {
  if (!text) return nothing;
  return html`<p class="note ${testId}" data-testid=${testId} role="status">
    <span class="codicon codicon-${icon}" aria-hidden="true"></span> ${text}
  </p>`;
}

const LIMITS = { container: 'of the container’s', machine: 'of the machine’s', setting: 'of your' };

function usage({ heapUsed, heapLimit, rss }: MemorySample, limits: PanelState['limits']): TemplateResult {
  return html`<div class="usages">
    <div class="usage" data-testid="heap-used">
      <span class="big">${bytes(heapUsed)}</span>
      <span class="quiet">heap${heapLimit > 0 ? `, ${shareOf(heapUsed, heapLimit)} of ${formatBytes(heapLimit)}` : ''}</span>
    </div>
    ${
      rss > 0
        ? html`<div class="usage" data-testid="rss-used">
            <span class="big">${bytes(rss)}</span>
            <span class="quiet">RSS${limits ? `, ${shareOf(rss, limits.bytes)} ${LIMITS[limits.source]} ${formatBytes(limits.bytes)}` : ''}</span>
          </div>`
        : nothing
    }
  </div>`;
}

function shareOf(part: number, whole: number): string {
  return formatShare(part / whole);
}

function welcome(): TemplateResult {
  return html`<header class="target">
    <div>
      <h1 data-testid="target">No process attached</h1>
      <p class="quiet">Attach to a Node process to see its heap live.</p>
    </div>
    <div class="buttons">
      ${button({
        label: 'Attach to Node Process…',
        icon: 'plug',
        testId: 'attach',
        primary: true,
        run: () => send({ type: 'attach' }),
      })}
      ${button({
        label: 'Launch and Profile…',
        icon: 'play',
        testId: 'launch',
        run: () => send({ type: 'launch' }),
      })}
    </div>
  </header>`;
}

/** What is under way, with a way to stop it. */
export function busyView(busy: PanelState['busy']): TemplateResult {
  if (!busy) return html`<div class="busy" aria-live="polite"></div>`;
  return html`<div class="busy" aria-live="polite" data-testid="busy">
    ${
      busy.fraction === null
        ? html`<progress aria-label=${busy.text}></progress>`
        : html`<progress max="1" .value=${busy.fraction} aria-label=${busy.text}></progress>`
    }
    <span>${busy.text}</span>
    ${
      busy.question
        ? button({
            label: busy.question,
            icon: 'check',
            testId: 'operation-done',
            primary: true,
            run: () => send({ type: 'operationDone' }),
          })
        : nothing
    }
    ${
      busy.cancellable
        ? button({ label: 'Cancel', icon: 'close', testId: 'cancel', run: () => send({ type: 'cancel' }) })
        : nothing
    }
  </div>`;
}

import * as vscode from 'vscode';
import { formatBytes, formatCount } from '../../protocol/figures';
import type { TargetSlot } from '../attach/target-slot';

/** Nobody reads it faster than this, ms. */
const REDRAW_MS = 950;

/**
 * The one status bar item: what is attached and how much heap it uses. Shown from the first attachment on, so that
 * a window that never profiles is not cluttered.
 */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #slot: TargetSlot;
  #drawnAt = Number.NEGATIVE_INFINITY;
  readonly #subscriptions: vscode.Disposable[];

  constructor(slot: TargetSlot) {
    this.#slot = slot;
    this.#item = vscode.window.createStatusBarItem('heapwright.target', vscode.StatusBarAlignment.Left, 50);
    this.#item.name = 'Heapwright Target';
    this.#item.command = 'heapwright.showMenu';
    this.#subscriptions = [
      this.#item,
      slot.onDidChange(() => this.#draw()),
      slot.onSample(() => {
        if (performance.now() >= this.#drawnAt + REDRAW_MS) this.#draw();
      }),
    ];
  }

  #draw(): void {
    const target = this.#slot.current;
    if (!target) {
      this.#item.text = '$(circuit-board) Heapwright';
      this.#item.tooltip = 'Heapwright: no process attached';
      this.#item.accessibilityInformation = { label: 'Heapwright, no process attached' };
      this.#item.show();
      this.#drawnAt = Number.NEGATIVE_INFINITY;
      return;
    }
    const sample = target.history.last;
    if (sample) this.#drawnAt = performance.now();
    const used = sample ? formatBytes(sample.heapUsed) : 'waiting for the first sample';
    this.#item.text = `$(pulse) ${shorten(target.info.title)}: ${used}`;
    this.#item.tooltip = sample
      ? new vscode.MarkdownString(
          [
            `**${target.info.title}**${target.info.pid === null ? '' : `, pid ${target.info.pid}`}`,
            `Heap used: ${formatCount(sample.heapUsed)} bytes`,
            `Heap limit: ${formatCount(sample.heapLimit)} bytes (${percent(sample.heapUsed, sample.heapLimit)} used)`,
            `RSS: ${formatCount(sample.rss)} bytes`,
            'Click for actions',
          ].join('  \n'),
        )
      : undefined;
    this.#item.accessibilityInformation = { label: `Heapwright: ${target.info.title}, heap used ${used}` };
    this.#item.show();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function percent(part: number, whole: number): string {
  return whole > 0 ? `${Math.round((100 * part) / whole)} %` : '–';
}

/** A status bar has no room for a path: its end says most. */
function shorten(title: string): string {
  return title.length <= 32 ? title : `…${title.slice(-31)}`;
}

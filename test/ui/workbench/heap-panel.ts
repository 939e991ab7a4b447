import type { FrameLocator, Locator } from 'playwright-core';
import type { Workbench } from './workbench';

/** Heapwright's live panel. */
export class HeapPanel {
  readonly #frame: FrameLocator;

  constructor(workbench: Workbench) {
    this.#frame = workbench.webview();
  }

  get body(): Locator {
    return this.#frame.locator('body');
  }

  get(testId: string): Locator {
    return this.#frame.getByTestId(testId);
  }

  /** The text of an element, in one line. */
  async text(testId: string): Promise<string> {
    return ((await this.get(testId).textContent()) ?? '').replaceAll(/\s+/g, ' ').trim();
  }

  /** What the legend says of a line of the chart, such as "12 MB". */
  legend(series: string): Locator {
    return this.get(`series-${series}`).locator('.value');
  }

  /** Takes a snapshot by the panel's button; resolves when it is in the list and whatever follows is done. */
  async takeSnapshot(timeoutMs = 60_000): Promise<void> {
    const snapshots = this.get('snapshot');
    const count = await snapshots.count();
    await this.get('take-snapshot').click();
    await snapshots.nth(count).waitFor({ timeout: timeoutMs });
    await this.get('busy').waitFor({ state: 'detached', timeout: timeoutMs });
  }
}

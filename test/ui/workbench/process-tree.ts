import type { Locator } from 'playwright-core';
import type { Workbench } from './workbench';

/** The tree "Node Processes" in Heapwright's side bar. */
export class ProcessTree {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Shows it by a click on Heapwright's icon in the activity bar. */
  async show(): Promise<void> {
    await this.#workbench.page.locator('.activitybar .action-label[aria-label="Heapwright"]').click();
    await this.title.waitFor();
  }

  get title(): Locator {
    return this.#workbench.page.locator('.part.sidebar .title-label', { hasText: /heapwright/i });
  }

  /** Rows whose label or facts match. */
  row(text: string | RegExp): Locator {
    return this.#workbench.page.locator('.part.sidebar .monaco-list-row').filter({ hasText: text });
  }

  /** Rows of processes that none of the others has started. */
  top(text: string | RegExp): Locator {
    return this.row(text).and(this.#workbench.page.locator('[aria-level="1"]'));
  }

  /** What stands in the side bar when there is no row. */
  get welcome(): Locator {
    return this.#workbench.page.locator('.part.sidebar .welcome-view-content');
  }

  async expand(row: Locator): Promise<void> {
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.locator('.monaco-tl-twistie').click();
  }

  async collapse(row: Locator): Promise<void> {
    if ((await row.getAttribute('aria-expanded')) === 'true') await row.locator('.monaco-tl-twistie').click();
  }

  /** Presses a button that shows when the mouse is over a row. */
  async press(row: Locator, button: string): Promise<void> {
    await row.hover();
    await row.locator(`.action-label[aria-label^="${button}"]`).click();
  }
}

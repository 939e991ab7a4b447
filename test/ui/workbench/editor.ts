import type { Locator, Page } from 'playwright-core';
import type { QuickInput } from './quick-input';

const TRIES = 3;

/** The text editor that has the focus. */
export class Editor {
  readonly #page: Page;
  readonly #quickInput: QuickInput;

  constructor(page: Page, quickInput: QuickInput) {
    this.#page = page;
    this.#quickInput = quickInput;
  }

  /** Opens a file of the workspace by its name, at a line. */
  async open(name: string, line = 1): Promise<void> {
    await this.#quickInput.open('Control+P', name);
    await this.#quickInput.choose(name);
    await this.tab(name).waitFor();
    await this.goToLine(line);
  }

  /**
   * Moves the cursor to a line. A tab stands active before its text does, and then there is no editor to move in: so it
   * is looked at where the cursor is, and asked again if it did not come.
   */
  async goToLine(line: number): Promise<void> {
    const cursor = this.#page.locator('.statusbar-item').filter({ hasText: new RegExp(`Ln ${line},`) });
    for (let attempt = 0; ; attempt++) {
      await this.#page.locator('.editor-instance .view-line').first().waitFor();
      await this.#quickInput.open('Control+G', `:${line}`);
      await this.#quickInput.accept();
      try {
        await cursor.waitFor({ timeout: 4000 });
        return;
      } catch (error) {
        if (attempt === TRIES) throw error;
        await this.#quickInput.dismiss();
      }
    }
  }

  /** The visible tab of a file. */
  tab(name: string): Locator {
    return this.#page.locator('.tabs-container .tab.active').filter({ hasText: name });
  }

  /** The lines that are drawn, from top to bottom. */
  async visibleLines(): Promise<string[]> {
    const lines = await this.#page.locator('.editor-instance .view-lines .view-line').evaluateAll((nodes) =>
      nodes
        .map((node) => ({
          top: Number.parseFloat((node as HTMLElement).style.top),
          text: (node.textContent ?? '').replaceAll('\u00a0', ' '),
        }))
        .sort((a, b) => a.top - b.top),
    );
    return lines.map(({ text }) => text);
  }

  /** Lens texts above lines. */
  get codeLenses(): Locator {
    return this.#page.locator('.editor-instance .codelens-decoration');
  }

  /** Opens the lightbulb's menu where the cursor is and waits for an entry; the menu may come before its entries. */
  async openLightbulb(title: string): Promise<Locator> {
    const entry = this.#page
      .locator('.action-widget:not(.action-list-submenu-panel) .monaco-list-row.action')
      .filter({ hasText: title });
    for (let attempt = 0; ; attempt++) {
      await this.#page.keyboard.press('Control+.');
      try {
        await entry.waitFor({ timeout: 5000 });
        return entry;
      } catch (error) {
        if (attempt === 5) throw error;
        await this.#page.keyboard.press('Escape');
      }
    }
  }

  /** Shows what is known of the word under the cursor. */
  async showHover(): Promise<void> {
    await this.#page.keyboard.press('Control+K');
    await this.#page.keyboard.press('Control+I');
  }

  /** Saves a file that stands open. */
  async save(name: string): Promise<void> {
    const tab = this.#page.locator('.tabs-container .tab').filter({ hasText: name });
    await tab.click();
    await this.#page.keyboard.press('Control+S');
    await tab.and(this.#page.locator(':not(.dirty)')).waitFor();
  }
}

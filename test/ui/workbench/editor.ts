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

  /**
   * Opens a file of the workspace by its name, at a line. The list is that of the last time until the files have been
   * looked through anew, and stays so while it is open: a file that has just been written may need a second look.
   */
  async open(name: string, line = 1): Promise<void> {
    await this.#quickInput.open('Control+P', name);
    for (let attempt = 0; attempt < TRIES && !(await this.#quickInput.offers(name, 5000)); attempt++) {
      await this.#quickInput.dismiss();
      await this.#quickInput.open('Control+P', name);
    }
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
    const go = async () => {
      await this.#page.locator('.editor-instance .view-line').first().waitFor();
      await this.#quickInput.open('Control+G', `:${line}`);
      await this.#quickInput.accept();
    };
    await this.#until(cursor, go, () => this.#quickInput.dismiss());
  }

  /** Acts until something is seen; in between, what was done is taken back. */
  async #until(
    seen: Locator,
    act: () => Promise<unknown>,
    takeBack: () => Promise<unknown>,
    tries = TRIES,
  ): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      await act();
      try {
        await seen.waitFor({ timeout: 5000 });
        return;
      } catch (error) {
        if (attempt === tries) throw error;
        await takeBack();
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
    const { keyboard } = this.#page;
    await this.#until(
      entry,
      () => keyboard.press('Control+.'),
      () => keyboard.press('Escape'),
      5,
    );
    return entry;
  }

  /** Shows an entry of the open lightbulb in the refactor preview; walked to by key, since that shows where the focus is. */
  async preview(entry: Locator): Promise<void> {
    const focused = entry.and(this.#page.locator('.focused'));
    for (let attempt = 0; (await focused.count()) === 0; attempt++) {
      if (attempt === 20) throw new Error('The entry never got the focus.');
      await this.#page.keyboard.press('ArrowDown');
      await this.#page.waitForTimeout(50);
    }
    await this.#page.keyboard.press('Control+Enter');
  }

  /**
   * What is told of a word under the mouse, once it holds `text`. Whatever is drawn anew under the mouse closes it: then
   * the mouse leaves and comes back.
   */
  async hover(word: RegExp, text: string): Promise<Locator> {
    const told = this.#page.locator('.monaco-hover:visible', { hasText: text });
    const name = this.#page.locator('.view-line span', { hasText: word }).first();
    await this.#until(
      told,
      () => name.hover(),
      () => this.#page.mouse.move(1, 1),
    );
    return told;
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

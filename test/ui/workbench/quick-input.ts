import type { Locator, Page } from 'playwright-core';

const TRIES = 3;

/** VS Code's one input at the top: command palette, pick lists, input boxes. */
export class QuickInput {
  readonly #page: Page;
  readonly #widget: Locator;
  readonly #input: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#widget = page.locator('.quick-input-widget:visible');
    this.#input = this.#widget.locator('.quick-input-filter input');
  }

  /**
   * Opens it by a key and types. A webview that has just loaded takes the focus and closes it again: so it is looked
   * at after typing, and opened once more if it went.
   */
  async open(key: string, text: string): Promise<void> {
    let last: unknown;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      try {
        await this.#page.keyboard.press(key);
        await this.#input.waitFor({ timeout: 3000 });
        await this.#input.fill(text, { timeout: 3000 });
        await this.rows.first().waitFor({ timeout: 3000 });
        return;
      } catch (error) {
        last = error;
        await this.#page.keyboard.press('Escape');
        // Keys do not reach the workbench while a webview's document has the focus.
        await this.#page.locator('.part.statusbar').click({ position: { x: 400, y: 5 } });
      }
    }
    throw last;
  }

  /** Waits until the question with this title stands there: the one before it looks much the same. */
  async asks(title: string | RegExp): Promise<void> {
    await this.#widget.locator('.quick-input-title', { hasText: title }).waitFor();
  }

  /** Waits until the input holds such a text: a dialog for files proposes a place, which comes after its title. */
  async proposes(text: RegExp): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      if (text.test(await this.#input.inputValue())) return;
      await this.#page.waitForTimeout(50);
    }
    throw new Error(`The input holds ${await this.#input.inputValue()}, not ${text}`);
  }

  get rows(): Locator {
    return this.#widget.locator('.quick-input-list .monaco-list-row');
  }

  /** Types into what stands open, in place of what is there. */
  async type(text: string): Promise<void> {
    await this.#input.fill(text);
  }

  /**
   * Clicks the row whose label is exactly `label`, or whose whole text matches. The hover of the row on which the mouse
   * rests from the list before may lie over it: then the mouse goes aside first, as a person's would.
   */
  async choose(label: string | RegExp): Promise<void> {
    const row = this.#row(label);
    await row.waitFor();
    for (let attempt = 1; attempt < TRIES; attempt++) {
      try {
        await row.click({ timeout: 3000 });
        return;
      } catch {
        await this.#page.mouse.move(1, 1);
      }
    }
    await row.click();
  }

  /** Whether such a row comes within `timeoutMs`. */
  async offers(label: string | RegExp, timeoutMs: number): Promise<boolean> {
    return await this.#row(label)
      .waitFor({ timeout: timeoutMs })
      .then(
        () => true,
        () => false,
      );
  }

  #row(label: string | RegExp): Locator {
    if (typeof label !== 'string') return this.rows.filter({ hasText: label }).first();
    const exactly = this.#page.locator('.quick-input-list-row:first-child .monaco-icon-label .label-name', {
      hasText: new RegExp(`^\\s*${escapeRegExp(label)}\\s*$`),
    });
    return this.rows.filter({ has: exactly }).first();
  }

  /** Confirms an input box, or a list in which many can be ticked. */
  async accept(): Promise<void> {
    await this.#input.press('Enter');
  }

  async dismiss(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.#widget.waitFor({ state: 'hidden' });
  }
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

import type { Locator, Page } from 'playwright-core';

/** The messages in the lower right corner. */
export class Notifications {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** A message that is shown now. */
  withText(text: string | RegExp): Locator {
    return this.#page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text });
  }

  /** Presses a button of a message. */
  async answer(text: string | RegExp, button: string): Promise<void> {
    await this.withText(text).getByRole('button', { name: button, exact: true }).click();
  }

  /** Takes all messages away, for a picture without them. */
  async clear(): Promise<void> {
    // A message that has timed out stays in the page for a while, unseen.
    const items = this.#page.locator('.notifications-toasts .notification-list-item:visible');
    for (let left = await items.count(); left > 0; left = await items.count()) {
      // One that goes by itself meanwhile is what is wanted.
      const item = items.first();
      await item
        .hover({ timeout: 2000 })
        .then(() => item.locator('.codicon-notifications-clear').click({ timeout: 2000 }))
        .catch(() => {});
      if ((await items.count()) >= left) await this.#page.waitForTimeout(100);
    }
  }
}

import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { projectRoot } from '../../host/cache-folder';
import { launchChromium } from '../../host/chromium';
import { stageExtension } from '../../host/staged-extension';
import { WorkbenchServer } from '../../host/workbench-server';
import { Editor } from './editor';
import { Notifications } from './notifications';
import { QuickInput } from './quick-input';

export interface OpenOptions {
  readonly workspace: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** A package to install instead of laying out the built extension. */
  readonly vsix?: string;
}

/** The colour themes that VS Code brings, by the name that its picker shows. */
export type Theme = 'Dark Modern' | 'Light Modern' | 'Dark High Contrast' | 'Light High Contrast';

/**
 * A VS Code window as a user has it, with the extension installed, driven by keyboard and mouse. Everything waits
 * for what it needs to see, and says what it missed when that never comes.
 */
export class Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly editor: Editor;
  readonly notifications: Notifications;
  readonly server: WorkbenchServer;
  readonly #browser: Browser;

  private constructor(page: Page, browser: Browser, server: WorkbenchServer) {
    this.page = page;
    this.server = server;
    this.#browser = browser;
    this.quickInput = new QuickInput(page);
    this.editor = new Editor(page, this.quickInput);
    this.notifications = new Notifications(page);
  }

  static async open(options: OpenOptions): Promise<Workbench> {
    const server = await WorkbenchServer.start(options, async (extensions, install) => {
      if (options.vsix) await install(options.vsix);
      else await stageExtension(extensions);
    });
    let browser: Browser | undefined;
    try {
      browser = await launchChromium();
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      page.setDefaultTimeout(20_000);
      await page.goto(server.url);
      await page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor();
      return new Workbench(page, browser, server);
    } catch (error) {
      await browser?.close();
      await server.end();
      throw error;
    }
  }

  /** Runs a command by its full label in the palette, such as "Heapwright: Open Live Heap Panel". */
  async command(label: string): Promise<void> {
    // The palette lists what was known when it opened: right after the start the extensions are not yet.
    for (let attempt = 0; attempt < 5; attempt++) {
      await this.quickInput.open('F1', `>${label}`);
      if (await this.quickInput.offers(label, 3000)) break;
      await this.quickInput.dismiss();
    }
    await this.quickInput.choose(label);
  }

  /** Attaches to the inspector at that address, as somebody does who was told it. */
  async attachTo(address: string): Promise<void> {
    await this.command('Heapwright: Attach by Inspector URL...');
    await this.quickInput.type(address);
    await this.quickInput.accept();
  }

  /** The inside of a webview; the first visible one, or the one of that place. */
  webview(place = 0): FrameLocator {
    return this.page
      .locator('iframe.webview.ready:visible')
      .nth(place)
      .contentFrame()
      .locator('iframe#active-frame')
      .contentFrame();
  }

  /** An entry of the status bar whose text contains `text`. */
  statusItem(text: string | RegExp): Locator {
    return this.page.locator('.part.statusbar .statusbar-item').filter({ hasText: text });
  }

  /** Presses a button of the modal dialog that stands open. */
  async answerDialog(button: string): Promise<void> {
    const dialog = this.page.locator('.monaco-dialog-box:visible');
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  async setTheme(theme: Theme): Promise<void> {
    await this.quickInput.open('F1', '>Preferences: Color Theme');
    await this.quickInput.choose('Preferences: Color Theme');
    await this.quickInput.type(theme);
    await this.quickInput.choose(theme);
    const marks = { 'Dark Modern': 'vs-dark', 'Light Modern': 'vs', 'Dark High Contrast': 'hc-black' };
    const mark = marks[theme as keyof typeof marks] ?? 'hc-light';
    await this.page.locator(`.monaco-workbench.${mark}`).waitFor();
  }

  /** Leaves a picture of the window in test/ui/screenshots. */
  async saveScreenshot(name: string): Promise<void> {
    const folder = path.join(projectRoot(), 'test/ui/screenshots');
    await fs.mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: path.join(folder, `${name}.png`), caret: 'hide' });
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.end();
  }
}

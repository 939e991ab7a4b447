import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';

/** A list that outlives the window, as a file. One write at a time, and a rename at its end: a crash leaves the old or the new. */
export class JsonFile {
  readonly #file: string;
  #writing: Promise<void> = Promise.resolve();

  /** @param file Absolute path; its folder is made when something is written. */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * The items that `isItem` knows; none where there is no file, or one that cannot be read. Read at once: the extension
   * does it while it starts, and whoever waits then waits for all other extensions that start.
   */
  read<Item>(isItem: (value: unknown) => value is Item): Item[] {
    try {
      const parsed: unknown = JSON.parse(readFileSync(this.#file, 'utf8'));
      return Array.isArray(parsed) ? parsed.filter(isItem) : [];
    } catch {
      return [];
    }
  }

  async write(items: readonly unknown[]): Promise<void> {
    this.#writing = this.#writing
      .catch(() => {})
      .then(async () => {
        await fs.mkdir(path.dirname(this.#file), { recursive: true });
        await fs.writeFile(`${this.#file}.new`, JSON.stringify(items));
        await fs.rename(`${this.#file}.new`, this.#file);
      });
    await this.#writing;
  }
}

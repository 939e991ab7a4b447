import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { cacheFolder } from './cache-folder';

/**
 * The folder `name` of the cache, filled by `fill` when it is not there yet. `fill` gets a folder of its own, which
 * takes its name only when it is whole: an interrupted or failed filling leaves nothing that looks usable, and of
 * several processes that fill at once the first rename wins.
 */
export async function cacheEntry(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = path.join(cacheFolder(), name);
  if (await exists(folder)) return folder;
  const temporary = `${folder}.${randomUUID().slice(0, 8)}.tmp`;
  await fs.mkdir(temporary, { recursive: true });
  try {
    await fill(temporary);
    await fs.rename(temporary, folder).catch(async (error) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await fs.rm(temporary, { recursive: true, force: true });
  }
  return folder;
}

/** Whether a file or folder is there. */
export async function exists(file: string): Promise<boolean> {
  return await fs.access(file).then(
    () => true,
    () => false,
  );
}

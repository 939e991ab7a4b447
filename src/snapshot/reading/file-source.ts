import * as fs from 'node:fs';
import { HeapwrightError } from '../../protocol/errors';
import type { ByteSource } from './byte-scanner';

/**
 * A file as a byte source; dispose closes it.
 * @throws `file-not-found` when it cannot be opened.
 */
export function openFile(file: string): ByteSource & { dispose(): void } {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, 'r');
  } catch (error) {
    throw new HeapwrightError(
      'file-not-found',
      `${file} cannot be opened.`,
      'It may have been moved or deleted; choose it again.',
      { cause: error },
    );
  }
  return {
    length: fs.fstatSync(descriptor).size,
    read: (target) => fs.readSync(descriptor, target, 0, target.length, null),
    dispose: () => fs.closeSync(descriptor),
  };
}

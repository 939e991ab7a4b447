import { readFile } from 'node:fs/promises';
import type { ScriptRecord } from '../protocol/targets';
import { scriptFile } from './script-files';

/** A script whose program is gone, with the source map that its file on this disk names at its end. */
export async function scriptOnDisk(scriptId: number, url: string): Promise<ScriptRecord> {
  const file = scriptFile(url);
  const text = file === null ? '' : await readFile(file, 'utf8').catch(() => '');
  // The last one counts; a map within the text of a bundled file comes before it.
  const comments = [...text.matchAll(/^\s*(?:\/\/|\/\*)[#@]\s*sourceMappingURL=([^\s*]+)/gm)];
  return { scriptId, url, sourceMapUrl: comments.at(-1)?.[1] ?? '' };
}

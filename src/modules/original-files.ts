import { packageFolder } from '../source/package-folder';
import { scriptOnDisk } from '../source/scripts-on-disk';
import { loadSourceMap } from '../source/source-maps';
import type { ModuleGraph } from './module-graph';

/** From each file that a person edits to the modules of a program that were made from it. */
export type ModulesBySource = ReadonlyMap<string, readonly number[]>;

/** Reads the source maps of a program's own modules. A module without one is its own source. */
export async function modulesBySource(graph: ModuleGraph): Promise<ModulesBySource> {
  const found = new Map<string, number[]>();
  const add = (file: string, place: number) => {
    const places = found.get(file);
    if (places) places.push(place);
    else found.set(file, [place]);
  };
  for (const [place, { file }] of graph.modules.entries()) {
    if (packageFolder(file) || !/\.([cm]?[jt]sx?)$/.test(file)) continue;
    add(file, place);
    const map = await loadSourceMap(await scriptOnDisk(0, file));
    for (const source of map?.files() ?? []) {
      if (source !== file) add(source, place);
    }
  }
  return found;
}

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type ErrorCode, HeapwrightError } from '../../src/protocol/errors';
import type { SnapshotInfo } from '../../src/protocol/snapshot';
import { SnapshotAnswers } from '../../src/snapshot/answers/answers';
import { diffConstructors } from '../../src/snapshot/answers/constructor-diff';
import { contextsOf } from '../../src/snapshot/answers/contexts';
import { duplicateStrings } from '../../src/snapshot/answers/duplicate-strings';
import { listenerTables } from '../../src/snapshot/answers/listener-tables';
import { retainingPaths } from '../../src/snapshot/answers/paths';
import { findNodes } from '../../src/snapshot/answers/search';
import { statisticsOf } from '../../src/snapshot/answers/statistics';
import { loadFile } from '../../src/snapshot/load';
import { Team } from '../../src/snapshot/threads/team';
import { keptNodes } from '../../src/snapshot/writing/kept-nodes';
import { writeSnapshot } from '../../src/snapshot/writing/snapshot-writer';
import { mutate, seeded } from './mutations';

const EXPECTED: readonly ErrorCode[] = ['not-a-snapshot', 'snapshot-truncated', 'snapshot-corrupt'];
/** A file of some kilobytes that takes longer than this hangs. */
const LONGEST_MS = 5000;

export interface FuzzResult {
  /** How often each came out: `opened`, or the code of the error. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** What must not happen, with the seed that makes it happen again. */
  readonly failures: readonly string[];
}

/**
 * Damages snapshots in `count` ways and opens them: each must open, and then answer everything, or be refused by an
 * error that says what is wrong.
 */
export function fuzz(bases: readonly Buffer[], count: number, firstSeed: number): FuzzResult {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapwright-fuzz-'));
  const outcomes: Record<string, number> = {};
  const failures: string[] = [];
  try {
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
      const random = seeded(seed);
      const file = path.join(folder, 'damaged.heapsnapshot');
      fs.writeFileSync(file, mutate(bases[random(bases.length)]!, random));
      const startedAt = performance.now();
      const outcome = tryFile(file, random);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (performance.now() - startedAt > LONGEST_MS) failures.push(`seed ${seed}: took too long`);
      if (outcome.startsWith('!')) failures.push(`seed ${seed}: ${outcome}`);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  return { outcomes, failures };
}

function tryFile(file: string, random: (limit: number) => number): string {
  try {
    const graph = loadFile(file, new Team([]), { fewestNodes: random(8) === 0 ? 0 : undefined });
    askEverything(new SnapshotAnswers(graph, {} as SnapshotInfo), file, random);
    return 'opened';
  } catch (error) {
    if (error instanceof HeapwrightError && EXPECTED.includes(error.code)) {
      return typeof error.byteOffset === 'number' ? error.code : `! no byte offset: ${error.message}`;
    }
    return `! ${error instanceof Error ? error.stack : String(error)}`;
  }
}

function askEverything(answers: SnapshotAnswers, file: string, random: (limit: number) => number): void {
  const { graph } = answers;
  answers.constructors({});
  answers.collections.length;
  statisticsOf(graph);
  duplicateStrings(graph);
  contextsOf(graph, 20);
  listenerTables(graph, 20);
  findNodes(graph, 'a', () => false);
  diffConstructors(graph, graph);
  for (let i = 0; i < 3; i++) {
    const node = random(graph.nodeCount);
    retainingPaths(graph, node, 2);
    const id = graph.nodeId[node]!;
    answers.properties(id, {});
    answers.retainers(id, {});
    answers.dominated(id, {});
    answers.holds(id, 5);
  }
  const top = random(graph.nodeCount);
  writeSnapshot(graph, keptNodes(graph, top, { subtree: true, paths: 1 }), top, `${file}.part`, {
    redact: true,
  });
}

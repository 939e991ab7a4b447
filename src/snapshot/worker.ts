import * as fs from 'node:fs';
import { performance } from 'node:perf_hooks';
import { workerData } from 'node:worker_threads';
import { HeapwrightError } from '../protocol/errors';
import type { LoadProgress, SnapshotInfo } from '../protocol/snapshot';
import type { SnapshotCalls } from '../protocol/snapshot-rpc';
import { type CallContext, serve } from '../protocol/thread-server';
import { SnapshotAnswers, sortedPage } from './answers/answers';
import { seriesOfCollections } from './answers/collection-series';
import { collectionRow } from './answers/collections';
import { diffConstructors } from './answers/constructor-diff';
import { seriesOfConstructors, survivorsOf } from './answers/constructor-series';
import { contextsOf } from './answers/contexts';
import { duplicateStrings } from './answers/duplicate-strings';
import { listenerTables } from './answers/listener-tables';
import { findOwner } from './answers/owners';
import { retainingPaths } from './answers/paths';
import { nodeRow } from './answers/rows';
import { findNodes } from './answers/search';
import { statisticsOf } from './answers/statistics';
import { swellingSlots } from './answers/swelling-slots';
import { type HeapGraph, ROOT } from './graph/heap-graph';
import { loadFile } from './load';
import { collectGarbage } from './threads/collect-garbage';
import type { SnapshotWorkerData } from './threads/mailbox';
import { Team } from './threads/team';
import { keptNodes } from './writing/kept-nodes';
import { writeSnapshot } from './writing/snapshot-writer';

/** The thread behind src/snapshot/client.ts: holds the loaded snapshots and answers one question at a time. */

const open = new Map<number, SnapshotAnswers>();
let lastHandle = 0;
const team = new Team((workerData as SnapshotWorkerData).links);

serve<SnapshotCalls, LoadProgress>({
  start: () => {
    team.prepare();
    return null;
  },
  open: ({ file }, context) => {
    const answers = load(file, context);
    open.set(++lastHandle, answers);
    return { handle: lastHandle, info: answers.info };
  },
  close: ({ snapshot }) => {
    if (open.delete(snapshot)) collectGarbage();
    return null;
  },
  constructors: (request) => get(request.snapshot).constructors(request),
  instances: (request) => get(request.snapshot).instances(request.constructorKey, request),
  node: ({ snapshot, id }) => {
    const answers = get(snapshot);
    const node = answers.findNode(id);
    return node === undefined ? null : nodeRow(answers.graph, node);
  },
  properties: (request) => get(request.snapshot).properties(request.id, request),
  retainers: (request) => get(request.snapshot).retainers(request.id, request),
  retainingPaths: ({ snapshot, id, count }) => {
    const answers = get(snapshot);
    return retainingPaths(answers.graph, answers.nodeOf(id), count);
  },
  holds: ({ snapshot, id, limit }) => get(snapshot).holds(id, limit),
  closuresOfContext: ({ snapshot, id, limit }) => get(snapshot).closuresOfContext(id, limit),
  owner: ({ snapshot, query }) =>
    findOwner(get(snapshot), query.before ? get(query.before.snapshot) : null, query),
  collections: ({ snapshot, minEntries = 1, limit = 1000 }) => {
    const { graph, collections } = get(snapshot);
    const rows = Array.from({ length: collections.length }, (_, i) => i)
      .filter((i) => collections.entries[i]! >= minEntries)
      .sort((a, b) => collections.entries[b]! - collections.entries[a]!);
    return {
      total: rows.length,
      offset: 0,
      rows: rows.slice(0, limit).map((i) => collectionRow(graph, collections, i)),
    };
  },
  diff: (request) => {
    const rows = diffConstructors(get(request.base).graph, get(request.target).graph);
    return sortedPage(rows, { sortBy: 'sizeDelta', ...request });
  },
  dominated: (request) => get(request.snapshot).dominated(request.id, request),
  statistics: ({ snapshot }) => statisticsOf(get(snapshot).graph),
  duplicateStrings: (request) =>
    sortedPage(duplicateStrings(get(request.snapshot).graph), { sortBy: 'waste', ...request }),
  contexts: ({ snapshot, limit }) => contextsOf(get(snapshot).graph, limit),
  listenerTables: ({ snapshot, limit }) => listenerTables(get(snapshot).graph, limit),
  search: (request, { signal }) => {
    const answers = get(request.snapshot);
    return answers.pageOf(
      findNodes(answers.graph, request.query, () => signal.aborted),
      request,
    );
  },
  cut: ({ snapshot, id, file, subtree, paths, redact }) => {
    const answers = get(snapshot);
    const node = answers.nodeOf(id);
    const kept = keptNodes(answers.graph, node, { subtree, paths });
    return { nodeCount: writeSnapshot(answers.graph, kept, node, file, { redact }) };
  },
  constructorSeries: ({ snapshots }) => seriesOfConstructors(graphsOf(snapshots)),
  survivors: ({ snapshots, born, examples }) => survivorsOf(graphsOf(snapshots), born, examples),
  swellingSlots: ({ snapshots, minGrowth, limit }) => swellingSlots(snapshots.map(get), { minGrowth, limit }),
  collectionSeries: ({ snapshots, minEntries = 1, growing = 'every', limit = 1000 }) =>
    seriesOfCollections(snapshots.map(get), { minEntries, growing, limit }),
});

function graphsOf(snapshots: readonly number[]): HeapGraph[] {
  return snapshots.map((snapshot) => get(snapshot).graph);
}

function load(file: string, { signal, report }: CallContext<LoadProgress>): SnapshotAnswers {
  const startedAt = performance.now();
  const graph = loadFile(file, team, { signal, onProgress: report });
  const info: SnapshotInfo = {
    file,
    fileBytes: fs.statSync(file).size,
    nodeCount: graph.nodeCount,
    edgeCount: graph.edgeCount,
    totalSize: graph.retainedSize[ROOT]!,
    rootId: graph.nodeId[ROOT]!,
    loadMs: performance.now() - startedAt,
  };
  return new SnapshotAnswers(graph, info);
}

function get(snapshot: number): SnapshotAnswers {
  const answers = open.get(snapshot);
  if (answers) return answers;
  throw new HeapwrightError('snapshot-closed', 'This snapshot was closed.', 'Open it again from the list.');
}

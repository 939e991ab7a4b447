import { type ClassTable, classify } from '../graph/classes';
import type { HeapGraph } from '../graph/heap-graph';

/** The classes of several snapshots of one process under common numbers. */
export interface CommonClasses {
  readonly keys: readonly string[];
  readonly names: readonly string[];
  /** For each snapshot the common class of each node. */
  readonly classOf: readonly Uint32Array[];
}

/**
 * Brings the classes of snapshots together by their keys. Plain objects of all are called as in the last one, as
 * DevTools does in its comparison; otherwise an interface that became frequent would look like growth.
 */
export function commonClasses(graphs: readonly HeapGraph[]): CommonClasses {
  const interfaces = graphs.at(-1)?.classes.interfaces ?? [];
  const keys: string[] = [];
  const names: string[] = [];
  const byKey = new Map<string, number>();
  const classOf = graphs.map((graph, i) => {
    const table: ClassTable = i === graphs.length - 1 ? graph.classes : classify(graph, { interfaces });
    const common = Uint32Array.from(table.keys, (key, own) => {
      const known = byKey.get(key);
      if (known !== undefined) return known;
      byKey.set(key, keys.length);
      names.push(table.names[own]!);
      return keys.push(key) - 1;
    });
    return table.classOf.map((own) => common[own]!);
  });
  return { keys, names, classOf };
}

import { NodeType } from './format';
import type { SnapshotColumns } from './reader';

/** The classes ("constructors") of a snapshot: what its nodes are grouped by. */
export interface ClassTable {
  /** The class of each node. */
  readonly classOf: Uint32Array;
  readonly names: readonly string[];
  /** Stable between the snapshots of one process: two classes of one name differ by where they are defined. */
  readonly keys: readonly string[];
}

/**
 * Groups nodes as DevTools does: objects by constructor name and the place where it is defined, functions, regular
 * expressions, code and V8's own nodes under one name each, everything else by its type.
 * Source: DevTools, `calculateObjectNames` and `classKeyInternal`.
 */
export function classify(columns: SnapshotColumns, locationOf: Uint32Array): ClassTable {
  const { nodeCount, nodeType, nodeName, locations, strings, format } = columns;
  const classOf = new Uint32Array(nodeCount);
  const names: string[] = [];
  const keys: string[] = [];
  const byKey = new Map<string, number>();
  const intern = (key: string, name: string): number => {
    const known = byKey.get(key);
    if (known !== undefined) return known;
    byKey.set(key, names.length);
    keys.push(key);
    return names.push(name) - 1;
  };

  const fixed = format.nodeTypeNames.map((type, code) => {
    const name = fixedName(code, type);
    return name === null ? -1 : intern(name, name);
  });
  // By name's string index plus one, for objects without a location: nearly all of them.
  const byString = new Uint32Array(strings.length + 1);
  for (let node = 0; node < nodeCount; node++) {
    const type = nodeType[node]!;
    const ofType = fixed[type]!;
    if (ofType !== -1) {
      classOf[node] = ofType;
      continue;
    }
    const string = nodeName[node]!;
    const row = type === NodeType.object ? locationOf[node]! : 0;
    if (row === 0) {
      let known = byString[string]!;
      if (known === 0) {
        const name = elementName(strings.get(string));
        known = intern(name, name) + 1;
        byString[string] = known;
      }
      classOf[node] = known - 1;
      continue;
    }
    const name = elementName(strings.get(string));
    const at = (row - 1) * 4;
    classOf[node] = intern(`${locations[at + 1]},${locations[at + 2]},${locations[at + 3]},${name}`, name);
  }
  return { classOf, names, keys };
}

/** The one name of all nodes of a type; null for the types that are grouped by their own names. */
function fixedName(code: number, type: string): string | null {
  switch (code) {
    case NodeType.object:
    case NodeType.native:
      return null;
    case NodeType.hidden:
      return '(system)';
    case NodeType.code:
      return '(compiled code)';
    case NodeType.closure:
      return 'Function';
    case NodeType.regexp:
      return 'RegExp';
    default:
      return `(${type})`;
  }
}

/** `<div class="x">` and `Detached <div class="x">` lose their attributes. */
function elementName(name: string): string {
  const prefix = name.startsWith('<') ? 0 : name.startsWith('Detached <') ? 10 : -1;
  if (prefix === -1) return name;
  const space = name.indexOf(' ', prefix);
  return space === -1 ? name : `${name.slice(0, space)}>`;
}

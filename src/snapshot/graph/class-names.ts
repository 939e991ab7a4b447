import type { SnapshotColumns } from '../reading/columns';
import { NodeType } from '../reading/format';
import { DETACHED } from './detached';
import type { Interface } from './interfaces';

/**
 * The classes that were made so far, with their names and keys. The names that make classes are numbers: those of the
 * string table, then the interfaces, then the former again for what is detached.
 */
export class ClassNames {
  readonly names: string[] = [];
  readonly keys: string[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #columns: SnapshotColumns;
  readonly #interfaces: readonly Interface[];

  constructor(columns: SnapshotColumns, interfaces: readonly Interface[]) {
    this.#columns = columns;
    this.#interfaces = interfaces;
  }

  /** The first number of a detached one. */
  get detachedNames(): number {
    return this.#columns.strings.length + this.#interfaces.length;
  }

  /** The class of each type of nodes that has but one, else -1. */
  ofTypes(types: readonly string[]): number[] {
    return types.map((type, code) => {
      const name = fixedName(code, type);
      return name === null ? -1 : this.#intern(name, name);
    });
  }

  ofName(name: number): number {
    const text = this.#text(name);
    return this.#intern(text, text);
  }

  /** The class of what is defined at a location, given by its first index in the column. */
  ofPlace(location: number, name: number): number {
    const { locations } = this.#columns;
    const text = this.#text(name);
    const place = locations.subarray(location + 1, location + 4).join(',');
    return this.#intern(`${place},${text}`, text);
  }

  #intern(key: string, name: string): number {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    this.#byKey.set(key, this.names.length);
    this.keys.push(key);
    return this.names.push(name) - 1;
  }

  #text(name: number): string {
    const { strings } = this.#columns;
    if (name < strings.length) return elementName(strings.get(name));
    const { detachedNames } = this;
    if (name < detachedNames) return this.#interfaces[name - strings.length]!.name;
    return elementName(DETACHED + strings.get(name - detachedNames));
  }
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

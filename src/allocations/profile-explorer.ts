import type { Protocol } from 'devtools-protocol';
import type { AllocationRow, AllocationTable, FlameFrame, ProfileState } from '../protocol/allocations';
import type { SourcePosition } from '../protocol/source';
import { layOut } from './flame-chart';
import { type LocatedFunction, ROOT, shortPlace } from './located-functions';
import { ProfileTree } from './profile-tree';
import { type GroupTotals, totalsBy } from './totals';

/** Rows that a page is sent; a search finds the others. */
const MOST_ROWS = 500;

/** What is allocated at a line, over all functions that begin there. */
export interface LineShare {
  readonly file: string;
  /** From one. */
  readonly line: number;
  readonly self: number;
  readonly total: number;
  /** What is allocated here itself, of the whole profile, 0 to 1. */
  readonly share: number;
  /** The same with what is called from here. */
  readonly totalShare: number;
}

/** A table's groups, and what each stands for. */
interface Groups {
  readonly groupOf: Int32Array;
  readonly rows: readonly Omit<AllocationRow, 'self' | 'total'>[];
}

/** One profile as a person looks at it: zoomed to a frame, searched, added up by function, package or file. */
export class ProfileExplorer {
  readonly #tree: ProfileTree;
  readonly #located: readonly LocatedFunction[];
  readonly #tables = new Map<AllocationTable, { groups: Groups; totals: GroupTotals }>();
  #root = 0;
  #search = '';
  #table: AllocationTable = 'functions';

  /** @param located One per function of the tree. */
  constructor(tree: ProfileTree, located: readonly LocatedFunction[]) {
    this.#tree = tree;
    this.#located = located;
  }

  get state(): ProfileState {
    const found = this.#foundFunctions();
    const rows = this.#rows();
    return {
      total: this.#tree.total,
      chart: this.#chart(found),
      table: this.#table,
      rows: rows.slice(0, MOST_ROWS),
      rowCount: rows.length,
      search: this.#search,
      foundBytes: found && this.#bytesOf(found),
    };
  }

  zoom(node: number): void {
    if (Number.isInteger(node) && node >= 0 && node < this.#tree.size) this.#root = node;
  }

  set search(text: string) {
    this.#search = text.trim().toLowerCase();
  }

  set table(table: AllocationTable) {
    this.#table = table;
  }

  /** Looks at this profile as at `before`, an earlier one of the same program: same table and search, same frame. */
  continueFrom(before: ProfileExplorer): void {
    this.#search = before.#search;
    this.#table = before.#table;
    const path: string[] = [];
    for (let node = before.#root; node > 0; node = before.#tree.parents[node]!)
      path.push(before.#keyOf(node));
    let node = 0;
    for (const key of path.reverse()) {
      const next = this.#childOf(node, key);
      if (next === undefined) break;
      node = next;
    }
    this.#root = node;
  }

  /** Where the function of a node begins. */
  positionOf(node: number): SourcePosition | null {
    const place = this.#tree.functionOf[node];
    return place === undefined ? null : this.#located[place]!.position;
  }

  /** Lines that have a source, largest first, from a share on. */
  lines(least: number): LineShare[] {
    const places: SourcePosition[] = [];
    const known = new Map<string, number>();
    const lineOf = Int32Array.from(this.#located, ({ position }) => {
      if (!position) return 0;
      const key = `${position.line} ${position.file}`;
      let line = known.get(key);
      if (line === undefined) {
        line = places.push(position);
        known.set(key, line);
      }
      return line;
    });
    const { selfSizes, totalSizes } = totalsBy(this.#tree, lineOf, places.length + 1);
    const lines = places.map(({ file, line }, i) => ({
      file,
      line,
      self: selfSizes[i + 1]!,
      total: totalSizes[i + 1]!,
      share: this.#shareOf(selfSizes[i + 1]!),
      totalShare: this.#shareOf(totalSizes[i + 1]!),
    }));
    return lines.filter(({ share }) => share >= least).sort((x, y) => y.self - x.self);
  }

  #shareOf(bytes: number): number {
    return this.#tree.total > 0 ? bytes / this.#tree.total : 0;
  }

  #chart(found: Uint8Array | null): ProfileState['chart'] {
    const tree = this.#tree;
    const { cells, hidden } = layOut(tree, this.#root);
    const frames = cells.map(({ node, depth, start }): FlameFrame => {
      const place = tree.functionOf[node]!;
      const located = this.#located[place]!;
      return {
        node,
        name: node === 0 ? 'All allocations' : located.name,
        where: node === 0 ? '' : shortPlace(located),
        kind: located.kind,
        depth,
        start,
        total: tree.totalSizes[node]!,
        self: tree.selfSizes[node]!,
        found: found?.[place] === 1,
        opens: located.position !== null,
      };
    });
    return { frames, total: tree.totalSizes[this.#root]!, root: this.#root, hidden };
  }

  /** 1 at each function that the search finds; null without a search. */
  #foundFunctions(): Uint8Array | null {
    if (this.#search === '') return null;
    const found = new Uint8Array(this.#located.length);
    for (const [place, located] of this.#located.entries()) {
      if (haystack(located.name, located.file, located.package).includes(this.#search)) found[place] = 1;
    }
    return found;
  }

  /** What found functions allocated with all that they called; one within another counts once. */
  #bytesOf(found: Uint8Array): number {
    return totalsBy(this.#tree, Int32Array.from(found), 2).totalSizes[1]!;
  }

  #rows(): AllocationRow[] {
    const { groups, totals } = this.#tableOf(this.#table);
    return groups.rows
      .map((row, group) => ({
        ...row,
        self: totals.selfSizes[group]!,
        total: totals.totalSizes[group]!,
      }))
      .filter((row) => row.total > 0 && row.name !== ROOT)
      .filter(
        ({ name, where, key }) => this.#search === '' || haystack(name, where, key).includes(this.#search),
      )
      .sort((a, b) => b.self - a.self || b.total - a.total);
  }

  /** A table is added up when it is first looked at. */
  #tableOf(table: AllocationTable): { groups: Groups; totals: GroupTotals } {
    let known = this.#tables.get(table);
    if (!known) {
      const groups = groupFunctions(this.#located, table);
      known = { groups, totals: totalsBy(this.#tree, groups.groupOf, groups.rows.length) };
      this.#tables.set(table, known);
    }
    return known;
  }

  #childOf(node: number, key: string): number | undefined {
    const { ends } = this.#tree;
    for (let child = node + 1; child < ends[node]!; child = ends[child]!) {
      if (this.#keyOf(child) === key) return child;
    }
    return undefined;
  }

  #keyOf(node: number): string {
    const { scriptId, lineNumber, columnNumber, functionName } =
      this.#tree.functions[this.#tree.functionOf[node]!]!;
    return `${scriptId}:${lineNumber}:${columnNumber}:${functionName}`;
  }
}

function groupFunctions(located: readonly LocatedFunction[], table: AllocationTable): Groups {
  const places = new Map<string, number>();
  const rows: Omit<AllocationRow, 'self' | 'total'>[] = [];
  const groupOf = Int32Array.from(located, (each) => {
    const row = rowOf(each, table);
    let place = places.get(row.key);
    if (place === undefined) {
      place = rows.push(row) - 1;
      places.set(row.key, place);
    }
    return place;
  });
  return { groupOf, rows };
}

function rowOf(located: LocatedFunction, table: AllocationTable): Omit<AllocationRow, 'self' | 'total'> {
  const { name, kind, file, position } = located;
  if (table === 'packages')
    return { key: located.package, name: located.package, where: '', kind, position: null };
  if (table === 'files') {
    const start = position && { file, line: 1, column: 1 };
    return { key: file, name: file, where: '', kind, position: start };
  }
  const key = `${file}:${position?.line ?? 0}:${position?.column ?? 0}:${name}`;
  return { key, name, where: shortPlace(located), kind, position };
}

function haystack(...parts: readonly string[]): string {
  return parts.join('\n').toLowerCase();
}

/** A profile as V8 sent it, with its functions found by `locate`. */
export async function exploreProfile(
  { head }: Protocol.HeapProfiler.SamplingHeapProfile,
  locate: (functions: readonly Protocol.Runtime.CallFrame[]) => Promise<readonly LocatedFunction[]>,
): Promise<ProfileExplorer> {
  const tree = new ProfileTree(head);
  return new ProfileExplorer(tree, await locate(tree.functions));
}

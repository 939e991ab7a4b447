import { formatBytes } from '../protocol/figures';
import type { CopiesRow, HeapOwner } from '../protocol/together';
import type { HeldThing } from './held-things';

/** What one heap holds by names. */
export interface HeapContents extends HeapOwner {
  readonly things: readonly HeldThing[];
}

/** What only one heap holds is told from this size on: it may be why that one is larger. */
const LEAST_LONE_BYTES = 1e6;
const MOST_ROWS = 60;
/** Copies that differ by more than this factor are told as a range. */
const ALIKE = 1.25;

/** The same things in several heaps of one program, largest total first. */
export function findCopies(heaps: readonly HeapContents[]): CopiesRow[] {
  const byKey = new Map<string, { thing: HeldThing; copies: CopiesRow['copies'][number][] }>();
  for (const { pid, thread, things } of heaps) {
    for (const thing of things) {
      const { bytes, entries } = thing;
      const group = byKey.get(thing.key) ?? { thing, copies: [] };
      group.copies.push({ pid, thread, bytes, entries });
      byKey.set(thing.key, group);
    }
  }
  const rows = [...byKey.entries()].map(([key, { thing, copies }]) => ({
    key,
    name: thing.name,
    holder: thing.holder,
    kind: thing.kind,
    className: thing.className,
    location: thing.location,
    package: thing.package,
    copies: copies.sort((a, b) => b.bytes - a.bytes),
    total: copies.reduce((sum, { bytes }) => sum + bytes, 0),
  }));
  return rows
    .filter(({ copies, total }) => copies.length > 1 || total >= LEAST_LONE_BYTES)
    .sort((a, b) => b.total - a.total)
    .slice(0, MOST_ROWS);
}

/** "4 × 12 MB", or "12 MB to 86 MB" where the copies are not alike; one has no factor. */
export function sizesInWords(copies: CopiesRow['copies']): string {
  const sizes = copies.map(({ bytes }) => bytes);
  const [largest, smallest] = [Math.max(...sizes), Math.min(...sizes)];
  if (sizes.length === 1) return formatBytes(largest);
  if (largest > ALIKE * smallest) return `${formatBytes(smallest)} to ${formatBytes(largest)} each`;
  return `${sizes.length} × ${formatBytes(sizes.reduce((sum, size) => sum + size, 0) / sizes.length)}`;
}

/** What the comparison says in a sentence or two. */
export function summarizeCopies(rows: readonly CopiesRow[], heaps: number): string {
  const shared = rows.filter(({ copies }) => copies.length > 1).sort((a, b) => savingOf(b) - savingOf(a));
  const [first] = shared;
  if (!first) return `Nothing of a noticeable size stands in more than one of the ${heaps} heaps.`;
  const more = shared.length > 1 ? ` ${shared.length - 1} more below.` : '';
  return (
    `${first.name} stands in ${first.copies.length} ${kindOf(first.copies)}: ${first.copies.length} copies, ` +
    `${sizesInWords(first.copies)}, ${formatBytes(first.total)} together. ` +
    `Held once, it would take ${formatBytes(savingOf(first))} less.${more}`
  );
}

function kindOf(owners: readonly HeapOwner[]): string {
  if (owners.every(({ thread }) => thread === null)) return 'processes';
  return owners.every(({ thread }) => thread !== null) ? 'worker threads' : 'heaps';
}

/** Bytes that all copies but the largest take. */
function savingOf({ total, copies }: CopiesRow): number {
  return total - copies[0]!.bytes;
}

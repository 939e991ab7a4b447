import type { GroupMember } from '../../inspector/together/group-member';
import type { ProcessGroup } from '../../inspector/together/process-group';
import { oddOnes, type PeerFigures } from '../../leaks/odd-one-out';
import { lows, medianSlope, type TrendPoint } from '../../leaks/trend';
import type { TogetherRow, TogetherState } from '../../protocol/together';

/** More points than a line of the chart shows; every n-th is sent. */
const MOST_POINTS = 300;
/** What is kept is the lowest of so many readings. */
const PART = 10;
/** Growth is judged by readings after collections among the last so many, from so many on. */
const WINDOW = 300;
const LEAST_POINTS = 4;
const LEAST_SPAN_MS = 20_000;

/** The times that the chart is sent, and the rows of all members with their lines at these times. */
export function groupRows(
  group: ProcessGroup,
  styleOf: (id: string) => number,
): { times: number[]; rows: TogetherRow[] } {
  const { times } = group.history;
  const step = Math.max(1, Math.ceil(times.length / MOST_POINTS));
  // Counted from the newest, so that the line ends where the figures are.
  const shown = <T>(values: readonly T[]) => values.filter((_, i) => (values.length - 1 - i) % step === 0);
  const figures = new Map(group.members.map((member) => [member.source.id, figuresOf(group, member)]));
  const odd = oddAmongPeers(group.members, figures);
  const rows = group.members.map((member): TogetherRow => {
    const { id, title, pid, thread } = member.source;
    const column = group.history.column(id);
    const last = member.isLiving ? member.last : null;
    const loop = last?.runtime?.eventLoop;
    return {
      id,
      title,
      pid,
      thread,
      style: styleOf(id),
      state: member.state,
      note: member.note,
      heapUsed: last?.heapUsed ?? null,
      heapLimit: last?.heapLimit || null,
      external: last?.external ?? null,
      rss: member.isLiving ? member.rss : null,
      loopUtilisation: loop?.utilisation ?? null,
      loopDelayMs: loop?.worstDelayMs ?? null,
      growth: figures.get(id)!.growth,
      odd: odd.get(id) ?? null,
      heapLine: shown(column?.heapUsed ?? []),
      rssLine: shown(column?.rss ?? []),
    };
  });
  return { times: shown(times), rows };
}

/**
 * The sum over those that live; null before any has answered. The memory of a process has that of its threads in it:
 * threads have no resident memory of their own here.
 */
export function sumOf(rows: readonly TogetherRow[]): TogetherState['sum'] {
  const known = rows.filter(({ heapUsed, rss }) => heapUsed !== null || rss !== null);
  if (known.length === 0) return null;
  const add = (of: 'heapUsed' | 'external' | 'rss') => known.reduce((sum, row) => sum + (row[of] ?? 0), 0);
  return { heapUsed: add('heapUsed'), external: add('external'), rss: add('rss') };
}

function figuresOf(group: ProcessGroup, { source, isLiving, rss }: GroupMember): PeerFigures {
  const { id } = source;
  const column = group.history.column(id);
  if (!column || !isLiving) return { id, heap: null, rss: null, growth: null };
  const points = (values: readonly (number | null)[]): TrendPoint[] =>
    values.slice(-WINDOW).flatMap((value, i, last) => {
      const at = group.history.times[group.history.times.length - last.length + i]!;
      return value === null ? [] : [{ at, value }];
    });
  const recent = points(column.heapUsed).slice(-PART);
  const lowest = recent.length > 0 ? Math.min(...recent.map(({ value }) => value)) : null;
  return { id, heap: lowest, rss, growth: growthOf(points(column.kept)) };
}

/** Bytes a minute; null before there were collections enough to judge by. */
function growthOf(kept: readonly TrendPoint[]): number | null {
  const span = kept.length > 0 ? kept.at(-1)!.at - kept[0]!.at : 0;
  if (kept.length < LEAST_POINTS || span < LEAST_SPAN_MS) return null;
  return medianSlope(kept.length >= 3 * PART ? lows(kept, PART) : kept) * 60_000;
}

/** Only those that run the same script under the same parent, or in such a process, do the same work. */
function oddAmongPeers(
  members: readonly GroupMember[],
  figures: ReadonlyMap<string, PeerFigures>,
): Map<string, string> {
  const peers = new Map<string, PeerFigures[]>();
  for (const { source, isLiving } of members) {
    if (!isLiving) continue;
    peers.set(source.kin, [...(peers.get(source.kin) ?? []), figures.get(source.id)!]);
  }
  return new Map([...peers.values()].flatMap((some) => [...oddOnes(some)]));
}

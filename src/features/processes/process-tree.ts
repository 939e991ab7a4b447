import type { LocalProcess, OtherTarget, WorkerThread } from '../../protocol/targets';

/** What stands in the tree: a process, a worker thread of one, or a line that there is nothing below. */
export type ProcessNode =
  | { readonly kind: 'process'; readonly process: LocalProcess; readonly children: readonly LocalProcess[] }
  | { readonly kind: 'worker'; readonly process: LocalProcess; readonly worker: WorkerThread }
  | { readonly kind: 'other'; readonly target: OtherTarget }
  | { readonly kind: 'nothing'; readonly process: LocalProcess; readonly text: string };

/** Processes that no other of them started, newest first. */
export function topProcesses(processes: readonly LocalProcess[]): ProcessNode[] {
  const pids = new Set(processes.map(({ pid }) => pid));
  return toNodes(
    processes.filter(({ parentPid }) => parentPid === null || !pids.has(parentPid)),
    processes,
  );
}

/** Nodes for some processes, each with those that it started. */
export function toNodes(some: readonly LocalProcess[], all: readonly LocalProcess[]): ProcessNode[] {
  return [...some]
    .sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0) || a.pid - b.pid)
    .map((process) => ({
      kind: 'process',
      process,
      children: all.filter(({ parentPid }) => parentPid === process.pid),
    }));
}

/** "3 min", "2 h", "5 d": how long ago `startedAt` (ms since the epoch) was. */
export function formatAge(startedAt: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - startedAt) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { CallOptions } from './connection';
import { readMemory } from './memory';
import type { InspectorSession } from './session';

/** Whether a capture fits into the memory that the target may use. Sizes in bytes. */
export interface Headroom {
  readonly verdict: 'fits' | 'tight' | 'would-be-killed' | 'unknown';
  /** What the capture will need on top of what the target uses now. */
  readonly needed: number;
  /** What there is before the container's limit, or the machine's memory, is reached. */
  readonly available: number | null;
  readonly limitedBy: 'container' | 'machine' | null;
  /** The verdict in words, for a person who has to decide. */
  readonly sentence: string;
}

/**
 * While it takes a snapshot, V8 builds a graph of the heap beside it: measured on real programs that is about twice
 * the used heap. What kills a process then is the container's limit or the machine's memory, not V8's heap limit.
 */
const NEEDED_PER_HEAP_BYTE = 2;
const TIGHT_SHARE = 0.75;

/** Judges whether a capture of `session` fits. A target on another machine cannot be judged: `unknown`. */
export async function headroom(session: InspectorSession, options: CallOptions = {}): Promise<Headroom> {
  const { heapUsed } = await readMemory(session, options);
  const needed = heapUsed * NEEDED_PER_HEAP_BYTE;
  const pid = session.info.isLocal ? session.info.pid : null;
  const room = pid === null ? null : await availableTo(pid);
  return judge(needed, room);
}

/** The verdict on `needed` bytes in `room`; apart so that it can be tested without filling a machine. */
export function judge(
  needed: number,
  room: { readonly available: number; readonly limitedBy: 'container' | 'machine' } | null,
): Headroom {
  if (!room) {
    const sentence = 'The memory of the target’s machine is not known from here.';
    return { verdict: 'unknown', needed, available: null, limitedBy: null, sentence };
  }
  const { available, limitedBy } = room;
  const where = limitedBy === 'container' ? 'its container’s limit leaves' : 'this machine has';
  const sentence = `The capture needs about ${megabytes(needed)} more, and ${where} ${megabytes(available)}.`;
  if (needed > available) {
    const consequence = ' The process is likely to be killed by the system before the snapshot is complete.';
    return { verdict: 'would-be-killed', needed, available, limitedBy, sentence: sentence + consequence };
  }
  return {
    verdict: needed > available * TIGHT_SHARE ? 'tight' : 'fits',
    needed,
    available,
    limitedBy,
    sentence,
  };
}

/** What process `pid` may still use: the least of its cgroups' limits and the machine's free memory. */
export async function availableTo(
  pid: number,
): Promise<{ available: number; limitedBy: 'container' | 'machine' }> {
  const machine = { available: await machineAvailable(), limitedBy: 'machine' as const };
  const container = await containerAvailable(pid);
  return container !== null && container < machine.available
    ? { available: container, limitedBy: 'container' }
    : machine;
}

/** `MemAvailable` counts what the kernel can take back from its caches; `os.freemem` is the next best. */
async function machineAvailable(): Promise<number> {
  const text = await fs.readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
  return kilobytes === undefined ? os.freemem() : Number(kilobytes) * 1024;
}

/** The least room in any cgroup from the process's own up to the root, or null where none has a limit. */
async function containerAvailable(pid: number): Promise<number | null> {
  const text = await fs.readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  let least: number | null = null;
  for (const line of text.split('\n')) {
    const [, controllers, group] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || group === undefined) continue;
    const version2 = controllers === '';
    if (!version2 && !controllers.split(',').includes('memory')) continue;
    const root = version2 ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory';
    const files = version2
      ? { limit: 'memory.max', usage: 'memory.current' }
      : { limit: 'memory.limit_in_bytes', usage: 'memory.usage_in_bytes' };
    for (let current = group; ; current = path.posix.dirname(current)) {
      const room = await roomIn(path.posix.join(root, current), files);
      if (room !== null && (least === null || room < least)) least = room;
      if (current === '/' || current === '.') break;
    }
  }
  return least;
}

async function roomIn(folder: string, files: { limit: string; usage: string }): Promise<number | null> {
  const limit = Number(await fs.readFile(path.posix.join(folder, files.limit), 'utf8').catch(() => 'max'));
  const usage = Number(await fs.readFile(path.posix.join(folder, files.usage), 'utf8').catch(() => ''));
  // "max" (version 2) and a number near 2^63 (version 1) mean no limit.
  if (!Number.isFinite(limit) || limit <= 0 || limit > 2 ** 60 || !Number.isFinite(usage)) return null;
  // Page cache counts as usage, but the kernel gives it back before it kills.
  const statistics = await fs.readFile(path.posix.join(folder, 'memory.stat'), 'utf8').catch(() => '');
  const cache = Number(/^(?:total_)?inactive_file (\d+)$/m.exec(statistics)?.[1] ?? 0);
  return Math.max(0, limit - usage + cache);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`;
}

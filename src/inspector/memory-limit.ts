import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';

/** How much memory a process may take before the system ends it. */
export interface MemoryLimit {
  readonly bytes: number;
  /** A container's (or another control group's) limit, or the memory of the machine. */
  readonly source: 'container' | 'machine';
}

const CGROUPS = '/sys/fs/cgroup';

/**
 * The limit that applies to a local process: the least of those of its control group and the groups above it, in
 * version 1 and 2, or the memory of the machine where there is none.
 * Source: Linux, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.
 */
export async function findMemoryLimit(pid: number): Promise<MemoryLimit> {
  const machine = os.totalmem();
  const groups = await fs.readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  const limits = await Promise.all(groups.split('\n').flatMap(filesOf).map(readLimit));
  const bytes = Math.min(machine, ...limits.filter((limit) => limit !== null));
  return { bytes, source: bytes < machine ? 'container' : 'machine' };
}

/** The files that hold limits for a line such as `0::/user.slice/app` or `5:memory:/docker/1234`. */
function filesOf(line: string): string[] {
  const [, controllers, group] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
  if (group === undefined) return [];
  if (controllers === '') return upwards(group).map((name) => path.join(CGROUPS, name, 'memory.max'));
  if (!controllers?.split(',').includes('memory')) return [];
  return upwards(group).map((name) => path.join(CGROUPS, 'memory', name, 'memory.limit_in_bytes'));
}

/** `/a/b` → `/a/b`, `/a`, `/`. Inside a container the last is the container's own. */
function upwards(group: string): string[] {
  const names = [group];
  for (let name = group; name !== '/' && name !== '.'; ) {
    name = path.posix.dirname(name);
    names.push(name);
  }
  return names;
}

async function readLimit(file: string): Promise<number | null> {
  const text = await fs.readFile(file, 'utf8').catch(() => '');
  const bytes = Number(text.trim() || Number.NaN);
  // "max", and the huge number that version 1 writes for no limit.
  return Number.isFinite(bytes) && bytes > 0 && bytes < 2 ** 60 ? bytes : null;
}

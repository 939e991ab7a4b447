import * as fs from 'node:fs/promises';
import * as path from 'node:path';

/** A process as Linux tells of it. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parentPid: number | null;
  readonly argv: readonly string[];
  readonly workingDirectory: string | null;
  readonly executable: string | null;
  /** Bytes. */
  readonly rss: number | null;
  /** ms since the epoch. */
  readonly startedAt: number | null;
}

/** Linux's USER_HZ: what /proc counts start times in, 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** True where `/proc` tells of processes. */
export async function hasProcFilesystem(): Promise<boolean> {
  return await fs.access('/proc/self/stat').then(
    () => true,
    () => false,
  );
}

/** The processes of this machine that run `node`, ours excepted. Those of other users lack what they hide. */
export async function listNodeProcesses(): Promise<ProcessFacts[]> {
  const pids = (await fs.readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const bootedAt = await readBootTime();
  const facts = await Promise.all(
    pids.filter((pid) => pid !== process.pid).map((pid) => readFacts(pid, bootedAt)),
  );
  const nodes = facts.filter((fact) => fact !== null);
  const isNode = new Set(nodes.map(({ pid }) => pid));
  return await Promise.all(
    nodes.map(async (fact) => ({ ...fact, parentPid: await nearestAncestor(fact.parentPid, isNode) })),
  );
}

/** npm and shells stand between a Node process and the one that started it. */
async function nearestAncestor(pid: number | null, isNode: ReadonlySet<number>): Promise<number | null> {
  let ancestor = pid;
  while (ancestor !== null && ancestor > 1 && !isNode.has(ancestor)) {
    const stat = await fs.readFile(`/proc/${ancestor}/stat`, 'utf8').catch(() => null);
    ancestor = stat === null ? null : Number(statFields(stat)[1]);
  }
  return ancestor !== null && ancestor > 1 ? ancestor : null;
}

/** The command stands in parentheses and may hold spaces and parentheses; the numbers start after the last one. */
function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** The name of the program that a process runs instead of Node; null when it is Node, and when there is no such process. */
export async function otherProgram(pid: number): Promise<string | null> {
  const { argv, executable } = await readCommand(pid).catch(() => ({ argv: [], executable: null }));
  return argv.length === 0 || isNode(executable, argv) ? null : path.basename(executable ?? argv[0]!);
}

async function readCommand(pid: number): Promise<{ argv: string[]; executable: string | null }> {
  const argv = (await fs.readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  if (argv.at(-1) === '') argv.pop();
  return { argv, executable: await fs.readlink(`/proc/${pid}/exe`).catch(() => null) };
}

async function readFacts(pid: number, bootedAt: number | null): Promise<ProcessFacts | null> {
  try {
    const { argv, executable } = await readCommand(pid);
    if (!isNode(executable, argv)) return null;
    const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = statFields(stat);
    return {
      pid,
      parentPid: Number(fields[1]),
      argv,
      executable,
      workingDirectory: await fs.readlink(`/proc/${pid}/cwd`).catch(() => null),
      rss: await readRss(pid),
      startedAt: bootedAt === null ? null : bootedAt + (Number(fields[19]) / TICKS_PER_SECOND) * 1000,
    };
  } catch {
    return null;
  }
}

/** Resident memory in bytes; kernel threads and zombies have none. Rejects when there is no such process. */
export async function readRss(pid: number): Promise<number | null> {
  const status = await fs.readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** Whether the system has stopped a process: Ctrl+Z, SIGSTOP, a native debugger. False where it cannot be told. */
export async function isStopped(pid: number): Promise<boolean> {
  const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /^[Tt]$/.test(statFields(stat)[0] ?? '');
}

/** SIGUSR1's bit among the signals that a process handles itself. Source: Linux, signal(7) and proc_pid_status(5). */
const SIGUSR1_BIT = 1n << 9n;

/** Whether a process handles SIGUSR1: one that does not (yet) would be ended by it. Null when there is none. */
export async function handlesOpeningSignal(pid: number): Promise<boolean | null> {
  const status = await fs.readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const mask = /^SigCgt:\s+([0-9a-f]+)$/m.exec(status)?.[1];
  return mask === undefined ? null : (BigInt(`0x${mask}`) & SIGUSR1_BIT) !== 0n;
}

/** The binary decides; where it is hidden (another user's process), the first argument does. */
function isNode(executable: string | null, argv: readonly string[]): boolean {
  const name = path.basename((executable ?? argv[0] ?? '').replace(/ \(deleted\)$/, ''));
  return /^node(js)?(-?\d+)?$/.test(name);
}

async function readBootTime(): Promise<number | null> {
  const seconds = /^btime (\d+)$/m.exec(await fs.readFile('/proc/stat', 'utf8'))?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

/** The TCP ports that `pid` itself listens on: its sockets' inodes, looked up among all listening ones. */
export async function listeningPorts(pid: number): Promise<{ host: string; port: number }[]> {
  const listening = await readListeningSockets(pid);
  if (listening.size === 0) return [];
  const descriptors = await fs.readdir(`/proc/${pid}/fd`).catch(() => [] as string[]);
  const ports: { host: string; port: number }[] = [];
  for (const descriptor of descriptors) {
    const link = await fs.readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
    const socket = listening.get(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? '');
    if (socket) ports.push(socket);
  }
  return ports;
}

/** By inode. `/proc/<pid>/net` shows the network namespace of that process, which may be a container's. */
async function readListeningSockets(pid: number): Promise<Map<string, { host: string; port: number }>> {
  const LISTEN = '0A';
  const sockets = new Map<string, { host: string; port: number }>();
  for (const [table, loopback] of [
    ['tcp', '127.0.0.1'],
    ['tcp6', '::1'],
  ] as const) {
    const text = await fs.readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state !== LISTEN || !local || !inode) continue;
      const [address = '', port = '0'] = local.split(':');
      // A socket that is bound to all addresses, or to an IPv4 one through IPv6, is reached by IPv4's loopback.
      const host =
        table === 'tcp6' && !/^0+$/.test(address) && !/FFFF0000/i.test(address) ? loopback : '127.0.0.1';
      sockets.set(inode, { host, port: Number.parseInt(port, 16) });
    }
  }
  return sockets;
}

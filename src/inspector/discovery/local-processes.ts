import * as path from 'node:path';
import psList from 'ps-list';
import type { LocalProcess } from '../../protocol/targets';
import { InspectorProbe } from './inspector-probe';
import { hasProcFilesystem, listeningPorts, listNodeProcesses } from './proc-filesystem';
import { scriptTitle } from './script-title';

const DEFAULT_PORT = 9229;

/**
 * The Node processes of this machine with their open inspectors. On Linux everything comes from `/proc`: the ports a
 * process listens on are asked whether an inspector answers. Elsewhere the process list comes from `ps-list` and the
 * inspector's port from the command line (`--inspect=…`), which misses only those opened by a signal on another port.
 * @param options.probe Keeps what ports answered, for a list that is made again and again.
 * @throws `cancelled`
 */
export async function listLocalProcesses(
  options: { signal?: AbortSignal; probe?: InspectorProbe } = {},
): Promise<LocalProcess[]> {
  const probe = options.probe ?? new InspectorProbe();
  const processes = (await hasProcFilesystem())
    ? await fromProc(probe, options.signal)
    : await fromPs(probe, options.signal);
  probe.forgetOthers(processes.map(({ pid }) => pid));
  options.signal?.throwIfAborted();
  return processes;
}

async function fromProc(probe: InspectorProbe, signal?: AbortSignal): Promise<LocalProcess[]> {
  const facts = await listNodeProcesses();
  return await Promise.all(
    facts.map(async (fact) => ({
      pid: fact.pid,
      parentPid: fact.parentPid,
      title: scriptTitle(fact.argv, fact.workingDirectory),
      commandLine: fact.argv.join(' '),
      workingDirectory: fact.workingDirectory,
      executable: fact.executable,
      rss: fact.rss,
      startedAt: fact.startedAt,
      inspector: await probe.find(fact.pid, fact.startedAt, await listeningPorts(fact.pid), signal),
    })),
  );
}

async function fromPs(probe: InspectorProbe, signal?: AbortSignal): Promise<LocalProcess[]> {
  const all = await psList();
  const nodes = all.filter(
    ({ pid, name }) => pid !== process.pid && /^node(\.exe)?$/i.test(path.basename(name)),
  );
  const parentOf = new Map(all.map(({ pid, ppid }) => [pid, ppid]));
  const isNode = new Set(nodes.map(({ pid }) => pid));
  return await Promise.all(
    nodes.map(async ({ pid, ppid, cmd, name, startTime }) => {
      const argv = (cmd ?? name).split(/\s+/);
      const port = /--inspect(?:-brk|-wait|-port)?(?:=(?:[^\s:]*:)?(\d+))?(?:\s|$)/.exec(cmd ?? '');
      const address = port ? [{ host: '127.0.0.1', port: Number(port[1] ?? DEFAULT_PORT) }] : [];
      return {
        pid,
        parentPid: nearestAncestor(ppid, parentOf, isNode),
        title: scriptTitle(argv, null),
        commandLine: cmd ?? name,
        workingDirectory: null,
        executable: null,
        rss: null,
        startedAt: startTime ? startTime.getTime() : null,
        inspector: await probe.find(pid, startTime?.getTime() ?? null, address, signal),
      };
    }),
  );
}

function nearestAncestor(
  pid: number,
  parentOf: ReadonlyMap<number, number>,
  isNode: ReadonlySet<number>,
): number | null {
  const seen = new Set<number>();
  for (let ancestor: number | undefined = pid; ancestor !== undefined && !seen.has(ancestor); ) {
    if (isNode.has(ancestor)) return ancestor;
    seen.add(ancestor);
    ancestor = parentOf.get(ancestor);
  }
  return null;
}

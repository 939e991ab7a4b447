import * as path from 'node:path';
import psList from 'ps-list';
import type { InspectorAddress, LocalProcess } from '../../protocol/targets';
import { listInspectorTargets } from './inspector-endpoint';
import { hasProcFilesystem, listeningPorts, listNodeProcesses } from './proc-filesystem';
import { scriptTitle } from './script-title';

/** An inspector on this machine answers within a few ms; a port that does not is none. */
const PROBE_TIMEOUT_MS = 800;
const DEFAULT_PORT = 9229;

/**
 * The Node processes of this machine with their open inspectors. On Linux everything comes from `/proc`: the ports a
 * process listens on are asked whether an inspector answers. Elsewhere the process list comes from `ps-list` and the
 * inspector's port from the command line (`--inspect=…`), which misses only those opened by a signal on another port.
 * @throws `cancelled`
 */
export async function listLocalProcesses(options: { signal?: AbortSignal } = {}): Promise<LocalProcess[]> {
  const processes = (await hasProcFilesystem())
    ? await fromProc(options.signal)
    : await fromPs(options.signal);
  options.signal?.throwIfAborted();
  return processes;
}

async function fromProc(signal?: AbortSignal): Promise<LocalProcess[]> {
  const facts = await listNodeProcesses();
  return await Promise.all(
    facts.map(async (fact) => ({
      pid: fact.pid,
      title: scriptTitle(fact.argv, fact.workingDirectory),
      commandLine: fact.argv.join(' '),
      workingDirectory: fact.workingDirectory,
      executable: fact.executable,
      rss: fact.rss,
      startedAt: fact.startedAt,
      inspector: await firstInspector(await listeningPorts(fact.pid), signal),
    })),
  );
}

async function fromPs(signal?: AbortSignal): Promise<LocalProcess[]> {
  const all = await psList();
  const nodes = all.filter(
    ({ pid, name }) => pid !== process.pid && /^node(\.exe)?$/i.test(path.basename(name)),
  );
  return await Promise.all(
    nodes.map(async ({ pid, cmd, name, startTime }) => {
      const argv = (cmd ?? name).split(/\s+/);
      const port = /--inspect(?:-brk|-wait|-port)?(?:=(?:[^\s:]*:)?(\d+))?(?:\s|$)/.exec(cmd ?? '');
      const address = port ? [{ host: '127.0.0.1', port: Number(port[1] ?? DEFAULT_PORT) }] : [];
      return {
        pid,
        title: scriptTitle(argv, null),
        commandLine: cmd ?? name,
        workingDirectory: null,
        executable: null,
        rss: null,
        startedAt: startTime ? startTime.getTime() : null,
        inspector: await firstInspector(address, signal),
      };
    }),
  );
}

/** The first of `addresses` where an inspector answers, or null. */
export async function firstInspector(
  addresses: readonly InspectorAddress[],
  signal?: AbortSignal,
): Promise<InspectorAddress | null> {
  const answers = await Promise.all(
    addresses.map((address) =>
      listInspectorTargets(address, { signal, timeoutMs: PROBE_TIMEOUT_MS }).then(
        (targets) => (targets.length > 0 ? address : null),
        () => null,
      ),
    ),
  );
  return answers.find((address) => address !== null) ?? null;
}

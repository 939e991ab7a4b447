import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { listLocalProcesses } from '../../inspector/discovery/local-processes';
import { hasProcFilesystem, listeningPorts } from '../../inspector/discovery/proc-filesystem';
import type { LaunchRequest } from '../../inspector/launch';
import { cancelled } from '../../protocol/errors';
import type { Finding } from '../../protocol/findings';
import type { TargetInfo } from '../../protocol/targets';
import { attachByUrl, attachTo, attachToProcess } from '../attach/attach-commands';
import type { AttachedTarget } from '../attach/attached-target';
import { launchAndProfile, launchRequest } from '../attach/launch-command';
import type { TargetSlot } from '../attach/target-slot';

/** The program of a hunt, to find it again. */
export interface HuntedProgram {
  readonly title: string;
  readonly workingDirectory: string | null;
  /** How Heapwright started it; null when it was running before. */
  readonly launch: LaunchRequest | null;
  /** Where it listened. */
  readonly ports: readonly number[];
}

/** The target that is attached, or one that the user chooses now. Undefined when dismissed. */
export async function chooseTarget(slot: TargetSlot): Promise<AttachedTarget | undefined> {
  if (slot.current) return slot.current;
  const ways = [
    { label: '$(plug) Attach to Node Process…', choose: attachToProcess },
    { label: '$(play) Launch and Profile…', choose: launchAndProfile },
    { label: '$(link) Attach by Inspector URL…', choose: attachByUrl },
  ];
  const way = await vscode.window.showQuickPick(ways, { title: 'Hunt for Leaks: in which program?' });
  return await way?.choose(slot);
}

/**
 * The target of the hunt before, without a question where that is possible: what Heapwright launched is started
 * again, so that it runs the code as it is now; what was attached is looked for by its name.
 */
export async function findTargetAgain(
  slot: TargetSlot,
  program: HuntedProgram,
): Promise<AttachedTarget | undefined> {
  const attached = slot.current;
  if (attached && attached.info.title !== program.title) return attached;
  const request = attached ? attached.launched?.request : program.launch;
  if (request) {
    slot.detach();
    return await launchRequest(slot, request);
  }
  if (attached) return attached;
  const running = (await listLocalProcesses()).filter(
    ({ title, workingDirectory }) =>
      title === program.title &&
      (workingDirectory === null ||
        program.workingDirectory === null ||
        workingDirectory === program.workingDirectory),
  );
  return running.length === 1 ? await attachTo(slot, running[0]!) : await attachToProcess(slot);
}

/** Warns when what the hunt before accused was edited after the program started, which then runs the old code. */
export async function confirmFresh(target: TargetInfo, findings: readonly Finding[]): Promise<void> {
  const { startedAt } = target;
  if (startedAt === null || !target.isLocal) return;
  const files = new Set(
    findings.flatMap(({ location }) => [location?.generated?.file, location?.file].filter((file) => !!file)),
  );
  for (const file of files) {
    const { mtimeMs } = await fs.stat(file!).catch(() => ({ mtimeMs: 0 }));
    if (mtimeMs <= startedAt) continue;
    const hunt = 'Hunt Anyway';
    const answer = await vscode.window.showWarningMessage(
      `${path.basename(file!)} was changed after ${target.title} started.`,
      { modal: true, detail: 'The program still runs the code from before: restart it, then hunt again.' },
      hunt,
    );
    if (answer !== hunt) throw cancelled();
    return;
  }
}

/** The ports on which a target's program listens, its inspector's excepted; none where that cannot be seen. */
export async function portsOf({ pid, isLocal, url }: TargetInfo): Promise<number[]> {
  if (pid === null || !isLocal || !(await hasProcFilesystem())) return [];
  const inspector = Number(new URL(url).port);
  const ports = (await listeningPorts(pid)).map(({ port }) => port).filter((port) => port !== inspector);
  return [...new Set(ports)];
}

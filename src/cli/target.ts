import { type Command, InvalidArgumentError } from 'commander';
import { resolveInspectorUrl } from '../inspector/discovery/inspector-url';
import { openInspector } from '../inspector/discovery/open-inspector';
import { launch } from '../inspector/launch';
import { connect, type InspectorSession } from '../inspector/session';
import { HeapwrightError } from '../protocol/errors';

export interface TargetOptions {
  readonly inspect?: string;
  readonly pid?: number;
  readonly launch?: string;
  readonly allowRemote?: boolean;
}

/** Adds the ways to name a target. */
export function addTargetOptions(command: Command): Command {
  return command
    .argument('[target]', 'the same without an option: a ws:// URL, host:port, a port, or a process id')
    .option('--inspect <url>', 'inspector to attach to: a ws:// URL, host:port, or a port')
    .option('--pid <pid>', 'process to attach to; its inspector is opened with SIGUSR1', positiveInteger)
    .option('--launch <file>', 'program to start with an inspector of its own, and to end afterwards')
    .option('--allow-remote', 'attach to another host than this machine');
}

export interface AttachedTarget {
  readonly session: InspectorSession;
  /** Detaches, and ends what was launched. */
  dispose(): void;
}

/** What a target without an option is: digits are a port when an inspector answers there, else a process. */
export async function namedTarget(name: string | undefined, options: TargetOptions): Promise<TargetOptions> {
  if (name === undefined) return options;
  const pid = /^\d+$/.test(name) && !(await isInspectorPort(name));
  return pid ? { ...options, pid: positiveInteger(name) } : { ...options, inspect: name };
}

async function isInspectorPort(port: string): Promise<boolean> {
  if (Number(port) > 65_535) return false;
  return resolveInspectorUrl(port, { timeoutMs: 2000 }).then(
    () => true,
    (error: unknown) => error instanceof HeapwrightError && error.code === 'inspector-busy',
  );
}

/** Attaches as the options say. @throws `bad-argument` unless exactly one target is named; what attaching throws. */
export async function attachTarget(options: TargetOptions, signal?: AbortSignal): Promise<AttachedTarget> {
  const named = [options.inspect, options.pid, options.launch].filter((value) => value !== undefined);
  if (named.length !== 1) {
    throw new HeapwrightError(
      'bad-argument',
      named.length === 0 ? 'No target is named.' : 'More than one target is named.',
      'Give one of --inspect <url>, --pid <pid> or --launch <file>.',
    );
  }
  const { allowRemote } = options;
  if (options.launch !== undefined) {
    const target = await launch(
      {
        kind: 'program',
        title: options.launch,
        program: options.launch,
        args: [],
        cwd: process.cwd(),
        nodePath: process.execPath,
      },
      { signal },
    );
    target.onOutput((text) => process.stderr.write(text));
    try {
      const session = await target.session(signal);
      return {
        session,
        dispose: () => {
          session.dispose();
          target.dispose();
        },
      };
    } catch (error) {
      target.dispose();
      throw error;
    }
  }
  const address =
    options.pid === undefined ? { url: options.inspect! } : await openInspector(options.pid, { signal });
  const session = await connect(address, { signal, allowRemote });
  return { session, dispose: () => session.dispose() };
}

/** A commander parser for whole numbers from one. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

/** A commander parser for whole numbers from zero. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('It must be a whole number from 0.');
  return value;
}

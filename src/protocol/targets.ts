/** Where an inspector listens. */
export interface InspectorAddress {
  readonly host: string;
  readonly port: number;
}

/** A Node process on this machine, attachable or not yet. */
export interface LocalProcess {
  readonly pid: number;
  /** The nearest Node process that it descends from, if there is one: a cluster's primary, a process manager. */
  readonly parentPid: number | null;
  /** What a person calls it: the script's path relative to the working directory, or the command. */
  readonly title: string;
  readonly commandLine: string;
  readonly workingDirectory: string | null;
  /** Absolute path of the `node` binary, if it could be read. */
  readonly executable: string | null;
  readonly rss: number | null;
  /** ms since the epoch. */
  readonly startedAt: number | null;
  /** The open inspector, or null: it takes SIGUSR1 to open one. */
  readonly inspector: InspectorAddress | null;
}

/** A target that is no Node process: a tab of a browser, Deno. */
export interface OtherTarget {
  readonly id: string;
  /** "Tab", "Deno". */
  readonly kind: string;
  readonly title: string;
  /** What it shows or runs. */
  readonly page: string;
  readonly port: number;
  /** `ws://…` */
  readonly url: string;
}

/** A worker thread of a Node process. */
export interface WorkerThread {
  /** Node's own number of it, `threadId`. */
  readonly id: string;
  readonly title: string;
  readonly url: string;
  /** Bytes of its own heap; null when it did not answer. */
  readonly heapUsed: number | null;
}

/** An attached V8, as the status bar and the panel show it. */
export interface TargetInfo {
  /** Unique for this attachment. */
  readonly id: string;
  readonly title: string;
  readonly pid: number | null;
  readonly nodeVersion: string | null;
  /** Of Deno, which names a version of Node as well, that it is none of; absent elsewhere. */
  readonly denoVersion?: string;
  readonly url: string;
  readonly workingDirectory: string | null;
  /** False when the user confirmed another host than this machine. */
  readonly isLocal: boolean;
  /** ms since the epoch, by the target’s clock; with `pid` it names one life of one process. */
  readonly startedAt: number | null;
  /** Node’s number of the worker thread that this is; absent for the main thread of a process. */
  readonly workerId?: string;
}

type Engine = Pick<TargetInfo, 'nodeVersion' | 'denoVersion'>;

/** "Node 24.1.0", "Deno 2.9.6"; null for another engine. */
export function engineInWords({ nodeVersion, denoVersion }: Engine): string | null {
  if (denoVersion) return `Deno ${denoVersion}`;
  return nodeVersion ? `Node ${nodeVersion.replace(/^v/, '')}` : null;
}

/** What an engine does not tell, in one sentence; null for Node, which tells all of it. */
export function leftOutBy({ nodeVersion, denoVersion }: Engine): string | null {
  if (denoVersion) {
    return 'Deno does not tell of garbage collections, the event loop, open resources and worker threads: they are left out.';
  }
  return nodeVersion
    ? null
    : 'Only the heap is known: this target does not tell of resident memory, limits, garbage collections and the event loop.';
}

/** A line of the `<snapshot>.scripts.json` file beside a snapshot: the scripts its locations refer to. */
export interface ScriptRecord {
  readonly scriptId: number;
  /** As V8 reports it: a `file://` URL, a plain path (CommonJS on old Node), or a name such as `node:internal/...`. */
  readonly url: string;
  /** As the script declares it; a `data:` URL is kept whole. Empty when there is none. */
  readonly sourceMapUrl: string;
  /** What V8 ran, where a loader (tsx, ts-node, swc) made that of the file behind the URL while it was read. */
  readonly source?: string;
}

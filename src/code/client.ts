import type { GrowthEvidence, MeasuredImport, RewriteResult, RewriteSettings, Smell } from '../protocol/code';
import { ThreadClient } from '../protocol/thread-client';
import type { AnalyzeRequest, CodeCalls, FixAllResult } from './calls';

/** What may be told about a file besides its text. */
export interface AnalyzeOptions {
  readonly evidence?: readonly GrowthEvidence[];
  /** Imports that would save less heap than this are not reported; bytes, 1 MB by default. */
  readonly lazyImportMinimumBytes?: number;
  /** Imports of the file that were measured in a running program: what they cost need not be estimated. */
  readonly measuredImports?: readonly MeasuredImport[];
  readonly signal?: AbortSignal;
}

/** Finds smells in source files and rewrites them, in a worker thread. */
export class CodeAnalyzer {
  readonly #thread: ThreadClient<CodeCalls>;

  /** @param workerFile Absolute path of the bundled src/code/worker.ts. */
  constructor(workerFile: string) {
    this.#thread = new ThreadClient(workerFile, 'code');
  }

  /** Starts the thread and its compiler, so that the first file need not wait for them. */
  warmUp(): void {
    void this.analyzeFile('warm-up.ts', WARM_UP).catch(() => {});
  }

  /**
   * The collections of a file that its text alone tells; silent where other files might have a say.
   * @throws `worker-crashed`, `cancelled`
   */
  async analyzeFile(file: string, text: string, options: AnalyzeOptions = {}): Promise<Smell[]> {
    return await this.#thread.call('analyzeFile', toRequest(file, text, options), { signal: options.signal });
  }

  /** All smells of a file in its project, which is read first if need be. @throws `worker-crashed`, `cancelled` */
  async analyze(file: string, text: string, options: AnalyzeOptions = {}): Promise<Smell[]> {
    await this.#prepare(file, options.signal);
    return await this.#thread.call('analyze', toRequest(file, text, options), { signal: options.signal });
  }

  /**
   * The edits of one rewrite of one smell, or why there are none. Offsets count in `text`.
   * @throws `worker-crashed`, `cancelled`
   */
  async rewrite(
    file: string,
    text: string,
    smellId: string,
    rewriteId: string,
    settings: RewriteSettings,
    options: AnalyzeOptions = {},
  ): Promise<RewriteResult> {
    await this.#prepare(file, options.signal);
    const request = { ...toRequest(file, text, options), smellId, rewriteId, settings };
    return await this.#thread.call('rewrite', request, { signal: options.signal });
  }

  /**
   * The edits of all safe rewrites of several files that need no new package. Offsets count in the texts as given; a file
   * that is not among them is to be created. @throws `worker-crashed`, `cancelled`
   */
  async fixAll(
    files: readonly { readonly file: string; readonly text: string }[],
    settings: RewriteSettings,
    options: AnalyzeOptions = {},
  ): Promise<FixAllResult> {
    for (const { file } of files) await this.#prepare(file, options.signal);
    const requests = files.map(({ file, text }) => toRequest(file, text, options));
    return await this.#thread.call('fixAll', { files: requests, settings }, { signal: options.signal });
  }

  /** A document is gone: what is on disk counts again. */
  async close(file: string): Promise<void> {
    await this.#thread.call('close', { file });
  }

  /** In steps, so that quick questions are answered in between. */
  async #prepare(file: string, signal: AbortSignal | undefined): Promise<void> {
    while (!(await this.#thread.call('prepare', { file }, { signal })));
  }

  /** Ends the thread. */
  async dispose(): Promise<void> {
    await this.#thread.dispose();
  }
}

/** Something of each kind that the detectors look at. */
const WARM_UP =
  'import x from "x"; const m = new Map<string, number>(); export class A { #s = {}; f(k: string) { m.set(k, x(k)); } }';

function toRequest(file: string, text: string, options: AnalyzeOptions): AnalyzeRequest {
  return {
    file,
    text,
    evidence: options.evidence ?? [],
    lazyImportMinimumBytes: options.lazyImportMinimumBytes ?? 1_000_000,
    measuredImports: options.measuredImports ?? [],
  };
}

import type { GrowthEvidence, RewriteResult, RewriteSettings, Smell } from '../protocol/code';
import { ThreadClient } from '../protocol/thread-client';
import type { AnalyzeRequest, CodeCalls } from './calls';

/** What may be told about a file besides its text. */
export interface AnalyzeOptions {
  readonly evidence?: readonly GrowthEvidence[];
  /** Imports that would save less heap than this are not reported; bytes, 1 MB by default. */
  readonly lazyImportMinimumBytes?: number;
  readonly signal?: AbortSignal;
}

/** Finds smells in source files and rewrites them, in a worker thread. */
export class CodeAnalyzer {
  readonly #thread: ThreadClient<CodeCalls>;

  /** @param workerFile Absolute path of the bundled src/code/worker.ts. */
  constructor(workerFile: string) {
    this.#thread = new ThreadClient(workerFile, 'code');
  }

  /** The smells of a file's text. @throws `worker-crashed`, `cancelled` */
  async analyze(file: string, text: string, options: AnalyzeOptions = {}): Promise<Smell[]> {
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
    const request = { ...toRequest(file, text, options), smellId, rewriteId, settings };
    return await this.#thread.call('rewrite', request, { signal: options.signal });
  }

  /** Ends the thread. */
  async dispose(): Promise<void> {
    await this.#thread.dispose();
  }
}

function toRequest(file: string, text: string, options: AnalyzeOptions): AnalyzeRequest {
  return {
    file,
    text,
    evidence: options.evidence ?? [],
    lazyImportMinimumBytes: options.lazyImportMinimumBytes ?? 1_000_000,
  };
}

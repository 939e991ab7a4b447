import type { GrowthEvidence, RewriteResult, RewriteSettings, Smell } from '../protocol/code';

/** What the code thread is asked. */
export interface CodeCalls {
  analyze: { parameters: AnalyzeRequest; answer: Smell[] };
  rewrite: {
    parameters: AnalyzeRequest & {
      readonly smellId: string;
      readonly rewriteId: string;
      readonly settings: RewriteSettings;
    };
    answer: RewriteResult;
  };
}

export interface AnalyzeRequest {
  /** Absolute path; it decides language, package and what imports resolve to. */
  readonly file: string;
  /** As the editor has it. */
  readonly text: string;
  readonly evidence: readonly GrowthEvidence[];
  readonly lazyImportMinimumBytes: number;
}

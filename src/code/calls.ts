import type {
  FileEdit,
  GrowthEvidence,
  MeasuredImport,
  RewriteResult,
  RewriteSettings,
  Smell,
} from '../protocol/code';

/** What the code thread is asked. */
export interface CodeCalls {
  /** The collections of one file, from its text alone: quick, and silent where other files might have a say. */
  analyzeFile: { parameters: AnalyzeRequest; answer: Smell[] };
  /** Reads on in the file's project for a moment; true when it is complete. */
  prepare: { parameters: { readonly file: string }; answer: boolean };
  /** All smells of a file, with what its project does with what it exports and imports. */
  analyze: { parameters: AnalyzeRequest; answer: Smell[] };
  rewrite: {
    parameters: AnalyzeRequest & {
      readonly smellId: string;
      readonly rewriteId: string;
      readonly settings: RewriteSettings;
    };
    answer: RewriteResult;
  };
  /** The edits of all safe rewrites that need no new package, for each of the files that has some. */
  fixAll: {
    parameters: {
      readonly files: readonly AnalyzeRequest[];
      readonly settings: RewriteSettings;
    };
    answer: FixAllResult;
  };
  /** A document was closed. */
  close: { parameters: { readonly file: string }; answer: null };
}

export interface FixAllResult {
  readonly edits: readonly FileEdit[];
  /** How many smells the edits cure, and how many are left with a reason. */
  readonly fixed: number;
  readonly refused: number;
}

export interface AnalyzeRequest {
  /** Absolute path; it decides language, package and what imports resolve to. */
  readonly file: string;
  /** As the editor has it. */
  readonly text: string;
  readonly evidence: readonly GrowthEvidence[];
  readonly lazyImportMinimumBytes: number;
  readonly measuredImports: readonly MeasuredImport[];
}

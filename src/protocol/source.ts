/** A place a person can open. Lines and columns count from one, as editors show them. */
export interface SourcePosition {
  /** Absolute path of the original source where it exists on disk, else its URL. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The place in the script that V8 ran, when a source map led from there to `file`. */
  readonly generated?: { readonly file: string; readonly line: number; readonly column: number };
}

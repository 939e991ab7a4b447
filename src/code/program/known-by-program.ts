import type ts from 'typescript';
import type { ParsedFile } from './parsed-file';

/**
 * What was found out about nodes or names and holds for one program: sources that stay as they are go over into the next one,
 * where other files may say something else of them. A program is known by its checker, and forgotten with it.
 */
export class KnownByProgram<Key, Value> {
  readonly #programs = new WeakMap<ts.TypeChecker, Map<Key, Value>>();

  /** What is known in the program of the file. */
  in({ checker }: Pick<ParsedFile, 'checker'>): Map<Key, Value> {
    let known = this.#programs.get(checker);
    if (!known) {
      known = new Map();
      this.#programs.set(checker, known);
    }
    return known;
  }
}

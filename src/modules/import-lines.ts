/** A place in a text where a module is asked for by name. */
export interface ImportLine {
  readonly specifier: string;
  /** Where the statement begins, in characters from the start of the text. */
  readonly offset: number;
}

const STATIC = /^[ \t]*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*(['"])([^'"\n]+)\1/gm;
const CALLED = /\b(?:require|import)\s*\(\s*(['"])([^'"\n]+)\1\s*\)/g;

/**
 * The imports and requires in a text, by their looks: what stands in a comment or a string is found as well, and does no
 * harm where each one is held against what was really loaded.
 */
export function importLines(text: string): ImportLine[] {
  const found = new Map<number, ImportLine>();
  for (const { 0: whole, 2: specifier, index } of text.matchAll(STATIC)) {
    // A statement may begin on an earlier line than its name; blanks before it are not its beginning.
    const offset = index + (whole.length - whole.trimStart().length);
    found.set(offset, { specifier: specifier!, offset });
  }
  for (const { 2: specifier, index } of text.matchAll(CALLED))
    found.set(index, { specifier: specifier!, offset: index });
  return [...found.values()].sort((a, b) => a.offset - b.offset);
}

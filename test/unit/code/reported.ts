import assert from 'node:assert/strict';
import { detectIn } from '../../../src/code/detect';
import { SourceProgram } from '../../../src/code/program/source-program';
import type { Smell } from '../../../src/protocol/code';

const OPTIONS = { evidence: [], lazyImportMinimumBytes: Number.POSITIVE_INFINITY };

/** A program of one file or several, of which something is reported, and what makes it silent. */
export interface Reported {
  readonly what: string;
  /** By name of the file; what is reported in the first one counts. */
  readonly files: Readonly<Record<string, string>>;
  readonly names: readonly string[];
  /** Put in the place of what is found in any of the files, after which nothing is reported. */
  readonly otherwise: readonly (readonly [found: string, put: string])[];
}

/** What is reported in the first of files that make a program together. */
export function namesIn(files: Readonly<Record<string, string>>): string[] {
  return smellsIn(files).map(({ identifier }) => identifier);
}

/** What is said of it. */
export function messagesIn(files: Readonly<Record<string, string>>): string[] {
  return smellsIn(files).map(({ message }) => message);
}

function smellsIn(files: Readonly<Record<string, string>>): Smell[] {
  const program = new SourceProgram();
  for (const [file, text] of Object.entries(files)) program.set(`/project/src/${file}`, text);
  const [first] = Object.keys(files);
  return detectIn(program.parsed(`/project/src/${first}`)!, OPTIONS);
}

/** A test for each: it is reported as it stands, and in none of the other forms. */
export function testEach(cases: readonly Reported[]): void {
  for (const { what, files, names, otherwise } of cases) {
    it(what, () => {
      assert.deepEqual(namesIn(files), names);
      for (const [found, put] of otherwise) {
        const all = Object.values(files).join('\n');
        assert.ok(all.includes(found), `${found} is not in the program`);
        const changed = Object.fromEntries(
          Object.entries(files).map(([file, text]) => [file, text.replaceAll(found, put)]),
        );
        assert.deepEqual(namesIn(changed), [], `${found} → ${put}`);
      }
    });
  }
}

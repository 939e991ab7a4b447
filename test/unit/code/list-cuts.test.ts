import assert from 'node:assert/strict';
import fc from 'fast-check';
import ts from 'typescript';
import { hasSyntaxErrors } from '../../../src/code/program/parsed-file';
import { cutOutOfList, type ListCut } from '../../../src/code/rewrites/list-cut';

const parse = (text: string) =>
  ts.createSourceFile('list.js', text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);

/** What stands between two of a list, with places for comments: in front of the comma, behind it, in lines of their own. */
const SEPARATORS = ['#, # ', '#,%\n@    ', '%\n@  ,# '];

const lists = fc
  .record({
    word: fc.constantFrom('var', 'let', 'const'),
    first: fc.constantFrom(' ', '%\n@    '),
    separators: fc.array(fc.constantFrom(...SEPARATORS), { minLength: 1, maxLength: 4 }),
    end: fc.constantFrom(';', '', '\n;', '; // end', ' // end'),
    taken: fc.nat(),
    comments: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
  })
  .map(({ word, first, separators, end, taken, comments }) => {
    const one = (index: number) => `#v${index}# = #require('m${index}')`;
    const rest = separators.map((separator, index) => separator + one(index + 1));
    let at = 0;
    const list = [word, first, one(0), ...rest].join('').replaceAll(/[#%@]/g, (place) => {
      const isThere = comments[at % comments.length];
      const name = `c${at++}`;
      if (!isThere) return '';
      return place === '#' ? ` /* ${name} */ ` : place === '%' ? ` // ${name}` : `    // ${name}\n`;
    });
    return { text: `'use strict';\n${list}${end}\nnext();\n`, taken: taken % (separators.length + 1) };
  });

const commentsOf = (text: string) => text.match(/\b(c\d+|end)\b/g) ?? [];
const namesIn = (source: ts.SourceFile) => {
  const [, statement] = source.statements;
  assert.ok(statement && ts.isVariableStatement(statement));
  return statement.declarationList.declarations.map(({ name }) => name.getText(source));
};

/** The comments that go where it goes. */
function movedBy(text: string, listed: ts.Node, { above, behind }: ListCut): string[] {
  const ranges = [...above, ...behind].map(({ pos, end }) => text.slice(pos, end));
  return [...ranges, listed.getText()].flatMap(commentsOf);
}

describe('one of several, taken out of its list', function () {
  this.timeout(60_000);
  it('leaves all others, each comment, and nothing that does not parse', () => {
    let cuts = 0;
    fc.assert(
      fc.property(lists, ({ text, taken }) => {
        const before = parse(text);
        const statement = before.statements[1] as ts.VariableStatement;
        const listed = statement.declarationList.declarations[taken]!;
        const cut = cutOutOfList(statement, listed);
        if (!cut) return;
        cuts++;
        const left = text.slice(0, cut.start) + cut.text + text.slice(cut.end);
        const after = parse(left);
        assert.equal(hasSyntaxErrors({ source: after }), false, left);
        assert.deepEqual(
          namesIn(after),
          namesIn(before).filter((_, index) => index !== taken),
          left,
        );
        assert.equal(after.statements.length, before.statements.length, left);
        const comments = [...commentsOf(left), ...movedBy(text, listed, cut)];
        assert.deepEqual(comments.sort(), [...commentsOf(text)].sort(), left);
      }),
      { numRuns: 2000 },
    );
    assert.ok(cuts > 1500, `${cuts} of 2000 have a cut`);
  });
});

import assert from 'node:assert/strict';
import { SourceProgram } from '../../../src/code/program/source-program';
import { dictionaryKeys } from '../../../src/code/rewrites/dictionary-keys';
import { findDeclarations } from '../../../src/code/smells/collection-declarations';
import { keyOf } from '../../../src/code/smells/finite-keys';
import { followUses } from '../../../src/code/smells/follow-uses';

/** How the key is written that is added under in `statements`. */
function keyIn(statements: string): string {
  const program = new SourceProgram();
  program.set('/project/a.js', `const table = {};\nexports.put = (name, id) => {\n${statements}\n};\n`);
  const file = program.parsed('/project/a.js')!;
  const { uses } = followUses(file, findDeclarations(file)[0]!);
  const adding = uses.find(({ kind }) => kind === 'add')!;
  return dictionaryKeys(file, uses).text(keyOf(adding)!);
}

describe('keys of objects that become maps', () => {
  it('stay as they are where they are texts by how they are made', () => {
    assert.equal(keyIn('const key = name.trim().replace("a", "b"); table[key] = id;'), 'key');
    assert.equal(keyIn('table["id:" + id] = name;'), '"id:" + id');
    assert.equal(keyIn('var key = String(name); table[key] = id;'), 'key');
    assert.equal(keyIn('const short = name.toLowerCase().slice(1); table[short] = id;'), 'short');
  });

  it('are made texts where they may be anything', () => {
    assert.equal(keyIn('table[id] = name;'), 'String(id)');
    assert.equal(keyIn('let key = name.trim(); key = id; table[key] = id;'), 'String(key)');
    assert.equal(keyIn('table[name + id] = id;'), 'String(name + id)');
    assert.equal(keyIn('var key = String(name); for (key in id) table[key] = id;'), 'String(key)');
    assert.equal(keyIn('var key = String(name); [key] = id; table[key] = id;'), 'String(key)');
    assert.equal(keyIn('var key = String(name); var key = id; table[key] = id;'), 'String(key)');
  });

  it('come to an end where constants name each other, as while somebody types', () => {
    assert.equal(keyIn('const key = key + id; table[key] = id;'), 'String(key)');
    assert.equal(keyIn('const a = b.slice(1); const b = a.slice(1); table[b] = id;'), 'String(b)');
  });
});

import assert from 'node:assert/strict';
import { findOnlyAssignment } from '../../../src/source/assignments';
import { nameOfBlockVariable } from '../../../src/source/block-variables';
import { SourceLocator } from '../../../src/source/locator';

function locatorOf(source: string): SourceLocator {
  const script = { scriptId: 3, url: 'file:///nowhere/program.js', sourceMapUrl: '' };
  return new SourceLocator([script], { readScript: async () => source });
}

/** V8's location of the first place where `text` stands. */
function at(source: string, text: string) {
  const lines = source.slice(0, source.indexOf(text)).split('\n');
  return { scriptId: 3, line: lines.length - 1, column: lines.at(-1)!.length };
}

describe('source: variables of blocks', () => {
  const source = `let work;
function outer() {
  const own = new Map();
  if (own) {
    const limit = 5;
    const unused = new Set();
    const seen = new Set();
    const [left, { right }] = pair();
    const made = make();
    work = () => seen.add(limit, left, right, made, own);
    for (const key of ['a']) {
      work.other = () => key;
    }
  }
}`;
  const from = [at(source, '() => seen')];
  const name = (constructorName: string, place: number, count: number, places = from) =>
    nameOfBlockVariable(locatorOf(source), places, constructorName, { place, count });

  it('are told by what their right side makes', async () => {
    assert.equal(await name('Set', 0, 4), 'seen');
  });

  it('are told by their place where nothing else tells them', async () => {
    assert.equal(await name('Pool', 4, 5), 'made');
    assert.equal(await name('Pool', 3, 5), 'right');
    assert.equal(await name('Pool', 2, 4), null, 'one of five holds a number: places are shifted');
  });

  it('are those of the innermost block that has any', async () => {
    assert.equal(await name('(string)', 0, 1, [at(source, '() => key')]), 'key');
  });

  it('are not those of a function, which have names', async () => {
    const body = `function outer() {\n  const own = new Map();\n  return () => own;\n}`;
    const place = [at(body, '() => own')];
    assert.equal(await nameOfBlockVariable(locatorOf(body), place, 'Map', { place: 0, count: 1 }), null);
  });
});

describe('source: the only place that assigns', () => {
  const placeIn = async (source: string, name: string) =>
    (await findOnlyAssignment(locatorOf(source), 3, name))?.line ?? null;

  it('is found for variables, fields and private fields', async () => {
    assert.equal(await placeIn('let last = null;\nfunction add(x) {\n  last = () => x;\n}', 'last'), 3);
    assert.equal(await placeIn('let text = "";\nfunction log(x) {\n  text += x;\n}', 'text'), 3);
    const list = `class List {
  #head = null;
  constructor() {
    this.#head = { first: true };
  }
  clear() {
    this.#head = null;
  }
  push(x) {
    this.#head = { x, next: this.#head };
  }
}`;
    assert.equal(await placeIn(list, '#head'), 10);
  });

  it('is not told where two functions assign, or only the module', async () => {
    const two = 'let last;\nfunction a(x) {\n  last = x;\n}\nfunction b(x) {\n  last = x;\n}';
    assert.equal(await placeIn(two, 'last'), null);
    assert.equal(await placeIn('let last;\nlast = make();', 'last'), null);
  });
});

import assert from 'node:assert/strict';
import { findMadeProperty } from '../../../src/source/given-properties';
import { SourceLocator } from '../../../src/source/locator';

const text = `const basic = {};
module.exports.basic = basic;
function setUp(loader) {
  loader.cache = {};
}
const registry = {
  templates: new Map(),
  count: 0,
};
const seen = single('seen', () => []);
const late = single('late', () => {});
`;

describe('where a script makes what hangs on an object of another', () => {
  const script = { scriptId: 3, url: 'file:///x/3.js', sourceMapUrl: '' };
  const locator = new SourceLocator([script], { readScript: async () => text });
  const lineOf = async (...names: string[]) => (await findMadeProperty(locator, 3, names))?.line ?? null;

  it('finds an assignment, a property of a literal, a call, and the variable that is assigned', async () => {
    assert.equal(await lineOf('cache'), 4);
    assert.equal(await lineOf('templates'), 7);
    assert.equal(await lineOf('seen'), 10);
    assert.equal(await lineOf('basic'), 1);
  });

  it('takes the last name that is made there', async () => {
    assert.equal(await lineOf('basic', 'templates', 'user-17'), 7);
  });

  it('takes no numbers and no functions for collections', async () => {
    assert.equal(await lineOf('count'), null);
    assert.equal(await lineOf('late'), null);
    assert.equal(await lineOf('elsewhere'), null);
  });
});

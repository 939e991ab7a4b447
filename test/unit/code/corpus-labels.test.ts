import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { projectRoot } from '../../host/cache-folder';

interface CollectionLabel {
  readonly file: string;
  readonly line: number;
  readonly identifier: string;
  readonly label: string;
  readonly unbounded?: boolean;
  /** People could differ: it counts neither way. */
  readonly arguable?: boolean;
  readonly place: string;
  readonly why: string;
}

interface ImportLabel {
  readonly file: string;
  readonly line: number;
  readonly module: string;
  readonly label: string;
  readonly why: string;
}

interface Labels {
  readonly collections?: readonly CollectionLabel[];
  readonly imports?: readonly ImportLabel[];
}

const corpus = path.join(projectRoot(), 'test', 'corpus');
const { projects } = readJson<{
  projects: readonly { labels: string; version?: string; folder?: string; sources: string[] }[];
}>(path.join(corpus, 'projects.json'));

function readJson<T>(file: string): T {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as T;
}

function labelsOf(name: string): Labels {
  return readJson<Labels>(path.join(corpus, 'labels', `${name}.json`));
}

function twice(keys: readonly string[]): string[] {
  return keys.filter((key, index) => keys.indexOf(key) !== index);
}

describe('labels of the corpus', () => {
  it('belong to one project each, of an exact version or in a folder here', () => {
    const files = fs.readdirSync(path.join(corpus, 'labels')).map((file) => path.basename(file, '.json'));
    assert.deepEqual(projects.map(({ labels }) => labels).sort(), files.sort());
    for (const { labels, version, folder, sources } of projects) {
      if (folder === undefined) assert.match(version ?? '', /^\d+\.\d+\.\d+/, labels);
      else assert.ok(fs.existsSync(path.join(corpus, folder, 'package.json')), labels);
      assert.ok(sources.length > 0, labels);
    }
  });

  for (const { labels: name } of projects) {
    it(`${name}: each says what it is, where, and why`, () => {
      const labels = labelsOf(name);
      // A package in which nothing was found has an empty list: what is reported there is wrong.
      assert.ok(labels.collections ?? labels.imports);
      for (const key of Object.keys(labels)) assert.match(key, /^(collections|imports)$/);
      const { collections = [], imports = [] } = labels;
      for (const label of collections) {
        const where = `${label.file}:${label.line} ${label.identifier}`;
        assert.match(label.label, /^(unbounded|bounded|registry|weak|state|local)$/, where);
        assert.match(label.place, /^(module|static|instance|closure)$/, where);
        assert.equal(typeof label.unbounded, label.label === 'state' ? 'boolean' : 'undefined', where);
        assert.ok(label.line > 0 && label.why.length > 3, where);
      }
      for (const { file, line, module, label, why } of imports) {
        assert.match(label, /^(lazy|needed-at-load|not-worth)$/, `${file}:${line} ${module}`);
        assert.ok(why.length > 3, `${file}:${line} ${module}`);
      }
      assert.deepEqual(
        twice(collections.map((label) => `${label.file}:${label.line} ${label.identifier}`)),
        [],
      );
      assert.deepEqual(twice(imports.map((label) => `${label.file}:${label.line} ${label.module}`)), []);
    });
  }
});

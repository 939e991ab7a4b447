import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import ts from 'typescript';
import { type DeclarationQuery, locateDeclaration } from '../../../src/source/declarations';
import { SourceLocator } from '../../../src/source/locator';

const source = `import { open } from 'node:fs';

interface Entry { id: number }
export const responses = new Map<string, Entry>();
const registry: { inner: { byName: Record<string, Entry> } } = {
  inner: {
    byName: {},
  },
};

export class Sessions {
  static active = new Set<Entry>();
  #waiting: Entry[] = [];
  late;
  constructor(first: Entry) {
    this.late = [first];
  }
  add(entry: Entry) {
    Sessions.active.add(entry);
    this.#waiting.push(entry);
    this.late.push(entry);
    responses.set(String(entry.id), entry);
    registry.inner.byName[String(entry.id)] = entry;
    open('x', () => {});
  }
}

export function makeCounter() {
  const seen = new Set<Entry>();
  return (entry: Entry) => {
    seen.add(entry);
    return seen.size;
  };
}
`;

/** Line from one and column from one of the first place where `text` stands in the source. */
function placeOf(text: string) {
  const before = source.slice(0, source.indexOf(text));
  const lines = before.split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

/** V8's location of a place in a generated script. */
function locate(code: string, pattern: RegExp, scriptId = 7) {
  const match = pattern.exec(code);
  assert.ok(match, `${pattern} is in the generated code`);
  const lines = code.slice(0, match.index + match[0].length).split('\n');
  return { scriptId, line: lines.length - 1, column: lines.at(-1)!.length };
}

function compileTypeScript(module: ts.ModuleKind, target: ts.ScriptTarget) {
  const result = ts.transpileModule(source, {
    fileName: 'service.ts',
    compilerOptions: { module, target, sourceMap: true },
  });
  return { code: result.outputText, map: result.sourceMapText! };
}

function compileMinified() {
  const result = transformSync(source, {
    loader: 'ts',
    format: 'esm',
    minify: true,
    sourcemap: 'external',
    sourcefile: 'service.ts',
  });
  return { code: `${result.code}//# sourceMappingURL=service.js.map`, map: result.map };
}

describe('source: declarations in the original file', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'heapwright-source-'));
    writeFileSync(path.join(folder, 'service.ts'), source);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function locatorFor(built: { code: string; map: string }, inline: boolean): SourceLocator {
    const file = path.join(folder, 'service.js');
    writeFileSync(file, built.code);
    writeFileSync(`${file}.map`, built.map);
    const sourceMapUrl = inline
      ? `data:application/json;base64,${Buffer.from(built.map).toString('base64')}`
      : 'service.js.map';
    return new SourceLocator([{ scriptId: 7, url: pathToFileURL(file).href, sourceMapUrl }]);
  }

  async function expectAt(locator: SourceLocator, query: DeclarationQuery, text: string) {
    const found = await locateDeclaration(locator, query);
    assert.ok(found, `${JSON.stringify(query)} is found`);
    assert.equal(found.position.file, path.join(folder, 'service.ts'));
    assert.equal(found.position.line, placeOf(text).line, text);
    assert.ok(found.position.generated, 'names the generated place too');
    return found;
  }

  const builds = [
    ['CommonJS', ts.ModuleKind.CommonJS, ts.ScriptTarget.ES2022],
    ['ESM', ts.ModuleKind.ESNext, ts.ScriptTarget.ES2022],
    ['CommonJS for an old target', ts.ModuleKind.CommonJS, ts.ScriptTarget.ES2018],
  ] as const;
  for (const [title, module, target] of builds) {
    for (const inline of [false, true]) {
      it(`finds every kind in TypeScript as ${title}, source map ${inline ? 'inline' : 'beside'}`, async () => {
        const built = compileTypeScript(module, target);
        const locator = locatorFor(built, inline);
        const add = locate(built.code, /\badd(?=\(entry\))/);
        const counter = locate(built.code, /return (?=\(entry\) =>)/);
        const constructorAt = locate(built.code, /constructor(?=\()/);

        const registry = await expectAt(
          locator,
          { kind: 'variable', name: 'registry', from: [add], properties: ['inner', 'byName'] },
          'byName: {}',
        );
        assert.equal(registry.scope, 'module');
        const seen = await expectAt(
          locator,
          { kind: 'variable', name: 'seen', from: [counter] },
          'seen = new Set',
        );
        assert.equal(seen.scope, 'function');
        assert.equal(seen.enclosing, 'makeCounter');
        await expectAt(locator, { kind: 'export', name: 'responses', scriptId: 7 }, 'responses = new Map');
        const field = (name: string, isStatic: boolean) =>
          ({ kind: 'field', name, owner: constructorAt, isStatic }) as const;
        await expectAt(locator, field('active', true), 'active = new Set');
        // A field keeps its own declaration in newer targets; older ones only assign it in the constructor.
        const late = target === ts.ScriptTarget.ES2022 ? 'late;' : 'this.late = ';
        await expectAt(locator, field('late', false), late);
        if (target === ts.ScriptTarget.ES2022) {
          await expectAt(locator, field('#waiting', false), '#waiting: Entry');
        } else {
          const lowered = { kind: 'variable', name: '_Sessions_waiting', from: [add] } as const;
          const waiting = await expectAt(locator, lowered, '#waiting: Entry');
          assert.equal(`${waiting.enclosing}.${waiting.name}`, 'Sessions.#waiting');
        }
      });
    }
  }

  it('finds renamed variables of a minified script and gives them their own names back', async () => {
    const built = compileMinified();
    const locator = locatorFor(built, false);
    const minifiedName = /(\w+)\.set\(String/.exec(built.code)![1]!;
    const add = locate(built.code, /\badd(?=\()/);
    assert.notEqual(minifiedName, 'responses', 'the test needs a renamed variable');
    const found = await expectAt(
      locator,
      { kind: 'variable', name: minifiedName, from: [add] },
      'responses = new Map',
    );
    assert.equal(found.name, 'responses');
    const { column } = placeOf('responses = new Map');
    assert.equal(found.position.column, column);
  });

  it('finds a field that a class further up makes, in another file too', async () => {
    const base = path.join(folder, 'base.js');
    const child = path.join(folder, 'child.js');
    writeFileSync(base, '\nclass Base {\n  constructor() { this.rows = []; }\n}\nmodule.exports = Base;');
    writeFileSync(child, "const Base = require('./base');\nclass Child extends Base {}\nnew Child();");
    const locator = new SourceLocator([
      { scriptId: 1, url: child, sourceMapUrl: '' },
      { scriptId: 2, url: base, sourceMapUrl: '' },
    ]);
    const owner = { scriptId: 1, line: 1, column: 0 };
    const found = await locateDeclaration(locator, { kind: 'field', name: 'rows', owner, isStatic: false });
    assert.deepEqual(found?.position, { file: base, line: 3, column: 24 });
    assert.equal(found?.enclosing, 'Child');
  });

  it('finds fields of classes that a compiler wrote as functions', async () => {
    const file = path.join(folder, 'old.js');
    writeFileSync(
      file,
      `var Child = (function (_super) {
  function Child() {
    var _this = _super.call(this) || this;
    _this.rows = [];
    return _this;
  }
  Child.prototype.shared = [];
  Child.prototype.add = function () { Child.prototype.shared.push(1); };
  return Child;
})(Object);`,
    );
    const locator = new SourceLocator([{ scriptId: 1, url: file, sourceMapUrl: '' }]);
    const owner = { scriptId: 1, line: 1, column: 16 };
    const rows = await locateDeclaration(locator, { kind: 'field', name: 'rows', owner, isStatic: false });
    assert.equal(rows?.position.line, 4);
    const shared = await locateDeclaration(locator, {
      kind: 'variable',
      name: 'Child',
      from: [{ scriptId: 1, line: 7, column: 34 }],
      properties: ['prototype', 'shared'],
    });
    assert.equal(shared?.position.line, 7);
  });

  it('goes from a property that is given a variable to where that is made', async () => {
    const file = path.join(folder, 'memoize.js');
    writeFileSync(
      file,
      `function memoize(f) {
  var memo = Object.create(null);
  function memoized(key) { return (memo[key] = f(key)); }
  memoized.memo = memo;
  return memoized;
}
class Repo { constructor(given) { this.rows = given; } }`,
    );
    const locator = new SourceLocator([{ scriptId: 1, url: file, sourceMapUrl: '' }]);
    const field = async (name: string, line: number, isStatic: boolean, column: number) =>
      (
        await locateDeclaration(locator, {
          kind: 'field',
          name,
          owner: { scriptId: 1, line, column },
          isStatic,
        })
      )?.position.line;
    assert.equal(await field('memo', 2, true, 19), 2);
    assert.equal(await field('rows', 6, false, 24), 7);
  });

  it('finds a field of the class whose instance a variable holds, written in place or by name', async () => {
    const file = path.join(folder, 'instance.js');
    writeFileSync(
      file,
      `class Named {
  rows = [];
}
const here = new (class {
  constructor() {
    this.rows = [];
  }
})(), there = new Named();
const add = () => { here.rows.push(1); there.rows.push(1); };`,
    );
    const locator = new SourceLocator([{ scriptId: 1, url: file, sourceMapUrl: '' }]);
    const from = [{ scriptId: 1, line: 8, column: 12 }];
    for (const [name, line] of [
      ['here', 6],
      ['there', 2],
    ] as const) {
      const query = { kind: 'variable', name, from, properties: ['rows'] } as const;
      const found = await locateDeclaration(locator, query);
      assert.deepEqual([found?.position.line, found?.isWhole], [line, true]);
    }
  });

  it('finds modules of a bundle that are evaluated one by one, below the folder of the program', async () => {
    const built = compileTypeScript(ts.ModuleKind.CommonJS, ts.ScriptTarget.ES2022);
    const map = built.map.replace('"service.ts"', '"webpack://shop/./service.ts?1a2b"');
    const locator = new SourceLocator([
      { scriptId: 1, url: pathToFileURL(path.join(folder, 'dist', 'main.js')).href, sourceMapUrl: '' },
      {
        scriptId: 7,
        url: 'webpack-internal:///./service.ts',
        sourceMapUrl: `data:application/json;base64,${Buffer.from(map).toString('base64')}`,
        source: built.code,
      },
    ]);
    await expectAt(locator, { kind: 'export', name: 'responses', scriptId: 7 }, 'responses = new Map');
  });

  it('answers null for what the script does not declare', async () => {
    const built = compileTypeScript(ts.ModuleKind.ESNext, ts.ScriptTarget.ES2022);
    const locator = locatorFor(built, false);
    const from = [locate(built.code, /\badd(?=\(entry\))/)];
    assert.equal(await locateDeclaration(locator, { kind: 'variable', name: 'nowhere', from }), null);
    assert.equal(await locateDeclaration(locator, { kind: 'export', name: 'x', scriptId: 99 }), null);
  });

  it('falls back to the script that ran when its original file is not on this disk', async () => {
    const built = compileTypeScript(ts.ModuleKind.ESNext, ts.ScriptTarget.ES2022);
    const map = built.map.replace('"service.ts"', '"gone/away.ts"');
    const locator = locatorFor({ code: built.code, map }, false);
    const found = await locateDeclaration(locator, { kind: 'export', name: 'responses', scriptId: 7 });
    assert.equal(found?.position.file, path.join(folder, 'service.js'));
  });

  it('reads indexed maps, with sections', async () => {
    const built = compileTypeScript(ts.ModuleKind.ESNext, ts.ScriptTarget.ES2022);
    const map = JSON.stringify({
      version: 3,
      sections: [{ offset: { line: 0, column: 0 }, map: JSON.parse(built.map) }],
    });
    const locator = locatorFor({ code: built.code, map }, true);
    await expectAt(locator, { kind: 'export', name: 'responses', scriptId: 7 }, 'responses = new Map');
  });
});

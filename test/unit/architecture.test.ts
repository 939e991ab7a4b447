import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../host/cache-folder';

/** Who may import whom; docs/architecture.md says why. `vscode` stands for the editor's API. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  snapshot: ['protocol'],
  inspector: ['protocol'],
  source: ['protocol'],
  code: ['protocol'],
  allocations: ['protocol', 'source'],
  history: ['protocol'],
  modules: ['protocol', 'source'],
  leaks: ['protocol', 'snapshot', 'inspector', 'source'],
  features: [
    'protocol',
    'snapshot',
    'inspector',
    'source',
    'code',
    'allocations',
    'history',
    'modules',
    'leaks',
    'vscode',
  ],
  webview: ['protocol'],
  cli: ['protocol', 'snapshot', 'inspector', 'source', 'code', 'leaks'],
  // The entry of the extension, which stands in no room.
  'extension.ts': ['features', 'vscode'],
};
const source = path.join(projectRoot(), 'src');

interface Import {
  readonly from: string;
  readonly room: string;
  readonly specifier: string;
  /** Room, or name of a package. */
  readonly to: string;
  /** The imported file of ours, from src on; none for packages and styles. */
  readonly file: string | undefined;
}

function files(): string[] {
  return fs
    .readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
}

/** Every import of a file, whether written as `import`, `export from`, `import()` or `require`. */
function importsOf(name: string): Import[] {
  const text = fs.readFileSync(path.join(source, name), 'utf8');
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return importedFiles.map(({ fileName: specifier }) => {
    const target = specifier.startsWith('.') ? path.join(path.dirname(name), specifier) : undefined;
    return {
      from: name,
      room: roomOf(name),
      specifier,
      to: target ? roomOf(target) : specifier,
      file: target && [`${target}.ts`, target].find((file) => file.endsWith('.ts') && exists(file)),
    };
  });
}

function exists(name: string): boolean {
  return fs.existsSync(path.join(source, name));
}

function roomOf(name: string): string {
  return name.split(path.sep)[0]!;
}

describe('architecture', () => {
  const imports = files().flatMap(importsOf);

  it('knows every room', () => {
    const rooms = new Set(files().map(roomOf));
    assert.deepEqual(
      [...rooms].filter((room) => !(room in ALLOWED)),
      [],
    );
    assert.ok(imports.length > 100, 'the imports were not read');
  });

  it('has rooms that import only what they may', () => {
    const wrong = imports.filter(
      ({ room, to, file }) => file !== undefined && to !== room && !ALLOWED[room]!.includes(to),
    );
    assert.deepEqual(wrong.map(describeImport), []);
  });

  it('keeps the editor out of all rooms below features', () => {
    const wrong = imports.filter(({ room, to }) => to === 'vscode' && !ALLOWED[room]!.includes('vscode'));
    assert.deepEqual(wrong.map(describeImport), []);
  });

  it('keeps Node out of whatever the webviews load', () => {
    const loaded = new Set(files().filter((name) => roomOf(name) === 'webview'));
    for (const name of loaded) {
      for (const { file } of imports.filter(({ from }) => from === name)) if (file) loaded.add(file);
    }
    assert.ok([...loaded].some((name) => roomOf(name) === 'protocol'));
    const wrong = imports.filter(({ from, to }) => loaded.has(from) && to.startsWith('node:'));
    assert.deepEqual(wrong.map(describeImport), []);
  });
});

function describeImport({ from, specifier }: Import): string {
  return `${from} imports ${specifier}`;
}

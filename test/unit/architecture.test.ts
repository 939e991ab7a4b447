import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../host/cache-folder';

/** Which rooms a room may import from, as docs/architecture.md has it. Its own files it always may. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  snapshot: ['protocol'],
  inspector: ['protocol'],
  source: ['protocol'],
  code: ['protocol'],
  leaks: ['protocol', 'snapshot', 'inspector', 'source'],
  features: ['protocol', 'snapshot', 'inspector', 'source', 'code', 'leaks'],
  webview: ['protocol'],
  cli: ['protocol', 'snapshot', 'inspector', 'source', 'code', 'leaks'],
};
const SRC = path.join(projectRoot(), 'src');

interface Import {
  readonly file: string;
  readonly room: string;
  readonly specifier: string;
}

function imports(): Import[] {
  return (fs.readdirSync(SRC, { recursive: true }) as string[])
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => {
      const text = fs.readFileSync(path.join(SRC, file), 'utf8');
      const room = file.includes(path.sep) ? file.split(path.sep)[0]! : 'extension.ts';
      return ts
        .preProcessFile(text, true, true)
        .importedFiles.map(({ fileName }) => ({ file, room, specifier: fileName }));
    });
}

describe('architecture', () => {
  const all = imports();

  it('reads the whole of src', () => {
    assert.ok(all.length > 200, `only ${all.length} imports`);
    assert.deepEqual(
      [...new Set(all.map(({ room }) => room))].filter((room) => room !== 'extension.ts').sort(),
      Object.keys(MAY_IMPORT).sort(),
    );
  });

  it('keeps vscode in features and extension.ts', () => {
    const strays = all.filter(
      ({ room, specifier }) => specifier === 'vscode' && room !== 'features' && room !== 'extension.ts',
    );
    assert.deepEqual(strays, []);
  });

  it('lets rooms import only the rooms they may', () => {
    const strays = all.filter(({ file, room, specifier }) => {
      if (!specifier.startsWith('.') || room === 'extension.ts') return false;
      const [target] = path.relative(SRC, path.join(SRC, path.dirname(file), specifier)).split(path.sep);
      // The version is read from package.json, which stands above all rooms.
      if (specifier.endsWith('/package.json')) return false;
      return target !== room && !(MAY_IMPORT[room] ?? []).includes(target!);
    });
    assert.deepEqual(strays, []);
  });
});

import assert from 'node:assert/strict';
import path from 'node:path';
import ts from 'typescript';
import { findGrowth, type SeriesSnapshot } from '../../../src/leaks/series';
import type { Finding } from '../../../src/protocol/findings';
import { SnapshotEngine } from '../../../src/snapshot/client';
import { nodeBinary } from '../../host/node-binary';
import { Program, workerFile } from '../../leaks/program';

const source = `import { EventEmitter } from 'node:events';

interface Entry { id: number; text: string }
let next = 0;
const entry = (): Entry => ({ id: ++next, text: 'entry ' + next });

const responses = new Map<string, Entry>();
export const exported = new Map<number, Entry>();
const state = { inner: { byName: Object.create(null) as Record<string, Entry> } };
const perTenant = new Map<number, Set<Entry>>();
const emitter = new EventEmitter();
emitter.setMaxListeners(0);
const bounded: Entry[] = [];
const filledOnce = new Map(Array.from({ length: 5000 }, (_, i) => [i, entry()]));
const metadata = new WeakMap<Entry, Entry[]>();

class Sessions {
  static active = new Set<Entry>();
  #waiting: Entry[] = [];
  add(one: Entry) {
    Sessions.active.add(one);
    this.#waiting.push(one);
  }
}
const sessions = new Sessions();

function makeLog() {
  const lines: Entry[] = [];
  return (one: Entry) => lines.push(one);
}
const log = makeLog();

(globalThis as any).work = (operations: number) => {
  for (let i = 0; i < operations; i++) {
    const one = entry();
    responses.set(one.text, entry());
    exported.set(one.id, entry());
    state.inner.byName['k' + one.id] = entry();
    const tenant = one.id % 5;
    if (!perTenant.has(tenant)) perTenant.set(tenant, new Set());
    perTenant.get(tenant)!.add(entry());
    emitter.on('change', () => one);
    bounded.push(entry());
    if (bounded.length > 100) bounded.shift();
    metadata.set(entry(), [entry()]);
    sessions.add(entry());
    log(entry());
  }
  return filledOnce.size;
};
setInterval(() => {}, 1000);
`;

const expected: readonly { name: string; kind: string; declared: string; holder: RegExp }[] = [
  { name: 'responses', kind: 'map', declared: 'const responses', holder: /variable of module service\.ts/ },
  { name: 'exported', kind: 'map', declared: 'const exported', holder: /module service\.ts/ },
  { name: 'state.inner.byName', kind: 'object', declared: 'byName: Object', holder: /module service\.ts/ },
  { name: 'perTenant[…]', kind: 'set', declared: 'const perTenant', holder: /module service\.ts/ },
  {
    name: 'emitter._events.change',
    kind: 'listeners',
    declared: 'const emitter',
    holder: /listeners of "change"/,
  },
  {
    name: 'Sessions.active',
    kind: 'set',
    declared: 'static active',
    holder: /static field of class Sessions/,
  },
  {
    name: 'Sessions.#waiting',
    kind: 'array',
    declared: '#waiting: Entry',
    holder: /field of class Sessions/,
  },
  { name: 'lines', kind: 'array', declared: 'const lines', holder: /inside function makeLog/ },
];

function lineOf(text: string): number {
  return source.slice(0, source.indexOf(text)).split('\n').length;
}

describe('leaks: growth over three snapshots', function () {
  this.timeout(120_000);
  const cases = [
    [18, ts.ModuleKind.CommonJS],
    [22, ts.ModuleKind.ESNext],
    [24, ts.ModuleKind.CommonJS],
    [26, ts.ModuleKind.ESNext],
  ] as const;
  for (const [major, module] of cases) {
    describe(`Node ${major}, ${ts.ModuleKind[module]}`, () => {
      const engine = new SnapshotEngine(workerFile);
      let program: Program;
      let findings: Finding[];

      before(async () => {
        const file = module === ts.ModuleKind.CommonJS ? 'service.cjs' : 'service.mjs';
        const { outputText, sourceMapText } = ts.transpileModule(source, {
          fileName: 'service.ts',
          compilerOptions: { module, target: ts.ScriptTarget.ES2022, sourceMap: true },
        });
        const text = outputText.replace(/sourceMappingURL=.*/, 'sourceMappingURL=service.map');
        const files = { [file]: text, 'service.map': sourceMapText!, 'service.ts': source };
        program = await Program.start(files, await nodeBinary(major));
        const series: SeriesSnapshot[] = [];
        for (let round = 0; round < 3; round++) {
          await program.work(300);
          series.push(await program.capture(engine));
        }
        findings = await findGrowth(engine, series);
      });
      after(async () => {
        await program?.dispose();
        await engine.dispose();
      });

      for (const { name, kind, declared, holder } of expected) {
        it(`names ${name} at the line that declares it`, () => {
          const found = findings.find((finding) => finding.name === name);
          assert.ok(found, `found: ${findings.map((finding) => finding.name).join(', ')}`);
          assert.equal(found.kind, kind);
          assert.equal(found.location?.file, path.join(program.folder, 'service.ts'));
          assert.equal(found.location?.line, lineOf(declared));
          assert.match(found.holder, holder);
          // The size of a dictionary is read off its store, to within a few slots.
          if (kind !== 'object') assert.deepEqual([...found.entries], [300, 600, 900]);
          else assert.ok(found.entries.every((count, i) => i === 0 || count >= found.entries[i - 1]! + 300));
          assert.ok(found.path.length > 1);
        });
      }

      it('names nothing else: no bounded, filled or weak collection, and nothing of Node', () => {
        const names = findings.map((finding) => finding.name).sort();
        assert.deepEqual(names, expected.map((one) => one.name).sort());
      });
    });
  }
});

import * as path from 'node:path';
import ts from 'typescript';
import type { RewriteResult, TextChange } from '../../protocol/code';
import { type Hand, handOf, statementEnd } from '../hand';
import type { Rewritten } from '../program/edited-program';
import type { ParsedFile } from '../program/parsed-file';
import { type ImportBinding, isTypePosition, type LazyImportCandidate } from '../smells/lazy-import';
import { isAssigned } from './assigned';
import { refuseToWait } from './await-hazards';
import { hasDefaultsOfNode } from './default-export';
import { cycleThrough } from './import-cycles';
import { type Removal, refuseRemoval, removalOf } from './import-removal';
import { type LoadForm, lazyFormOf } from './lazy-form';
import {
  asyncFunctionAround,
  asyncFunctionAroundLists,
  type FunctionWithBody,
  functionAround,
  isWithin,
  type LoadPlace,
  placeOf,
} from './lazy-place';
import { loadChanges, loading, startOfLoad, type TypeOfDefault } from './lazy-text';
import { isListed, listRemovalOf, refuseListRemoval } from './list-removal';
import { liveBinding } from './live-bindings';
import { refuseMocked } from './mocked-imports';

export const LOAD_LAZILY = { id: 'load-lazily', title: 'Load lazily' } as const;

/** Why an import cannot be moved into the functions that use it; null when it can. */
export function refuseLoadLazily(file: ParsedFile, candidate: LazyImportCandidate): string | null {
  const plan = planOf(file, candidate);
  return typeof plan === 'string' ? plan : null;
}

interface Plan {
  readonly form: LoadForm;
  readonly loads: readonly Load[];
}

/** One place that loads it, with what is needed there. */
interface Load extends LoadPlace {
  readonly bindings: readonly ImportBinding[];
}

interface Use {
  readonly binding: ImportBinding;
  readonly node: ts.Identifier;
}

/** Which functions load it and how, or why it cannot be. */
function planOf(file: ParsedFile, candidate: LazyImportCandidate): Plan | string {
  const { specifier, statement, bindings } = candidate;
  const mocked = refuseMocked(file, candidate);
  if (mocked) return mocked;
  const kept = isListed(candidate) ? refuseListRemoval(file, candidate) : refuseRemoval(file, statement);
  if (kept) return kept;
  const uses = bindings.flatMap((binding) =>
    binding.references.filter((node) => !isTypePosition(node)).map((node): Use => ({ binding, node })),
  );
  const written = uses.find(({ node }) => isAssigned(node));
  if (written) return `${written.binding.name.text} is given another value.`;
  const isSync = uses.some(({ node }) => asyncFunctionAround(node) === null);
  const form = lazyFormOf(file, candidate, isSync);
  if (form.kind === 'refused') return form.reason;
  const called = uses.find(({ binding, node }) => binding.imported === '*' && isCalled(node));
  if (form.kind === 'await' && called) {
    return `${called.binding.name.text} is called itself, and the module that import() gives cannot be called.`;
  }
  const cycle = cycleThrough(file, specifier, statement);
  if (cycle !== null) {
    return `${specifier} imports ${path.basename(cycle)} of this package in turn, and which of them is evaluated first would change.`;
  }
  const live = liveBinding(file, candidate);
  if (live !== null) {
    return `${specifier} gives ${live} another value while the program runs, which a constant would not see.`;
  }
  if (form.kind === 'await') {
    const around = awaitingPlan(file, form, uses, asyncFunctionAroundLists);
    return typeof around === 'string' ? awaitingPlan(file, form, uses, asyncFunctionAround) : around;
  }
  const loads = loadsOf(uses, functionAround);
  if (typeof loads === 'string') return loads;
  if (form.kind === 'created-require' && loads.some(({ host }) => isRequireTaken(file, host))) {
    return 'The name require already means something else in this file.';
  }
  return { form, loads };
}

function awaitingPlan(
  file: ParsedFile,
  form: LoadForm,
  uses: readonly Use[],
  hostOf: (node: ts.Node) => FunctionWithBody | null,
): Plan | string {
  const loads = loadsOf(uses, hostOf);
  if (typeof loads === 'string') return loads;
  const hazard = loads.map((load) => refuseToWait(file, load)).find((one) => one !== null);
  return hazard ?? { form, loads };
}

/** The places to load at, or why there are none. A function within another one that loads the same sees its bindings. */
function loadsOf(
  uses: readonly Use[],
  hostOf: (node: ts.Node) => FunctionWithBody | null,
): readonly Load[] | string {
  const byFunction = new Map<FunctionWithBody, Set<ImportBinding>>();
  for (const { binding, node } of uses) {
    const host = hostOf(node);
    if (!host) return `${binding.name.text} is used outside of a function.`;
    if (isParameterDefault(node, host)) return `${binding.name.text} is used in the default of a parameter.`;
    byFunction.set(host, (byFunction.get(host) ?? new Set()).add(binding));
  }
  const hosts = [...byFunction].filter(([host, needed]) => !coveredAbove(host, needed, byFunction));
  return hosts.map(([host, bindings]) => {
    const here = uses.filter(({ node }) => isWithin(node, host));
    return {
      ...placeOf(
        host,
        here.map(({ node }) => node),
      ),
      bindings: [...bindings],
    };
  });
}

function coveredAbove(
  host: FunctionWithBody,
  bindings: ReadonlySet<ImportBinding>,
  byFunction: ReadonlyMap<FunctionWithBody, ReadonlySet<ImportBinding>>,
): boolean {
  return [...byFunction].some(
    ([other, theirs]) =>
      other !== host && isWithin(host, other) && [...bindings].every((one) => theirs.has(one)),
  );
}

/** Takes the import out of the module and loads it where functions use it. */
export function loadLazily(file: ParsedFile, candidate: LazyImportCandidate): Rewritten {
  const plan = planOf(file, candidate);
  if (typeof plan === 'string') return { kind: 'refused', reason: plan };
  // To an ES module of Node a default import is the whole, and the types say so where they are read as Node's.
  const isSaidWhole = plan.form.kind === 'created-require' && hasDefaultsOfNode(file.file);
  if (!plan.form.isDefaultWhole || isSaidWhole) return editsOf(file, candidate, plan, 'module');
  const otherwise = () => editsOf(file, candidate, plan, 'module');
  return { ...editsOf(file, candidate, plan, 'default'), otherwise };
}

function editsOf(
  file: ParsedFile,
  candidate: LazyImportCandidate,
  { form, loads }: Plan,
  typeOfDefault: TypeOfDefault,
): RewriteResult {
  const hand = handOf(file);
  const removal = isListed(candidate) ? listRemovalOf(file, candidate) : removalOf(file, candidate, hand);
  const changes = [
    ...(form.kind === 'created-require'
      ? withCreatedRequire(file, candidate, removal.change, hand)
      : [removal.change]),
    ...loads.flatMap((load, index) => {
      const below = load.before ? startOfLoad(load.before, file.source) : file.text.length;
      const semicolon = statementEnd(hand, file.text, below);
      const lines = loading(file, candidate, load.bindings, { ...hand, semicolon }, form, typeOfDefault);
      return loadChanges(
        file,
        load,
        index === 0 ? withComments(lines, removal) : [...removal.types, ...lines],
        hand,
      );
    }),
  ];
  // What ends where another one goes on stands within it.
  changes.sort((a, b) => a.start - b.start || a.end - b.end);
  return { kind: 'edits', edits: [{ file: file.file, create: false, changes }], dependency: null };
}

function withComments(lines: readonly string[], { above, behind }: Removal): string[] {
  const last = lines.length - 1;
  return [...above, ...lines.map((line, index) => (behind && index === last ? `${line} ${behind}` : line))];
}

/**
 * Makes `require` of an ES module: `const require = createRequire(import.meta.url)` below the last import, or in the place
 * of the only one; nothing where the file has it already.
 */
function withCreatedRequire(
  file: ParsedFile,
  { statement }: LazyImportCandidate,
  removal: TextChange,
  hand: Hand,
): TextChange[] {
  if (CREATED_REQUIRE.test(file.text)) return [removal];
  const imports = file.source.statements.filter(ts.isImportDeclaration);
  const last = imports.filter((one) => one !== statement).at(-1);
  const added = /\bcreateRequire\b/.test(file.text)
    ? ''
    : `import { createRequire } from ${hand.quote}node:module${hand.quote}${hand.semicolon}${hand.lineEnd}`;
  const made = `const require = createRequire(import.meta.url)${hand.semicolon}`;
  if (last) {
    const end = hand.semicolon === statementEnd(hand, file.text, last.end) ? '' : ';';
    const text = hand.lineEnd + added + hand.lineEnd + made + end;
    return [removal, { start: last.end, end: last.end, text }];
  }
  // An `import type` that stays in its place keeps its line among the imports.
  const types = removal.text === '' ? '' : removal.text + hand.lineEnd;
  const end = removal.text === '' ? hand.lineEnd.repeat(2) : '';
  return [{ ...removal, text: `${added}${types}${hand.lineEnd}${made}${end}`.trimStart() }];
}

const CREATED_REQUIRE = /\bconst require = createRequire\(/;

/** Something else of that name in the module, or around the place that is to use it. */
function isRequireTaken({ checker, source, text }: ParsedFile, host: ts.Node): boolean {
  const symbol = checker.resolveName('require', host, ts.SymbolFlags.Value, false);
  const declared = symbol?.declarations?.filter((one) => one.getSourceFile() === source) ?? [];
  return (
    declared.length > 0 &&
    !(CREATED_REQUIRE.test(text) && declared.every((one) => CREATED.test(one.getText())))
  );
}

const CREATED = /^require = createRequire\(/;

function isCalled(node: ts.Node): boolean {
  return (
    (ts.isCallExpression(node.parent) || ts.isNewExpression(node.parent)) && node.parent.expression === node
  );
}

function isParameterDefault(node: ts.Node, host: FunctionWithBody): boolean {
  return !isWithin(node, host.body);
}

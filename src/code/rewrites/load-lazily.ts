import ts from 'typescript';
import type { RewriteResult, TextChange } from '../../protocol/code';
import { type Hand, handOf, indentAt } from '../hand';
import { rulesAgainstRequire } from '../program/lint-configuration';
import { hasModifier, type ParsedFile } from '../program/parsed-file';
import { type ImportBinding, isTypePosition, type LazyImportCandidate } from '../smells/lazy-import';
import { type LazyForm, lazyFormOf } from './lazy-form';

export const LOAD_LAZILY = { id: 'load-lazily', title: 'Load lazily' } as const;

type FunctionWithBody = ts.FunctionLikeDeclaration & { readonly body: ts.ConciseBody };

/** Why an import cannot be moved into the functions that use it; null when it can. */
export function refuseLoadLazily(file: ParsedFile, candidate: LazyImportCandidate): string | null {
  const plan = planOf(file, candidate);
  return typeof plan === 'string' ? plan : null;
}

interface Plan {
  readonly kind: Exclude<LazyForm['kind'], 'refused'>;
  /** The functions that load it, each with what it needs; one inside another that loads the same is left out. */
  readonly hosts: readonly (readonly [FunctionWithBody, readonly ImportBinding[]])[];
}

/** Which functions load it and how, or why it cannot be. */
function planOf(file: ParsedFile, candidate: LazyImportCandidate): Plan | string {
  const { specifier, statement, bindings } = candidate;
  if (isMocked(file, specifier))
    return `Tests put something else in the place of ${specifier}, which they do when it is imported.`;
  if (hasDirectiveAbove(file, statement))
    return 'The comment above the import is a directive that belongs to it.';
  const uses = bindings.flatMap((binding) =>
    binding.references.filter((node) => !isTypePosition(node)).map((node) => ({ binding, node })),
  );
  const isSync = uses.some(({ node }) => nearestAsync(node) === null);
  const form = lazyFormOf(file, candidate, isSync);
  if (form.kind === 'refused') return form.reason;
  const called = uses.find(({ binding, node }) => binding.imported === '*' && isCalled(node));
  if (form.kind !== 'require' && called) {
    return `${called.binding.name.text} is called itself, and the module that import() gives cannot be called.`;
  }
  const byFunction = new Map<FunctionWithBody, ImportBinding[]>();
  for (const { binding, node } of uses) {
    const host = form.kind === 'await' ? nearestAsync(node) : nearestFunction(node);
    if (!host) return `${binding.name.text} is used outside of a function.`;
    if (isParameterDefault(node, host)) return `${binding.name.text} is used in the default of a parameter.`;
    const needed = byFunction.get(host) ?? [];
    if (!needed.includes(binding)) needed.push(binding);
    byFunction.set(host, needed);
  }
  const hosts = [...byFunction].filter(([host, needed]) => !coveredAbove(host, needed, byFunction));
  return { kind: form.kind, hosts };
}

/** `jest.mock('m')`, `vi.mock('m')`, `proxyquire`, `rewire`: they act where the module is imported. */
function isMocked({ others }: ParsedFile, specifier: string): boolean {
  const mentions = [`'${specifier}'`, `"${specifier}"`];
  return (others ?? []).some(
    ({ text }) =>
      /\b(jest|vi)\.(do)?mock\(|proxyquire|rewire|mock\.module\(/.test(text) &&
      mentions.some((one) => text.includes(one)),
  );
}

/** `// @ts-expect-error` and its like mean the line below them. */
function hasDirectiveAbove({ text, source }: ParsedFile, statement: ts.Statement): boolean {
  const above = text.slice(0, statement.getStart(source)).split('\n').at(-2) ?? '';
  return /^\s*(\/\/|\/\*)\s*(@ts-(ignore|expect-error)|eslint-disable-next-line|biome-ignore|prettier-ignore)/.test(
    above,
  );
}

/** Takes the import out of the module and loads it at the start of each function that uses it. */
export function loadLazily(file: ParsedFile, candidate: LazyImportCandidate): RewriteResult {
  const plan = planOf(file, candidate);
  if (typeof plan === 'string') return { kind: 'refused', reason: plan };
  const hand = handOf(file);
  const removal = importChange(file, candidate, hand);
  const changes = [
    ...(plan.kind === 'created-require' ? withCreatedRequire(file, candidate, removal, hand) : [removal]),
    ...plan.hosts.flatMap(([host, bindings]) =>
      loadChanges(file, host, loading(file, candidate, bindings, hand, plan.kind), hand),
    ),
  ];
  changes.sort((a, b) => a.start - b.start);
  return { kind: 'edits', edits: [{ file: file.file, create: false, changes }], dependency: null };
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
  if (/\bconst require = createRequire\(/.test(file.text)) return [removal];
  const imports = file.source.statements.filter(ts.isImportDeclaration);
  const last = imports.filter((one) => one !== statement).at(-1);
  const added = /\bcreateRequire\b/.test(file.text)
    ? ''
    : `import { createRequire } from ${hand.quote}node:module${hand.quote}${hand.semicolon}${hand.lineEnd}`;
  const made = `${added}${hand.lineEnd}const require = createRequire(import.meta.url)${hand.semicolon}`;
  if (last) return [removal, { start: last.end, end: last.end, text: hand.lineEnd + made }];
  return [{ ...removal, text: made.trimStart() + hand.lineEnd.repeat(2) + removal.text }];
}

/** A function within another one that loads the same already sees its bindings. */
function coveredAbove(
  host: FunctionWithBody,
  bindings: readonly ImportBinding[],
  byFunction: ReadonlyMap<FunctionWithBody, readonly ImportBinding[]>,
): boolean {
  for (const [other, theirs] of byFunction) {
    if (
      other !== host &&
      other.pos <= host.pos &&
      other.end >= host.end &&
      bindings.every((one) => theirs.includes(one))
    ) {
      return true;
    }
  }
  return false;
}

/** `const { a, b: c } = await import('m')` and its forms, a line each. */
function loading(
  file: ParsedFile,
  { specifier, bindings: all }: LazyImportCandidate,
  bindings: readonly ImportBinding[],
  hand: Hand,
  kind: Plan['kind'],
): string {
  const quoted = `${hand.quote}${specifier}${hand.quote}`;
  const isTyped = /\.[cm]?tsx?$/.test(file.file);
  const typed = (type: string) => `require(${quoted})${isTyped ? ` as ${type}` : ''}`;
  const call = {
    await: `await import(${quoted})`,
    require: `require(${quoted})`,
    'typed-require': `require(${quoted}) as typeof import(${quoted})`,
    'created-require': typed(`typeof import(${quoted})`),
  }[kind];
  // What `require` gives is the default export of a CommonJS package.
  const isWhole = ({ imported }: ImportBinding) =>
    imported === '*' || (imported === 'default' && kind === 'created-require');
  const whole = bindings.find(isWhole);
  const lines: string[] = [];
  if (whole) {
    const value = whole.imported === 'default' ? typed(`(typeof import(${quoted}))['default']`) : call;
    lines.push(`const ${whole.name.text} = ${value}${hand.semicolon}`);
  }
  const named = all
    .filter((one) => bindings.includes(one) && !isWhole(one))
    .map(({ name, imported }) => (imported === name.text ? imported : `${imported}: ${name.text}`));
  if (named.length > 0) lines.push(`const { ${named.join(', ')} } = ${call}${hand.semicolon}`);
  const rules = kind === 'await' ? [] : rulesAgainstRequire(file.file);
  const silenced = rules.length > 0 ? `// eslint-disable-next-line ${rules.join(', ')}` : null;
  return lines.flatMap((line) => (silenced ? [silenced, line] : [line])).join('\n');
}

/** The import goes, with its line; what the file uses as a type stays as `import type`. */
function importChange(file: ParsedFile, candidate: LazyImportCandidate, hand: Hand): TextChange {
  const { statement } = candidate;
  const start = statement.getStart(file.source);
  const shortened = shortenedList(file, candidate);
  if (shortened) return shortened;
  const kept = typeImports(candidate, hand);
  if (kept.length > 0) return { start, end: statement.getEnd(), text: kept.join(hand.lineEnd) };
  // With the last import goes the blank line below it.
  const isOnly = !file.source.statements.some((one) => one !== statement && ts.isImportDeclaration(one));
  const line = isOnly && start === 0 ? /^[ \t]*(\r?\n)*/ : /^[ \t]*(\r?\n)?/;
  const lineEnd = line.exec(file.text.slice(statement.getEnd()))?.[0].length ?? 0;
  return { start, end: statement.getEnd() + lineEnd, text: '' };
}

/** A list over several lines stays one: `type` in front of it, and out of it the names that are loaded later. */
function shortenedList(file: ParsedFile, { statement, bindings }: LazyImportCandidate): TextChange | null {
  if (!ts.isImportDeclaration(statement) || !statement.importClause || statement.importClause.name)
    return null;
  const list = statement.importClause.namedBindings;
  if (!list || !ts.isNamedImports(list) || !list.getText(file.source).includes('\n')) return null;
  const isLoaded = (element: ts.ImportSpecifier) =>
    bindings.some(({ name, references }) => name === element.name && !references.some(isTypePosition));
  const kept = list.elements.filter((element) => !element.isTypeOnly && !isLoaded(element));
  const types = list.elements.filter((element) => element.isTypeOnly);
  if (kept.length + types.length === 0) return null;
  const start = statement.getStart(file.source);
  let text = '';
  let at = start;
  for (const element of list.elements) {
    if (!isLoaded(element)) continue;
    // With its comma, and with its line where it has one to itself.
    text += file.text.slice(at, element.getFullStart());
    at = element.end + (/^\s*,/.exec(file.text.slice(element.end))?.[0].length ?? 0);
  }
  text += file.text.slice(at, statement.end);
  return {
    start,
    end: statement.end,
    text: text.replace(/^import\s+\{/, 'import type {').replaceAll(/(?<=[{,]\s*)type\s+(?=\w)/g, ''),
  };
}

/** `import type` takes a default or names, but not both: a statement for each form that is needed. */
function typeImports({ bindings, types, specifier }: LazyImportCandidate, hand: Hand): string[] {
  const used = bindings.filter(({ references }) => references.some(isTypePosition));
  const named = used
    .filter(({ imported }) => imported !== '*' && imported !== 'default')
    .map(({ name, imported }) => (imported === name.text ? imported : `${imported} as ${name.text}`));
  const clauses = used
    .filter(({ imported }) => imported === '*' || imported === 'default')
    .map(({ name, imported }) => (imported === '*' ? `* as ${name.text}` : name.text));
  const names = [...named, ...types];
  if (names.length > 0) clauses.push(`{ ${names.join(', ')} }`);
  const quoted = `${hand.quote}${specifier}${hand.quote}`;
  return clauses.map((clause) => `import type ${clause} from ${quoted}${hand.semicolon}`);
}

function loadChanges(file: ParsedFile, host: FunctionWithBody, load: string, hand: Hand): TextChange[] {
  const { body } = host;
  const inner = indentAt(file.text, host.getStart(file.source)) + hand.indent;
  const lines = load
    .split('\n')
    .map((line) => hand.lineEnd + inner + line)
    .join('');
  if (ts.isBlock(body)) {
    const at = body.getStart(file.source) + 1;
    return [
      { start: at, end: at, text: isEmptyAfter(file.text, at) ? lines : `${lines}${hand.lineEnd}${inner}` },
    ];
  }
  const outer = indentAt(file.text, host.getStart(file.source));
  return [
    {
      start: body.getStart(file.source),
      end: body.getStart(file.source),
      text: `{${lines}${hand.lineEnd}${inner}return `,
    },
    { start: body.getEnd(), end: body.getEnd(), text: `${hand.semicolon}${hand.lineEnd}${outer}}` },
  ];
}

/** Nothing but white space up to the end of the line. */
function isEmptyAfter(text: string, at: number): boolean {
  return /^[ \t]*\r?\n/.test(text.slice(at));
}

function nearestFunction(node: ts.Node): FunctionWithBody | null {
  const found = ts.findAncestor(node, (around) => isFunctionWithBody(around));
  return (found as FunctionWithBody | undefined) ?? null;
}

/** Callbacks within an async function see what it loaded. */
function nearestAsync(node: ts.Node): FunctionWithBody | null {
  const found = ts.findAncestor(
    node,
    (around) =>
      isFunctionWithBody(around) &&
      ts.canHaveModifiers(around) &&
      hasModifier(around, ts.SyntaxKind.AsyncKeyword) &&
      !(around as ts.FunctionDeclaration).asteriskToken,
  );
  return (found as FunctionWithBody | undefined) ?? null;
}

function isFunctionWithBody(node: ts.Node): node is FunctionWithBody {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

function isCalled(node: ts.Node): boolean {
  return (
    (ts.isCallExpression(node.parent) || ts.isNewExpression(node.parent)) && node.parent.expression === node
  );
}

function isParameterDefault(node: ts.Node, host: FunctionWithBody): boolean {
  const parameter = ts.findAncestor(node, ts.isParameter);
  return parameter !== undefined && parameter.parent === host;
}

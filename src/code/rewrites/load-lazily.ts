import ts from 'typescript';
import type { RewriteResult, TextChange } from '../../protocol/code';
import { type Hand, handOf, indentAt } from '../hand';
import { hasModifier, type ParsedFile } from '../program/parsed-file';
import { type ImportBinding, isTypePosition, type LazyImportCandidate } from '../smells/lazy-import';

export const LOAD_LAZILY = { id: 'load-lazily', title: 'Load lazily' } as const;

type FunctionWithBody = ts.FunctionLikeDeclaration & { readonly body: ts.ConciseBody };

/** Why an import cannot be moved into the functions that use it; null when it can. */
export function refuseLoadLazily(candidate: LazyImportCandidate): string | null {
  const isRequire = ts.isVariableStatement(candidate.statement);
  for (const { name, imported, references } of candidate.bindings) {
    for (const reference of references) {
      if (isTypePosition(reference)) continue;
      if (!isRequire && imported === '*' && isCalled(reference)) {
        return `${name.text} is called itself, and the module that import() gives cannot be called.`;
      }
      const host = isRequire ? nearestFunction(reference) : nearestAsync(reference);
      if (host === null) {
        return `${name.text} is used in a function that is not async, which cannot wait for import().`;
      }
      if (isParameterDefault(reference, host)) return `${name.text} is used in the default of a parameter.`;
    }
  }
  return null;
}

/** Takes the import out of the module and loads it at the start of each function that uses it. */
export function loadLazily(file: ParsedFile, candidate: LazyImportCandidate): RewriteResult {
  const refusal = refuseLoadLazily(candidate);
  if (refusal) return { kind: 'refused', reason: refusal };
  const hand = handOf(file);
  const isRequire = ts.isVariableStatement(candidate.statement);
  const byFunction = new Map<FunctionWithBody, ImportBinding[]>();
  for (const binding of candidate.bindings) {
    for (const reference of binding.references) {
      if (isTypePosition(reference)) continue;
      const host = isRequire ? nearestFunction(reference) : nearestAsync(reference);
      if (!host) continue;
      const bindings = byFunction.get(host) ?? [];
      if (!bindings.includes(binding)) bindings.push(binding);
      byFunction.set(host, bindings);
    }
  }
  const hosts = [...byFunction].filter(([host, bindings]) => !coveredAbove(host, bindings, byFunction));
  const changes = [
    importChange(file, candidate, hand),
    ...hosts.flatMap(([host, bindings]) => loadChanges(file, host, loading(candidate, bindings, hand), hand)),
  ];
  changes.sort((a, b) => a.start - b.start);
  return { kind: 'edits', edits: [{ file: file.file, create: false, changes }], dependency: null };
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

/** `const { a, b: c } = await import('m')` and its forms. */
function loading(
  { specifier, statement }: LazyImportCandidate,
  bindings: readonly ImportBinding[],
  hand: Hand,
): string {
  const quoted = `${hand.quote}${specifier}${hand.quote}`;
  const call = ts.isVariableStatement(statement) ? `require(${quoted})` : `await import(${quoted})`;
  const namespace = bindings.find(({ imported }) => imported === '*');
  const lines: string[] = [];
  if (namespace) lines.push(`const ${namespace.name.text} = ${call}${hand.semicolon}`);
  const named = bindings
    .filter(({ imported }) => imported !== '*')
    .map(({ name, imported }) => (imported === name.text ? imported : `${imported}: ${name.text}`));
  if (named.length > 0) lines.push(`const { ${named.join(', ')} } = ${call}${hand.semicolon}`);
  return lines.join('\n');
}

/** The import goes, with its line; what the file uses as a type stays as `import type`. */
function importChange(file: ParsedFile, candidate: LazyImportCandidate, hand: Hand): TextChange {
  const { statement } = candidate;
  const start = statement.getStart(file.source);
  const kept = typeImports(candidate, hand);
  if (kept.length > 0) return { start, end: statement.getEnd(), text: kept.join(hand.lineEnd) };
  const lineEnd = /^[ \t]*(\r?\n)?/.exec(file.text.slice(statement.getEnd()))?.[0].length ?? 0;
  return { start, end: statement.getEnd() + lineEnd, text: '' };
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

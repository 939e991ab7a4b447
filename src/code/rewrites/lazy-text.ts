import ts from 'typescript';
import type { TextChange } from '../../protocol/code';
import { type Hand, indentAt } from '../hand';
import { rulesAgainstRequire } from '../program/lint-configuration';
import type { ParsedFile } from '../program/parsed-file';
import type { ImportBinding, LazyImportCandidate } from '../smells/lazy-import';
import type { LoadForm } from './lazy-form';
import type { LoadPlace } from './lazy-place';

/** Where `require()` gives what a default import is: the type of it, or that of all that the module is said to export. */
export type TypeOfDefault = 'default' | 'module';

/** `const { a, b: c } = await import('m')` and its forms, a line each. */
export function loading(
  file: ParsedFile,
  { specifier, bindings: all }: LazyImportCandidate,
  bindings: readonly ImportBinding[],
  hand: Hand,
  { kind, isDefaultWhole }: LoadForm,
  typeOfDefault: TypeOfDefault,
): string[] {
  const quoted = `${hand.quote}${specifier}${hand.quote}`;
  const isTyped = /\.[cm]?tsx?$/.test(file.file);
  const typed = (type: string) => `require(${quoted})${isTyped ? ` as ${type}` : ''}`;
  const module = `typeof import(${quoted})`;
  const call = {
    await: `await import(${quoted})`,
    require: `require(${quoted})`,
    'typed-require': typed(module),
    'created-require': typed(module),
  }[kind];
  const isWhole = ({ imported }: ImportBinding) =>
    imported === '*' || imported === '=' || (imported === 'default' && isDefaultWhole);
  const whole = bindings.find(isWhole);
  const lines: string[] = [];
  if (whole) {
    const isOfDefault = whole.imported === 'default' && typeOfDefault === 'default';
    const value = isOfDefault ? typed(`(${module})['default']`) : call;
    lines.push(`${hand.constant} ${whole.name.text} = ${value}${hand.semicolon}`);
  }
  const named = all
    .filter((one) => bindings.includes(one) && !isWhole(one))
    .map(({ name, imported }) => (imported === name.text ? imported : `${imported}: ${name.text}`));
  const source = whole?.imported === '*' ? whole.name.text : call;
  if (named.length > 0) lines.push(`${hand.constant} { ${named.join(', ')} } = ${source}${hand.semicolon}`);
  const rules = kind === 'await' ? [] : rulesAgainstRequire(file.file);
  const silenced = rules.length > 0 ? `// eslint-disable-next-line ${rules.join(', ')}` : null;
  return lines.flatMap((line) => (silenced && line.includes('require(') ? [silenced, line] : [line]));
}

/** The changes that put lines in front of the first use, with braces where an arrow has none. Nothing else goes away. */
export function loadChanges(
  { text, source }: ParsedFile,
  { host, block, before }: LoadPlace,
  lines: readonly string[],
  hand: Hand,
): TextChange[] {
  if (!block) return bracedBody(text, host.body as ts.Expression, source, lines, hand);
  const open = block.getStart(source) + 1;
  const outer = hand.lineEnd + indentAt(text, open - 1);
  const inner = outer + hand.indent;
  if (!block.getText(source).includes('\n'))
    return unfolded(text, block, before, lines, { open, outer, inner });
  if (!before) return [{ start: open, end: open, text: lines.map((line) => inner + line).join('') }];
  const at = startOfLoad(before, source);
  const lineStart = text.lastIndexOf('\n', at) + 1;
  if (text.slice(lineStart, at).trim() === '') {
    const indent = text.slice(lineStart, at);
    return [{ start: at, end: at, text: lines.map((line) => line + hand.lineEnd + indent).join('') }];
  }
  // Behind the brace or another statement of its line.
  const behind = endBefore(block, before, source);
  const isInLineOfBrace = !text.slice(open, behind).includes('\n');
  return [ownLines(text, behind, lines, isInLineOfBrace ? inner : hand.lineEnd + indentAt(text, behind))];
}

/** The line breaks of a block that gets lines of its own. */
interface Breaks {
  readonly open: number;
  readonly outer: string;
  readonly inner: string;
}

/** `{ count++; return heavy(x); }` over several lines: what is there before the first use stays before it. */
function unfolded(
  text: string,
  block: ts.Block,
  before: ts.Statement | null,
  lines: readonly string[],
  { open, outer, inner }: Breaks,
): TextChange[] {
  const at = before ? endBefore(block, before, block.getSourceFile()) : open;
  const close = block.end - 1;
  const isFirst = text.slice(open, at).trim() === '';
  const load = ownLines(text, at, lines, inner);
  const blanks = /\s*$/.exec(text.slice(load.end, close))![0].length;
  return [
    ...(isFirst ? [] : [{ ...blanksAt(text, open), text: inner }]),
    load,
    { start: close - blanks, end: close, text: outer },
  ];
}

/** Lines behind `at`, and what follows there below them. */
function ownLines(text: string, at: number, lines: readonly string[], lineStart: string): TextChange {
  return { ...blanksAt(text, at), text: [...lines.map((line) => lineStart + line), lineStart].join('') };
}

function blanksAt(text: string, at: number): { readonly start: number; readonly end: number } {
  return { start: at, end: at + /^[ \t]*/.exec(text.slice(at))![0].length };
}

/** Where what stands in front of a statement ends: the brace, or the statement before it. */
function endBefore(block: ts.Block, statement: ts.Statement, source: ts.SourceFile): number {
  const previous = block.statements[block.statements.indexOf(statement) - 1];
  return previous?.end ?? block.getStart(source) + 1;
}

/** A statement with what belongs to it: the comments right above it, or in front of it, and the semicolon of `;[a, b].map(…)`. */
export function startOfLoad(statement: ts.Statement, source: ts.SourceFile): number {
  const { text } = source;
  let start = statement.getStart(source);
  const semicolon = /\n[ \t]*;[ \t]*$/.exec(text.slice(0, start));
  if (semicolon) return text.indexOf(';', semicolon.index);
  const comments = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  for (const comment of comments.toReversed()) {
    if (text.slice(comment.end, start).split('\n').length > 2) break;
    start = comment.pos;
  }
  return start;
}

/** `(x) => value` gets braces; brackets around an object have done their work then, unless comments stand there. */
function bracedBody(
  text: string,
  body: ts.Expression,
  source: ts.SourceFile,
  lines: readonly string[],
  hand: Hand,
): TextChange[] {
  const start = startOnLine(text, body, source);
  const value = start === body.getStart(source) ? withoutBrackets(text, body, source) : body;
  const outer = indentAt(text, body.parent.getStart(source));
  const inner = hand.lineEnd + outer + hand.indent;
  return [
    {
      start,
      end: value === body ? start : value.getStart(source),
      text: `{${lines.map((line) => inner + line).join('')}${inner}return `,
    },
    { start: value.end, end: body.end, text: `${hand.semicolon}${hand.lineEnd}${outer}}` },
  ];
}

/** The body with the comment in front of it, which may say its type; one on a line above stays there. */
function startOnLine(text: string, body: ts.Expression, source: ts.SourceFile): number {
  const start = body.getStart(source);
  const gap = text.slice(body.getFullStart(), start);
  return gap.includes('\n') || gap.trim() === '' ? start : start - gap.trimStart().length;
}

function withoutBrackets(text: string, body: ts.Expression, source: ts.SourceFile): ts.Expression {
  if (!ts.isParenthesizedExpression(body)) return body;
  const { expression } = body;
  const around =
    text.slice(body.getStart(source) + 1, expression.getStart(source)) +
    text.slice(expression.end, body.end - 1);
  return around.trim() === '' ? expression : body;
}

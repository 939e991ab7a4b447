import ts from 'typescript';
import type { TextChange } from '../../protocol/code';
import { type Hand, indentAt } from '../hand';
import { rulesAgainstRequire } from '../program/lint-configuration';
import type { ParsedFile } from '../program/parsed-file';
import type { ImportBinding, LazyImportCandidate } from '../smells/lazy-import';
import type { LoadKind } from './lazy-form';
import type { LoadPlace } from './lazy-place';

/** `const { a, b: c } = await import('m')` and its forms, a line each. */
export function loading(
  file: ParsedFile,
  { specifier, bindings: all }: LazyImportCandidate,
  bindings: readonly ImportBinding[],
  hand: Hand,
  kind: LoadKind,
): string[] {
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
    imported === '*' || imported === '=' || (imported === 'default' && kind === 'created-require');
  const whole = bindings.find(isWhole);
  const lines: string[] = [];
  if (whole) {
    const value = whole.imported === 'default' ? typed(`(typeof import(${quoted}))['default']`) : call;
    lines.push(`const ${whole.name.text} = ${value}${hand.semicolon}`);
  }
  const named = all
    .filter((one) => bindings.includes(one) && !isWhole(one))
    .map(({ name, imported }) => (imported === name.text ? imported : `${imported}: ${name.text}`));
  const source = whole?.imported === '*' ? whole.name.text : call;
  if (named.length > 0) lines.push(`const { ${named.join(', ')} } = ${source}${hand.semicolon}`);
  const rules = kind === 'await' ? [] : rulesAgainstRequire(file.file);
  const silenced = rules.length > 0 ? `// eslint-disable-next-line ${rules.join(', ')}` : null;
  return lines.flatMap((line) => (silenced && line.includes('require(') ? [silenced, line] : [line]));
}

/** The changes that put lines in front of the first use, with braces where an arrow has none. */
export function loadChanges(
  { text, source }: ParsedFile,
  { host, block, before }: LoadPlace,
  lines: readonly string[],
  hand: Hand,
): TextChange[] {
  if (!block) return bracedBody(text, host.body as ts.Expression, source, lines, hand);
  const open = block.getStart(source) + 1;
  const isOneLine = !block.getText(source).includes('\n');
  if (isOneLine || !before) {
    const outer = indentAt(text, block.getStart(source));
    const inner = hand.lineEnd + outer + hand.indent;
    const first = before?.getStart(source) ?? open;
    const last = block.statements.at(-1)?.end ?? open;
    return [
      {
        start: open,
        end: first,
        text: `${lines.map((line) => inner + line).join('')}${before ? inner : ''}`,
      },
      ...(isOneLine ? [{ start: last, end: block.end - 1, text: hand.lineEnd + outer }] : []),
    ];
  }
  const at = startWithComments(before, source);
  const indent = indentAt(text, before.getStart(source));
  return [{ start: at, end: at, text: lines.map((line) => line + hand.lineEnd + indent).join('') }];
}

/** The comments right above a statement stay with it. */
function startWithComments(statement: ts.Statement, source: ts.SourceFile): number {
  let start = statement.getStart(source);
  const comments = ts.getLeadingCommentRanges(source.text, statement.getFullStart()) ?? [];
  for (const comment of comments.toReversed()) {
    if (source.text.slice(comment.end, start).split('\n').length !== 2) break;
    // One behind the brace or a statement before belongs there.
    if (/\S/.test(source.text.slice(source.text.lastIndexOf('\n', comment.pos) + 1, comment.pos))) break;
    start = comment.pos;
  }
  return start;
}

/** `(x) => value` gets braces; brackets around an object have done their work then. */
function bracedBody(
  text: string,
  body: ts.Expression,
  source: ts.SourceFile,
  lines: readonly string[],
  hand: Hand,
): TextChange[] {
  const value = ts.isParenthesizedExpression(body) ? body.expression : body;
  const outer = indentAt(text, body.parent.getStart(source));
  const inner = hand.lineEnd + outer + hand.indent;
  return [
    {
      start: body.getStart(source),
      end: value.getStart(source),
      text: `{${lines.map((line) => inner + line).join('')}${inner}return `,
    },
    { start: value.end, end: body.end, text: `${hand.semicolon}${hand.lineEnd}${outer}}` },
  ];
}

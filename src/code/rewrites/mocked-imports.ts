import * as path from 'node:path';
import type ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import type { LazyImportCandidate } from '../smells/lazy-import';

/** They say for which module something else is to be loaded. */
const MOCKS =
  /\b(jest|vi)\.(doM|m|unstable_m|setM)ock(Module)?\(|\bproxyquire\b|\brewire\b|\bmock\.module\(|\b(td|testdouble)\.replace|\besmock\b|\bmockery\b|\bquibble\b|\bmock-require\b|\bmockRequire\b|\brewiremock\b|\brequire-inject\b|\bsandboxed-module\b/;
/** What Node.js itself keeps modules in, and loads them with. */
const LOADER = [
  /\b(require\.cache|module\._cache)\[[^;]{0,300}?\](\.\w+)*\s*=(?!=)/i,
  /\b(assign|defineProperty|set)\(\s*(require\.cache|\w*module\._cache)\b/i,
  /(\b\w*module(\.constructor)?|\(['"](node:)?module['"]\))\.(_load|_resolveFilename|prototype\.require)\s*=(?!=)/i,
  /\(\s*\w*module(\.prototype)?,\s*['"](_load|_resolveFilename|require)['"]/i,
];
/** They get the modules as an object, in which names need no quotes: `proxyquire('./a', { heavy: fake })`. */
const TAKES_OBJECT = /\bproxyquire\b|\besmock\b|\brewiremock\b|\brequire-inject\b|\bsandboxed-module\b/;

/**
 * Why tests would see another thing than before: they replace a module, or a variable of the file that has it, where it is
 * imported. What is loaded later comes when they have put it back, or from where they do not look. Null where they do not.
 */
export function refuseMocked(
  file: ParsedFile,
  { specifier, bindings }: Pick<LazyImportCandidate, 'specifier' | 'bindings'>,
): string | null {
  const others = file.others ?? [];
  if (others.some(({ text }) => isReplaced(text, specifier)))
    return `Tests put something else in the place of ${specifier}, which they do when it is imported.`;
  const rewired = bindings.find(({ name }) => others.some((other) => isRewired(other, file.file, name.text)));
  return rewired
    ? `Tests put something else in the place of ${rewired.name.text}, which they do in the variable that the import gives.`
    : null;
}

/** `jest.mock('m')`, `proxyquire('./a', { m })`, `require.cache[require.resolve('m')] = …`, `Module._load = …`. */
function isReplaced(text: string, specifier: string): boolean {
  if (!MOCKS.test(text) && !LOADER.some((one) => one.test(text))) return false;
  const word = escaped(specifier);
  // Of a package they may name a file, as `require.resolve('m/lib/index.js')`.
  if (new RegExp(`(['"\`])${word}(/[^'"\`\\n]*)?\\1`).test(text)) return true;
  return TAKES_OBJECT.test(text) && new RegExp(`[{,]\\s*${word}\\s*[:,}(]`).test(text);
}

/** `rewire('../lib/file')` and `module.__set__('name', …)`, `__set__({ name: … })`, `__with__({ name })` */
function isRewired({ text }: ts.SourceFile, file: string, name: string): boolean {
  if (!/__(set|get|with|Rewire)__\b/.test(text) || !namesFile(text, file)) return false;
  const word = escaped(name);
  const quoted = new RegExp(`__(set|get|Rewire)__\\(\\s*['"\`]${word}(?![\\w$])`);
  const inObject = new RegExp(`__(set|with)__\\(\\s*\\{[^;]*?[{,\\s'"]${word}['"]?\\s*[:,}(]`);
  return quoted.test(text) || inObject.test(text);
}

/** By its last part, or by its folder where it stands for that. */
function namesFile(text: string, file: string): boolean {
  const { name, dir } = path.parse(file);
  const last = name === 'index' ? `(index|${escaped(path.basename(dir))}|\\.{1,2}/?)` : escaped(name);
  return new RegExp(`['"\`/]${last}(\\.[cm]?[jt]sx?)?['"\`]`).test(text);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

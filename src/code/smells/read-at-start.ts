import ts from 'typescript';
import { functionOf, returnedBy } from '../program/function-results';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { resolve, resolveAlias } from '../program/references';
import { awaited, bare, rootOf } from './member-chains';

/** How often a variable of a variable is followed. */
const MOST_NAMES = 10;

/**
 * True of a module's own constant, and of what has it, that a file is read into when the module loads, and read once:
 * `const options = JSON.parse(readFileSync('options.json'))`, `const accounts = require('./accounts.json')`.
 */
export function isReadAtStart(file: ParsedFile, given: ts.Expression): boolean {
  let value = bare(given);
  for (let steps = 0; steps < MOST_NAMES; steps++) {
    const next = sourceOf(file, value, steps > 0);
    if (next === 'file') return true;
    if (next === null) return false;
    value = awaited(next);
  }
  return false;
}

/** Where a value comes from: a file, or another value. `isOfModule`: it is worked out while the module loads. */
function sourceOf(
  file: ParsedFile,
  value: ts.Expression,
  isOfModule: boolean,
): ts.Expression | 'file' | null {
  if (ts.isCallExpression(value)) return isOfModule ? sourceOfCall(file, value) : null;
  const root = rootOf(value);
  if (root !== value) return ts.isCallExpression(root) ? null : root;
  if (!ts.isIdentifier(value)) return null;
  const declared = resolve(file.checker, value)?.valueDeclaration;
  const isConstant =
    declared !== undefined &&
    ts.isVariableDeclaration(declared) &&
    (declared.parent.flags & ts.NodeFlags.Const) !== 0 &&
    enclosingFunction(declared) === null;
  return isConstant ? (declared.initializer ?? null) : null;
}

const READS = /(^|\.)(readFileSync|readFile|readJsonSync|readJSONSync|readJson|loadJsonFile(Sync)?)$/;
const PARSES =
  /^(JSON\.parse|(ya?ml|YAML|toml|TOML|JSON5|json5|ini)\.(parse|load|safeLoad)|parse(Yaml|Toml|Json)?)$/;

function sourceOfCall(file: ParsedFile, call: ts.CallExpression): ts.Expression | 'file' | null {
  const { expression: callee, arguments: args } = call;
  const called = callee.getText();
  if (READS.test(called)) return 'file';
  if (called === 'require')
    return args[0] && ts.isStringLiteralLike(args[0]) && args[0].text.endsWith('.json') ? 'file' : null;
  if (PARSES.test(called)) return args[0] ?? null;
  if (ts.isPropertyAccessExpression(callee)) {
    const isText = /^(toString|trim|trimEnd)$/.test(callee.name.text);
    return isText ? callee.expression : null;
  }
  const declared = resolveAlias(file.checker, file.checker.getSymbolAtLocation(callee))?.valueDeclaration;
  const [returned, ...others] = declared ? returnedBy(functionOf(declared)) : [];
  return others.length === 0 ? (returned ?? null) : null;
}

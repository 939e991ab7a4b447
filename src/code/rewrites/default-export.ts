import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import ts from 'typescript';
import { entryOf } from '../module-size/module-graph';
import { compilerOptionsFor } from '../program/module-kind';
import { packageOf } from '../program/package';

/** What the default export of a module is of that which `require()` gives: the whole, or the member of that name. */
export type DefaultExport = 'whole' | 'member';

/**
 * What a default import is of that which `require()` gives, where TypeScript compiles the import to `require()`: the member where the
 * module is marked as one that was an ES module, else the whole. Null where the text of the module does not tell.
 */
export function defaultOfRequired(specifier: string, file: string): DefaultExport | null {
  const found = markedAs(specifier, file);
  // Without the help of `esModuleInterop` it is the member in either case, which a whole does not have.
  return found === 'whole' && !hasInterop(file) ? null : found;
}

/** True of an ES module where nothing that runs it takes a default import for anything but the whole of a CommonJS module. */
export function isDefaultWhole(specifier: string, file: string): boolean {
  return hasDefaultsOfNode(file) || markedAs(specifier, file) === 'whole';
}

/** True of an ES module that Node itself loads, as far as the file shows: bundlers go by the mark of what is imported. */
export function hasDefaultsOfNode(file: string): boolean {
  if (/\.mjs$/.test(file)) return true;
  if (/\.[cm]?tsx?$/.test(file)) return isOfNode(compilerOptionsFor(file)?.module);
  return /\.js$/.test(file) && packageOf(file)?.type === 'module';
}

/** `node16` to `nodenext`: what is compiled is for Node as it is, and the types say what Node gives. */
function isOfNode(module: ts.ModuleKind | undefined): boolean {
  return module !== undefined && module >= ts.ModuleKind.Node16 && module <= ts.ModuleKind.NodeNext;
}

/** What runs TypeScript without a tsconfig.json helps as well. */
function hasInterop(file: string): boolean {
  const options = compilerOptionsFor(file);
  if (!options) return true;
  return options.esModuleInterop ?? (isOfNode(options.module) || options.module === ts.ModuleKind.Preserve);
}

/** Modules that only hand on another one end somewhere. */
const MOST_STEPS = 5;

function markedAs(specifier: string, file: string): DefaultExport | null {
  const entry = entryOf(specifier, file, 'require');
  return entry === null ? null : markOf(entry, 0);
}

function markOf(module: string, steps: number): DefaultExport | null {
  if (/\.json$/.test(module)) return 'whole';
  const isCommonJs = /\.cjs$/.test(module) || (/\.js$/.test(module) && packageOf(module)?.type !== 'module');
  const text = isCommonJs ? readIfThere(module) : '';
  if (text === '' || steps >= MOST_STEPS) return null;
  const handedOn = [...text.matchAll(HANDS_ON)].map(([, name = '']) => resolved(name, module));
  if (handedOn.length > 0) {
    const marks = new Set(handedOn.map((one) => (one === null ? null : markOf(one, steps + 1))));
    const [mark = null] = marks;
    return marks.size === 1 && !MARKS.test(text) ? mark : null;
  }
  if (!MARKS.test(text)) return 'whole';
  // One that gives something else out in its place may have given it the mark, or not.
  const others = text.match(GIVES_ANOTHER)?.length ?? 0;
  const isMarked = GIVES_MARKED.test(text) ? others === 1 : MARKS_ITSELF.test(text) && others === 0;
  return isMarked ? 'member' : null;
}

function resolved(name: string, fromFile: string): string | null {
  try {
    return createRequire(fromFile).resolve(name);
  } catch {
    return null;
  }
}

/** `module.exports = require('./lib')`, also one for each environment. */
const HANDS_ON = /\bmodule\.exports\s*=\s*require\(\s*['"]([^'"\n]+)['"]\s*\)/g;
/** Something gets the mark: this module, or one that was put into the same file. To ask for it, `one.__esModule`, gives none. */
const MARKS = /['"]__esModule['"]|\.__esModule\s*=(?!=)|\b__esModule\s*:/;
const MARKS_ITSELF =
  /\bdefineProperty\((module\.)?exports,\s*['"]__esModule['"]|\bexports\.__esModule\s*=(?!=)/;
const GIVES_ANOTHER = /\bmodule\.exports\s*=(?!=)/g;
/** As esbuild writes it. */
const GIVES_MARKED = /\bmodule\.exports\s*=\s*__toCommonJS\(/;

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

import { createRequire, isBuiltin } from 'node:module';
import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { loadedModule } from '../program/required-module';

/**
 * True for the name of a class that Node has: `IncomingMessage` of `node:http`, `URL`. Files are parsed without Node's
 * declarations, but Node itself is at hand: what a module of it exports as a constructor is a class, all else (`PathLike`) a
 * type of which nothing is known here.
 */
export function isClassOfNode(file: ParsedFile, node: ts.TypeNode): boolean {
  if (!ts.isTypeReferenceNode(node)) return false;
  const { typeName } = node;
  const first = ts.isIdentifier(typeName) ? typeName : typeName.left;
  if (!ts.isIdentifier(first)) return false;
  const declared = file.checker.getSymbolAtLocation(first)?.declarations?.[0];
  if (!declared) return ts.isIdentifier(typeName) && isClass(Reflect.get(globalThis, typeName.text));
  const statement = ts.findAncestor(declared, ts.isStatement);
  const specifier = statement ? loadedModule(statement) : null;
  if (specifier === null || !isBuiltin(specifier)) return false;
  const name = ts.isIdentifier(typeName) ? importedName(declared) : typeName.right.text;
  const exported: unknown = createRequire(file.file)(specifier);
  return name !== null && isClass((exported as Readonly<Record<string, unknown>>)[name]);
}

/** `Socket` of `import { Socket as Connection } from 'node:net'` */
function importedName(declared: ts.Declaration): string | null {
  return ts.isImportSpecifier(declared) ? (declared.propertyName ?? declared.name).text : null;
}

/** Of these a type of the same name stands for what is no object, or may stand for anything. */
const NO_OBJECTS: ReadonlySet<unknown> = new Set([String, Number, Boolean, Symbol, BigInt, Object]);

function isClass(value: unknown): boolean {
  return typeof value === 'function' && typeof value.prototype === 'object' && !NO_OBJECTS.has(value);
}

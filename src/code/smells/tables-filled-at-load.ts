import ts from 'typescript';
import { KnownByProgram } from '../program/known-by-program';
import { functionsRunAtLoad, runsAtLoad } from '../program/load-time';
import { asSeenFrom, enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { referencesTo, resolveAlias } from '../program/references';
import { creationOf } from './collection-creation';
import { useOf } from './collection-uses';
import { nameOfFunctionAround } from './function-names';
import { knownCallers } from './known-callers';

const known = new KnownByProgram<ts.Node, boolean>();

/**
 * True of a table of a module that is filled while the program loads and at no other time: what is found in it is one of the
 * things that the program has, whoever asks.
 */
export function isFilledAtLoad(file: ParsedFile, table: ts.Expression): boolean {
  if (!ts.isIdentifier(table)) return false;
  const declared = resolveAlias(file.checker, file.checker.getSymbolAtLocation(table))?.valueDeclaration;
  if (!declared || !ts.isVariableDeclaration(declared) || enclosingFunction(declared) !== null) return false;
  const tables = known.in(file);
  const before = tables.get(declared);
  if (before !== undefined) return before;
  // Tables that are filled from each other end here.
  tables.set(declared, false);
  const found = find(asSeenFrom(file, declared.getSourceFile()), declared);
  tables.set(declared, found);
  return found;
}

function find(file: ParsedFile, { name, initializer }: ts.VariableDeclaration): boolean {
  const created = creationOf(file, initializer);
  if (!created || !ts.isIdentifier(name)) return false;
  const additions = referencesTo(file, name)
    .map((node) => useOf(node, created.type))
    .filter(({ kind }) => kind === 'add' || kind === 'reassign');
  return additions.length > 0 && additions.every(({ node }) => isOnlyAtLoad(file, node));
}

/** In a module itself, or in a function that is there to load things, which nothing calls later. */
function isOnlyAtLoad(file: ParsedFile, node: ts.Node): boolean {
  const atLoad = functionsRunAtLoad(file);
  const around = enclosingFunction(node);
  if (around && !LOADS.test(nameOfFunctionAround(node))) return false;
  if (!runsAtLoad(node, atLoad)) return false;
  const callers = around && ts.isFunctionLike(around) ? knownCallers(file, around) : null;
  return (callers?.calls ?? []).every((call) => runsAtLoad(call, atLoad));
}

const LOADS = /^(load|init|setup|boot|read|import|register|define|configure|seed|populate|fill|build|index)/i;

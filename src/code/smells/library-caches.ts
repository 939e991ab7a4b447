import ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';
import { requiredModule } from '../program/required-module';

/** A cache that a library keeps, made so that nothing bounds it. */
export interface LibraryCache {
  /** `memoized`: a function that remembers what it returned; `store`: an object with `set` or `load`. */
  readonly type: 'memoized' | 'store';
  /** What it is called in a message: `NodeCache`, `the cache of memoizee`. */
  readonly title: string;
  /** What to write to give it an end. */
  readonly cure: string;
  /** The option that limits the number of entries, where one can be added without a change of meaning; else null. */
  readonly limit: string | null;
}

interface Library extends LibraryCache {
  /** Packages that have it. */
  readonly packages: RegExp;
  /** Names of the export; `default` also where the package as a whole is called. */
  readonly names: RegExp;
  /** The argument that holds options; where it is something else nothing is known. */
  readonly options: number;
  /** Options that bound it. */
  readonly bounds: RegExp;
}

const NO_OPTIONS = Number.POSITIVE_INFINITY;
const memoizer = (packages: RegExp, given: Partial<Library> & Pick<Library, 'cure' | 'title'>): Library => ({
  type: 'memoized',
  packages,
  names: /^default$/,
  options: 1,
  bounds: /^(max|maxAge|maxSize|ttl|expires?|cache)$/,
  limit: null,
  ...given,
});

const LODASH_CURE =
  "Give it a cache with an end: memoized.cache = new LRUCache({ max: 500 }), which has the methods that lodash's memoize asks for.";

/** As their documentation says: which option bounds them, and that nothing does where it is not given. */
const LIBRARIES: readonly Library[] = [
  memoizer(/^(lodash(-es)?|underscore)$/, {
    title: "the cache of lodash's memoize",
    names: /^memoize$/,
    options: NO_OPTIONS,
    cure: LODASH_CURE,
  }),
  memoizer(/^(lodash(-es)?\/memoize(\.js)?|lodash\.memoize)$/, {
    title: "the cache of lodash's memoize",
    options: NO_OPTIONS,
    cure: LODASH_CURE,
  }),
  memoizer(/^async$/, {
    title: "the memo of async's memoize",
    names: /^memoize$/,
    options: NO_OPTIONS,
    cure: 'It has no limit and no way to remove: use a memoizer that has one, such as memoizee with `max`.',
  }),
  memoizer(/^memoizee$/, {
    title: 'the cache of memoizee',
    cure: 'Give it a limit: memoizee(fn, { max: 500 }); what it returned is computed again when it has been dropped.',
  }),
  memoizer(/^fast-memoize$/, {
    title: 'the cache of fast-memoize',
    cure: 'Give it a cache with an end: memoize(fn, { cache: { create: () => new LRUCache({ max: 500 }) } }).',
  }),
  memoizer(/^(mem|memoize|p-memoize)$/, {
    title: 'the cache of memoize',
    cure: 'Give it a cache with an end: memoize(fn, { cache: new QuickLRU({ maxSize: 500 }) }), or a `maxAge`.',
  }),
  {
    type: 'store',
    packages: /^node-cache$/,
    names: /^(default|NodeCache)$/,
    options: 0,
    bounds: /^(stdTTL|maxKeys)$/,
    title: 'NodeCache',
    limit: null,
    cure: 'Give its entries an end: new NodeCache({ stdTTL: 600 }) in seconds. With `maxKeys` alone it throws when it is full.',
  },
  {
    type: 'store',
    packages: /^lru-cache$/,
    names: /^(default|LRUCache|LRU)$/,
    options: 0,
    bounds: /^(max|maxSize|maxEntrySize|ttlAutopurge|length|sizeCalculation)$/,
    title: 'LRU cache without a limit',
    limit: 'max',
    cure: 'Without `max`, `maxSize` or `ttlAutopurge`, what has expired stays until it is asked for: add `max`.',
  },
  {
    type: 'store',
    packages: /^dataloader$/,
    names: /^default$/,
    options: 1,
    bounds: /^(cache|cacheMap)$/,
    title: 'DataLoader',
    limit: null,
    cure: 'A DataLoader is meant for one request: make one for each, or give it `cache: false` or a `cacheMap` with a limit.',
  },
];

/** The cache that `memoize(fn)` or `new NodeCache()` of a known library makes, where no option bounds it; else null. */
export function libraryCacheOf(file: ParsedFile, creation: ts.Expression): LibraryCache | null {
  if (!ts.isCallExpression(creation) && !ts.isNewExpression(creation)) return null;
  const from = exportCalled(file, creation.expression);
  if (!from) return null;
  const isNew = ts.isNewExpression(creation);
  const library = LIBRARIES.find(
    ({ type, packages, names }) =>
      (type === 'store') === isNew && packages.test(from.module) && names.test(from.name),
  );
  return library && isWithoutBound(library, creation.arguments ?? []) ? library : null;
}

interface Export {
  readonly module: string;
  readonly name: string;
}

/** Which export of which package is called: `_.memoize`, `memoize` of `import memoize from 'mem'`, `LRU.LRUCache`. */
function exportCalled({ checker }: Pick<ParsedFile, 'checker'>, callee: ts.Expression): Export | null {
  if (ts.isPropertyAccessExpression(callee)) {
    const whole = exportCalled({ checker }, callee.expression);
    return whole?.name === 'default' ? { ...whole, name: callee.name.text } : null;
  }
  if (!ts.isIdentifier(callee)) return null;
  const declared = checker.getSymbolAtLocation(callee)?.declarations?.[0];
  if (!declared) return null;
  if (ts.isImportSpecifier(declared))
    return {
      module: moduleOf(declared),
      name: (declared.propertyName ?? declared.name).text,
    };
  if (ts.isImportClause(declared) || ts.isNamespaceImport(declared))
    return { module: moduleOf(declared), name: 'default' };
  if (ts.isImportEqualsDeclaration(declared)) {
    const { moduleReference } = declared;
    return ts.isExternalModuleReference(moduleReference) && ts.isStringLiteral(moduleReference.expression)
      ? { module: moduleReference.expression.text, name: 'default' }
      : null;
  }
  return exportRequired(declared);
}

/** `const memoize = require('mem')`, `const { LRUCache } = require('lru-cache')`, `require('dataloader').default` */
function exportRequired(declared: ts.Declaration): Export | null {
  if (ts.isVariableDeclaration(declared)) {
    const module = requiredModule(declared);
    if (module) return { module, name: 'default' };
    const { initializer } = declared;
    const isMember =
      initializer &&
      ts.isPropertyAccessExpression(initializer) &&
      ts.isCallExpression(initializer.expression);
    const [path] = isMember ? (initializer.expression as ts.CallExpression).arguments : [];
    return isMember && path && ts.isStringLiteral(path) && /^require\(/.test(initializer.getText())
      ? { module: path.text, name: initializer.name.text }
      : null;
  }
  if (!ts.isBindingElement(declared)) return null;
  const variable = declared.parent.parent;
  const module = ts.isVariableDeclaration(variable) ? requiredModule(variable) : null;
  return module === null ? null : { module, name: (declared.propertyName ?? declared.name).getText() };
}

function moduleOf(declared: ts.Node): string {
  const statement = ts.findAncestor(declared, ts.isImportDeclaration);
  return statement ? (statement.moduleSpecifier as ts.StringLiteral).text : '';
}

/** Its options are written out, and none of them bounds it. */
function isWithoutBound({ options, bounds }: Library, given: readonly ts.Expression[]): boolean {
  const written = given[options];
  if (written === undefined) return options === NO_OPTIONS || given.every((one) => !ts.isSpreadElement(one));
  return (
    ts.isObjectLiteralExpression(written) &&
    written.properties.every(
      (one) =>
        one.name !== undefined &&
        (ts.isIdentifier(one.name) || ts.isStringLiteral(one.name)) &&
        (!bounds.test(one.name.text) || isZero(one)),
    )
  );
}

/** `stdTTL: 0` says that there is none. */
function isZero(option: ts.ObjectLiteralElementLike): boolean {
  return ts.isPropertyAssignment(option) && option.initializer.getText() === '0';
}

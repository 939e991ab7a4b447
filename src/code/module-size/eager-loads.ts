import type { LoadSyntax } from './resolve-module';
import { type LoadEvent, Scanner } from './scan-text';

/** What a text of JavaScript brings into memory as soon as it runs. */
export interface EagerLoads {
  readonly loads: readonly { readonly specifier: string; readonly syntax: LoadSyntax }[];
  /** Paths of files that it reads by itself, as they are written: `../data/zones.dat`. */
  readonly dataFiles: readonly string[];
  /** It makes a context of `node:vm`, with all of JavaScript's own objects once more. */
  readonly makesContext: boolean;
  /** All functions of the text, whenever they run. */
  readonly functions: number;
}

const MAY_LOAD = /\brequire\b|\bimport\b|\bfrom\s*["']/;

/**
 * The modules and files that a text loads while its module is evaluated: what stands outside of functions, in functions
 * called at once, and in functions of the text that the first two call. Branches count, whatever their condition is, but
 * for those of production builds. A scan of tokens, not a parse: it has to pass over tens of megabytes in a second, and
 * an estimate may miss one.
 */
export function eagerLoads(text: string): EagerLoads {
  if (!MAY_LOAD.test(text)) {
    return {
      loads: [],
      dataFiles: [],
      makesContext: false,
      functions: (text.match(/\bfunction\b|=>/g) ?? []).length,
    };
  }
  const scanner = new Scanner(text);
  scanner.run();
  const { functions, events } = scanner;
  const runsAtLoad = functionsCalledAtLoad(scanner);
  const eager = events.filter(({ within }) => runsAtLoad.has(within));
  const of = (kind: LoadEvent['kind']) => [
    ...new Set(eager.filter((one) => one.kind === kind).map(({ value }) => value)),
  ];
  // Names of files stand in constants; what matters is whether something reads files now.
  const dataFiles = of('read').length > 0 ? [...of('path'), ...of('resolve')] : [];
  const loads = (['import', 'require'] as const).flatMap((syntax) =>
    of(syntax).map((specifier) => ({ specifier, syntax })),
  );
  return { loads, dataFiles, makesContext: of('context').length > 0, functions: functions.length };
}

/** The indices of functions that run while the module is evaluated; -1 is the module itself. */
function functionsCalledAtLoad({ functions, calls }: Scanner): ReadonlySet<number> {
  const running = new Set([-1]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [index, { name, parent, isCalledAtOnce }] of functions.entries()) {
      if (running.has(index) || !running.has(parent)) continue;
      const isCalled = isCalledAtOnce || [...(calls.get(name) ?? [])].some((caller) => running.has(caller));
      if (!isCalled) continue;
      running.add(index);
      grown = true;
    }
  }
  return running;
}

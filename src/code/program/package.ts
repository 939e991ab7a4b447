import * as fs from 'node:fs';
import * as path from 'node:path';

/** The package that a file belongs to. */
export interface ProjectPackage {
  readonly packageJson: string;
  readonly name: string | null;
  /** Nobody can install it: an application, or the root of a workspace. */
  readonly isPrivate: boolean;
  /** It is started, and says nothing of what others would load: a program, though it could be published. */
  readonly isStarted: boolean;
  /** The `start` script; empty where there is none. */
  readonly start: string;
  /** It has commands, `bin`, and nothing that another program could load. */
  readonly isOnlyCommands: boolean;
  /** It says that it connects one home: devices, rooms and hubs of which somebody has a few. */
  readonly isOfHome: boolean;
  /** What is published; null where package.json does not say, and all is. */
  readonly files: readonly string[] | null;
  /** The files that users of the package load, as package.json writes them. */
  readonly entries: readonly string[];
  readonly type: 'module' | 'commonjs';
  /** Name → range, over all kinds of dependencies. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** What stands among the devDependencies only: who installs a published package does not get it. */
  readonly devOnly: ReadonlySet<string>;
  /** `engines.node`, as it is written. */
  readonly nodeRange: string | null;
}

/** What a folder said is believed this long: a run asks thousands of times, an editor must see changes. */
const BELIEVED_MS = 1000;

const byFolder = new Map<string, { readonly at: number; readonly found: ProjectPackage | null }>();

/** The nearest package.json above a file; null where there is none. */
export function packageOf(file: string): ProjectPackage | null {
  return nearest(path.dirname(file), performance.now());
}

/** True of a file whose package nobody installs: it is private, or a program that is started. */
export function isApplication(file: string): boolean {
  const found = packageOf(file);
  return found?.isPrivate === true || found?.isStarted === true;
}

function nearest(folder: string, now: number): ProjectPackage | null {
  const known = byFolder.get(folder);
  if (known && now - known.at < BELIEVED_MS) return known.found;
  const parent = path.dirname(folder);
  const found =
    readPackage(path.join(folder, 'package.json')) ?? (parent === folder ? null : nearest(parent, now));
  if (byFolder.size >= 10_000) byFolder.clear();
  byFolder.set(folder, { at: now, found });
  return found;
}

function readPackage(packageJson: string): ProjectPackage | null {
  const parsed = readJson(packageJson);
  if (!parsed) return null;
  return {
    packageJson,
    name: typeof parsed.name === 'string' ? parsed.name : null,
    isPrivate: parsed.private === true,
    isStarted: isStarted(parsed, packageJson),
    start: startOf(parsed),
    isOnlyCommands: isOnlyCommands(parsed, packageJson),
    isOfHome: [parsed.name, parsed.description, ...[parsed.keywords].flat()].some(
      (one) => typeof one === 'string' && HOME.test(one),
    ),
    files: Array.isArray(parsed.files) ? parsed.files.filter((one) => typeof one === 'string') : null,
    entries: entriesOf(parsed),
    type: parsed.type === 'module' ? 'module' : 'commonjs',
    dependencies: Object.assign(
      {},
      ...['devDependencies', ...RUNTIME_KINDS].map((kind) => parsed[kind] ?? {}),
    ),
    devOnly: new Set(
      Object.keys(parsed.devDependencies ?? {}).filter((name) =>
        RUNTIME_KINDS.every((kind) => !Object.hasOwn(parsed[kind] ?? {}, name)),
      ),
    ),
    nodeRange: nodeRangeOf(parsed.engines),
  };
}

/** Home automation, by what it is called and by the systems that homes have. */
const HOME =
  /home[- ]?(bridge|automation|assistant|kit\b|matic)|smart[- ]?(home|things)|domotic|2mqtt\b|zigbee|z-?wave|iobroker|openhab|harmony hub|\b(sonos|tasmota|shelly|loxone|knx)\b/i;

function isOnlyCommands(parsed: Record<string, unknown>, packageJson: string): boolean {
  // What nobody names is `index.js`.
  const isLoaded = ['main', 'exports', 'module'].some((one) => one in parsed);
  return 'bin' in parsed && !isLoaded && !fs.existsSync(path.join(path.dirname(packageJson), 'index.js'));
}

function isStarted(parsed: Record<string, unknown>, packageJson: string): boolean {
  const isForOthers = ['files', 'exports', 'types', 'typings', 'module', 'publishConfig'].some(
    (one) => one in parsed,
  );
  if (isForOthers) return false;
  const { main = '', scripts } = parsed;
  // `start-bot` and `start:worker`, `"main": "bot.js"`
  const isRun =
    Object.keys(scripts ?? {}).some((one) => /^start([-:]|$)/.test(one)) ||
    /(^|[\\/])(bot|start|worker|dist[\\/]main)(\.[cm]?[jt]s)?$/.test(String(main));
  // What nobody can load.
  const hasEntry =
    main !== '' || 'bin' in parsed || fs.existsSync(path.join(path.dirname(packageJson), 'index.js'));
  return isRun || (!hasEntry && 'dependencies' in parsed);
}

function startOf({ scripts }: Record<string, unknown>): string {
  const hasStart = typeof scripts === 'object' && scripts !== null && 'start' in scripts;
  return hasStart ? String(scripts.start) : '';
}

const RUNTIME_KINDS = ['peerDependencies', 'optionalDependencies', 'dependencies'];

/** The files that `main`, `module`, `types`, `bin` and `exports` name, as they are written. */
function entriesOf({ main, module, types, bin, exports }: Record<string, unknown>): string[] {
  const entries: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') entries.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  [main, module, types, bin, exports].forEach(visit);
  return entries;
}

function nodeRangeOf(engines: unknown): string | null {
  if (typeof engines !== 'object' || engines === null || !('node' in engines)) return null;
  return typeof engines.node === 'string' ? engines.node : null;
}

/** A JSON file that holds an object; null where it is missing or holds something else. */
export function readJson(file: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The lowest major version that a range such as `>=18`, `^20.1 || 22` allows; null when it cannot be told. */
export function lowestMajor(range: string | null): number | null {
  if (range === null) return null;
  const majors = range
    .split('||')
    .map((part) => /(?:>=|\^|~|>|=|v|\b)\s*(\d+)/.exec(part)?.[1])
    .filter((major) => major !== undefined)
    .map(Number);
  return majors.length === 0 ? null : Math.min(...majors);
}

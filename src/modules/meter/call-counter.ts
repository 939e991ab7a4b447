import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A function of a script, as V8's coverage tells of it. */
interface CountedFunction {
  readonly functionName: string;
  readonly ranges: readonly { readonly startOffset: number; readonly count: number }[];
}
interface Coverage {
  readonly result: readonly { readonly url: string; readonly functions: readonly CountedFunction[] }[];
}
interface Inspector {
  readonly Session: new () => {
    connect(): void;
    post(method: string, parameters?: object, done?: (error: unknown, answer: Coverage) => void): void;
  };
}

/** What was called in a file since it was asked for the last time. */
export interface FileCalls {
  readonly file: string;
  /** Functions that V8 knows in it, its own body aside. */
  readonly functions: number;
  /** How many of these were called. */
  readonly called: number;
}

/**
 * Counts calls of functions by V8's precise coverage, through an inspector session of the program with itself; others
 * stay as they are. While it is on, V8 optimizes nothing, since optimized functions count no calls.
 */
export class CallCounter {
  readonly #session: InstanceType<Inspector['Session']>;
  #isOn = false;

  private constructor(session: InstanceType<Inspector['Session']>) {
    this.#session = session;
  }

  /** Null where Node has no inspector, or somebody collects coverage already: V8 has one mode for all. */
  static create(): CallCounter | null {
    if (process.env.NODE_V8_COVERAGE) return null;
    try {
      const { Session } = createRequire(__filename)('node:inspector') as Inspector;
      const session = new Session();
      session.connect();
      session.post('Profiler.enable');
      return new CallCounter(session);
    } catch {
      return null;
    }
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** From now on calls are counted; what was counted before is forgotten. */
  start(): void {
    if (this.#isOn) return;
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    this.#isOn = true;
  }

  stop(): void {
    if (!this.#isOn) return;
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#isOn = false;
  }

  /** Files whose code ran since the last time. */
  take(): FileCalls[] {
    let files: FileCalls[] = [];
    if (!this.#isOn) return files;
    // The session answers at once.
    this.#session.post('Profiler.takePreciseCoverage', {}, (error, answer) => {
      if (!error) files = answer.result.flatMap(({ url, functions }) => callsIn(url, functions));
    });
    return files;
  }
}

function callsIn(url: string, functions: readonly CountedFunction[]): FileCalls[] {
  const file = fileOf(url);
  if (file === null) return [];
  // The script's own body has no name and begins at its beginning; that it runs is no use of it.
  const own = functions.filter(
    ({ functionName, ranges }) => functionName !== '' || ranges[0]!.startOffset > 0,
  );
  return [{ file, functions: own.length, called: own.filter(({ ranges }) => ranges[0]!.count > 0).length }];
}

function fileOf(url: string): string | null {
  if (!url.startsWith('file:')) return /^([\\/]|[A-Za-z]:\\)/.test(url) ? url : null;
  try {
    return fileURLToPath(url.replace(/[?#].*$/, ''));
  } catch {
    return null;
  }
}

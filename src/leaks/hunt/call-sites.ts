import type { InspectorSession } from '../../inspector/session';
import type { SourcePosition } from '../../protocol/source';
import type { SourceLocator } from '../../source/locator';

/** A place that added entries, as the target saw it while adding was watched. */
export interface AddingPlace {
  readonly position: SourcePosition;
  readonly times: number;
  /** The nearest frame outside `node_modules`, when the adding line is inside. */
  readonly ownCode: SourcePosition | null;
}

/** The most call sites that are kept per object: a table, not stacks, so that nothing can fill the target. */
export const mostSites = 50;

/** A call site as the target reports it. */
export interface Site {
  /** The innermost frames of the program, Node's own left out. */
  readonly places: readonly (readonly [file: string, line: number, column: number])[];
  /** What tells calls at one place apart; '' where nothing does. */
  readonly note: string;
  readonly times: number;
}

/**
 * Source of a function for the target: `callSites(limit)` gives a table with `record(skip, noteOf)`, which notes who
 * called the function `skip`, and `handle(undo)`, which makes the handle that the inspector keeps: its `stop` undoes
 * what watches and yields the sites. Recording goes on inside of the program's own calls: it never throws, and
 * once the handle is gone, since the connection has ended without a word, the next call undoes all.
 */
export const callSitesSource = `function callSites(limit) {
  const sites = new Map();
  let owner = null, undoAll = null;
  return {
    record(skip, noteOf) {
      try {
        if (owner && !owner.deref()) undoAll();
        else keep(framesOf(skip), noteOf ? String(noteOf()) : '');
      } catch {}
    },
    handle(undo) {
      const handle = { stop() { undo(); return [...sites.values()]; } };
      // A program may have taken it away.
      if (typeof WeakRef === 'function') owner = new WeakRef(handle);
      undoAll = undo;
      return handle;
    },
  };
  function framesOf(skip) {
    const before = ['prepareStackTrace', 'stackTraceLimit'].map((name) => [name, Object.hasOwn(Error, name), Error[name]]);
    try {
      Error.stackTraceLimit = 25;
      Error.prepareStackTrace = (_, frames) => frames;
      const holder = {};
      Error.captureStackTrace(holder, skip);
      return holder.stack;
    } finally {
      for (const [name, isOwn, value] of before) {
        if (isOwn) Error[name] = value;
        else delete Error[name];
      }
    }
  }
  // Where \`Error\` is frozen, frames come as text.
  function placesOf(frames) {
    if (Array.isArray(frames))
      return frames.map((at) => [at.getFileName() || at.getScriptNameOrSourceURL(), at.getLineNumber(), at.getColumnNumber()]);
    return [...String(frames).matchAll(/^ +at (?:.* \\()?(.+?):(\\d+):(\\d+)\\)?$/gm)].map(([, file, line, column]) =>
      [file, Number(line), Number(column)]);
  }
  function keep(frames, note) {
    const places = placesOf(frames).filter(([file]) => file && !/^(node:|internal\\/)/.test(file)).slice(0, 12);
    if (places.length === 0) return;
    const key = [note, ...places[0]].join('\\n');
    const known = sites.get(key);
    if (known) known.times++;
    else if (sites.size < limit) sites.set(key, { places, note, times: 1 });
  }
}`;

/** Stops what watches in the target, which undoes all of it. @returns What it noted; none where it never began. */
export async function stopWatching({ connection }: InspectorSession, handleId: string): Promise<Site[]> {
  const { result } = await connection.send('Runtime.callFunctionOn', {
    objectId: handleId,
    functionDeclaration: 'function () { return this.stop(); }',
    returnByValue: true,
  });
  return Array.isArray(result.value) ? result.value : [];
}

/** The places in the user's sources, the busiest first. */
export async function placesOf(sites: readonly Site[], locator: SourceLocator): Promise<AddingPlace[]> {
  const places: AddingPlace[] = [];
  for (const { places: frames, times } of [...sites].sort((a, b) => b.times - a.times)) {
    const positions: SourcePosition[] = [];
    for (const [file, line, column] of frames) {
      const position = await positionOf(locator, file, line, column);
      if (position) positions.push(position);
    }
    const [first] = positions;
    if (!first) continue;
    const inPackage = /[\\/]node_modules[\\/]/.test(first.file);
    const own = positions.find(({ file }) => !/[\\/]node_modules[\\/]/.test(file)) ?? null;
    places.push({ position: first, times, ownCode: inPackage ? own : null });
  }
  return places;
}

async function positionOf(
  locator: SourceLocator,
  file: string,
  line: number,
  column: number,
): Promise<SourcePosition | null> {
  const scriptId = locator.scriptOf(file);
  if (scriptId === null) return { file, line, column };
  const position = await locator.position({ scriptId, line: line - 1, column: column - 1 });
  if (!position) return null;
  const { originalName: _, ...plain } = position;
  return plain;
}

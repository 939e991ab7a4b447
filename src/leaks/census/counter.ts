import type { CensusRow } from '../../protocol/census';

/** What {@link counterSource}'s `rank` answers. */
export interface Ranking {
  readonly rows: readonly CensusRow[];
  /** Tables that never changed, which are left out. */
  readonly constant: number;
}

/** What {@link counterSource}'s `read` answers: numbers of what lives, with their entries. */
export interface Reading {
  readonly entries: readonly (readonly [id: number, entries: number])[];
  /** False when the event loop has not turned since the reading before. */
  readonly turned: boolean;
}

/** The kinds that V8 lists by a prototype; emitters before arrays, since their lists of listeners are arrays, too. */
export const queriedKinds = ['emitter', 'target', 'map', 'set', 'array'] as const;

/**
 * Source of an expression for the target. Its value counts collections there and knows them again: through weak
 * references alone, so that it keeps nothing alive, and without a Map or Set of its own that would be counted.
 * Only a handle of the inspector holds it. It calls nothing that a program may have replaced on its objects.
 *
 * - `prototypes`: those of {@link queriedKinds}, null where this engine has none; and `any`, of all objects
 * - `rank(kinds, list, limit, least)`: the largest of each of these kinds in a list of objects, as {@link Ranking}
 * - `share()`: of its limit that the heap takes; null where the engine does not tell
 * - `read()`: the entries of all that is followed, as {@link Reading}
 * - `follow(kind, object)`: the number of an object that was found in another way
 * - `keep(ids)`: forgets all others
 * - `of(id)`: the collection itself
 */
export const counterSource = `(function () {
  const { apply, ownKeys, getOwnPropertyDescriptor: property, getPrototypeOf } = Reflect;
  const sizeOfMap = property(Map.prototype, 'size').get;
  const sizeOfSet = property(Set.prototype, 'size').get;
  const { keys: keysOfMap, values: valuesOfMap, forEach: eachOfMap } = Map.prototype;
  const valuesOfSet = Set.prototype.values;
  const later = setTimeout;
  const numbers = new WeakMap();
  const tables = new WeakMap();
  const lists = new WeakSet();
  const nodesOwn = ['TimersList', 'HTTPParser', 'BuiltinModule', 'NativeModule'];
  let followed = Object.create(null);
  let next = 1;
  let turned = true;

  const valueOf = (object, key) => {
    const own = property(object, key);
    return own && 'value' in own ? own.value : undefined;
  };
  const isObject = (value) => value !== null && (typeof value === 'object' || typeof value === 'function');
  const classOf = (value) => {
    if (!isObject(value)) return value === null ? 'null' : typeof value;
    if (typeof value === 'function') return 'function';
    const own = getPrototypeOf(value);
    const maker = own && valueOf(own, 'constructor');
    return (typeof maker === 'function' && typeof maker.name === 'string' && maker.name) || 'Object';
  };
  const short = (text) => (text.length > 40 ? text.slice(0, 39) + '…' : text);
  const textOf = (value) => {
    if (typeof value === 'string') return short(value);
    return isObject(value) ? classOf(value) : short(String(value));
  };
  const first = (iterator, count) => {
    const values = [];
    for (const value of iterator) if (values.push(value) === count) break;
    return values;
  };
  const listenersOf = (emitter) => {
    const events = valueOf(emitter, '_events');
    const found = [];
    if (!isObject(events)) return found;
    for (const name of ownKeys(events)) {
      const listeners = valueOf(events, name);
      const isList = Array.isArray(listeners);
      if (isList) lists.add(listeners);
      const count = typeof listeners === 'function' ? 1 : isList ? listeners.length : 0;
      if (count > 0) found.push([String(name), count]);
    }
    return found;
  };
  const listenersOfTarget = (target) => {
    const symbol = ownKeys(target).find((key) => typeof key === 'symbol' && key.description === 'kEvents');
    const found = [];
    const add = ({ size }, name) => found.push([String(name), Number(size) || 0]);
    if (symbol) apply(eachOfMap, valueOf(target, symbol), [add]);
    return found;
  };
  const total = (listeners) => listeners.reduce((sum, [, count]) => sum + count, 0);
  const entriesOf = {
    map: (map) => apply(sizeOfMap, map, []),
    set: (set) => apply(sizeOfSet, set, []),
    array: (array) => array.length,
    object: (object) => ownKeys(object).length,
    emitter: (emitter) => total(listenersOf(emitter)),
    target: (target) => total(listenersOfTarget(target)),
  };
  /** Some of the places of an array, from one end to the other. */
  const spread = (array, count) => {
    const values = [];
    const step = Math.max(1, Math.floor(array.length / count));
    for (let i = 0; i < array.length && values.length < count; i += step) values.push(valueOf(array, i));
    return values;
  };
  const valuesOf = (kind, object) => {
    if (kind === 'map') return first(apply(valuesOfMap, object, []), 5);
    if (kind === 'set') return first(apply(valuesOfSet, object, []), 5);
    if (kind === 'array') return spread(object, 5);
    return kind === 'object' ? ownKeys(object).slice(0, 5).map((key) => valueOf(object, key)) : [];
  };
  const keysOf = (kind, object) => {
    if (kind === 'map') return first(apply(keysOfMap, object, []), 3).map(textOf);
    if (kind === 'set') return first(apply(valuesOfSet, object, []), 3).map(textOf);
    if (kind === 'object') return ownKeys(object).slice(0, 3).map((key) => short(String(key)));
    const listeners = kind === 'emitter' ? listenersOf(object) : kind === 'target' ? listenersOfTarget(object) : [];
    listeners.sort((a, b) => b[1] - a[1]);
    return listeners.slice(0, 3).map(([name, count]) => short(name) + ': ' + count);
  };
  /** Objects of some classes of Node's, and the modules that \`require\` has loaded. */
  const isNodesOwn = (value) =>
    nodesOwn.includes(classOf(value)) || !!(property(value, 'paths') && property(value, 'loaded') && property(value, 'children'));
  /** A table of numbers or words that never changed, as V8 and Node have hundreds, and some lists of Node's own objects. */
  const isTable = (array, length) => {
    if (length >= 10000 || numbers.has(array)) return false;
    if (tables.has(array)) return tables.get(array) === length;
    const objects = spread(array, 16).filter(isObject);
    if (!objects.every(isNodesOwn)) return false;
    tables.set(array, length);
    return true;
  };
  const follow = (kind, object) => {
    let id = numbers.get(object);
    if (id === undefined) numbers.set(object, (id = next++));
    followed[id] = { kind, reference: new WeakRef(object) };
    return id;
  };
  const rowOf = (kind, object) => ({
    id: follow(kind, object),
    kind,
    className: classOf(object),
    entries: entriesOf[kind](object),
    keys: keysOf(kind, object),
    holds: [...new Set(valuesOf(kind, object).map(classOf))],
  });
  let emitters = null;
  if (typeof process === 'object') {
    for (let at = process; at && !emitters; at = getPrototypeOf(at)) {
      if (property(at, 'emit') && property(at, 'listenerCount')) emitters = at;
    }
  }
  const targets = typeof EventTarget === 'function' ? EventTarget.prototype : null;
  const prototypes = { map: Map.prototype, set: Set.prototype, array: Array.prototype, emitter: emitters, target: targets };
  /** The kinds of objects by their prototypes; '' for none. */
  const kinds = new WeakMap();
  const kindOf = (prototype) => {
    let kind = kinds.get(prototype);
    if (kind !== undefined) return kind;
    kind = '';
    for (let at = prototype; at && kind === ''; at = getPrototypeOf(at))
      for (const name in prototypes) if (prototypes[name] === at) kind = name;
    kinds.set(prototype, kind);
    return kind;
  };
  const byKind = (names, list) => {
    const sorted = Object.create(null);
    for (const name of names) sorted[name] = [];
    for (let i = 0; i < list.length; i++) {
      const own = getPrototypeOf(list[i]);
      const found = own === null ? undefined : sorted[kindOf(own)];
      if (found) found.push(list[i]);
    }
    return sorted;
  };
  const largest = (kind, list, limit, least) => {
    const found = [];
    let constant = 0;
    for (let i = 0; i < list.length; i++) {
      let entries = 0;
      try { entries = entriesOf[kind](list[i]); } catch { continue; }
      if (!(entries >= least)) continue;
      if (kind === 'array' && lists.has(list[i])) continue;
      if (kind === 'array' && isTable(list[i], entries)) constant++;
      else found.push({ entries, at: i });
    }
    found.sort((a, b) => b.entries - a.entries);
    return { rows: found.slice(0, limit).map(({ at }) => rowOf(kind, list[at])), constant };
  };
  const v8 = (() => {
    try {
      const load = process.getBuiltinModule || (process.mainModule && process.mainModule.require.bind(process.mainModule));
      return load ? load('v8') : null;
    } catch { return null; }
  })();
  return {
    prototypes: { ...prototypes, any: Object.prototype },
    rank(names, list, limit, least) {
      const sorted = byKind(names, list);
      const rows = [];
      let constant = 0;
      for (const name of names) {
        const found = largest(name, sorted[name], limit, least);
        rows.push(...found.rows);
        constant += found.constant;
      }
      return { rows, constant };
    },
    share() {
      try {
        const { used_heap_size, heap_size_limit } = v8.getHeapStatistics();
        return used_heap_size / heap_size_limit;
      } catch { return null; }
    },
    read() {
      const entries = [];
      for (const id in followed) {
        const { kind, reference } = followed[id];
        const object = reference.deref();
        if (object === undefined) { delete followed[id]; continue; }
        try { entries.push([Number(id), entriesOf[kind](object)]); } catch {}
      }
      const answer = { entries, turned };
      turned = false;
      const timer = later(() => { turned = true; }, 0);
      if (isObject(timer) && typeof timer.unref === 'function') timer.unref();
      return answer;
    },
    follow(kind, object) { return rowOf(kind, object); },
    keep(ids) {
      const before = followed;
      followed = Object.create(null);
      for (const id of ids) if (before[id]) followed[id] = before[id];
    },
    of(id) { return followed[id] && followed[id].reference.deref(); },
  };
})()`;

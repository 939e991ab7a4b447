/**
 * What runs in the target to read its memory: plain ES5, each part in a `try`, since engines and versions differ in
 * what they offer. A reading is a line of JSON, the cheapest thing to send back; {@link parseReading} knows its order.
 */

/**
 * The modules that the reader needs, from wherever this Node offers them to scripts; null where it does not.
 */
export const MODULES = `(function () {
  try {
    var load = process.getBuiltinModule || (process.mainModule && process.mainModule.require.bind(process.mainModule));
    return load ? { v8: load('v8'), hooks: load('perf_hooks') } : null;
  } catch (error) { return null; }
})()`;

/**
 * The same for an ES module entry on a Node without `process.getBuiltinModule`. The command line API offers them
 * always. Only an object may be made with it: a function would keep the console's `require`, and with it every
 * module, in its retaining paths.
 */
export const MODULES_OF_CONSOLE = `({ v8: require('v8'), hooks: require('perf_hooks') })`;

/** The event loop's delay is looked at so often, ms: 50 wakeups a second of an idle program, some µs each. */
const DELAY_RESOLUTION_MS = 20;

/**
 * Called with the modules (or null) as `this`, makes the reading function. With `observe` it also listens to
 * collections and watches the event loop; `reader.stop()` ends both. The listener knows the reader only weakly: when
 * the session ends without a word (an editor that crashed), nothing holds the reader any more, and at the next
 * collection the listener takes itself away.
 */
export const MAKE_READER = `function (observe) {
  var v8 = this && this.v8, hooks = this && this.hooks;
  var stringify = JSON.stringify, now = Date.now, memoryUsage = process.memoryUsage;
  var clock = typeof performance === 'object' ? performance : hooks ? hooks.performance : null;
  // Deno has these, and they tell nothing: no collection, an event loop that never works, timers as the only resources.
  var isDeno = !!(process.versions && process.versions.deno);
  var loop = observe && !isDeno && hooks && hooks.performance && hooks.performance.eventLoopUtilization ? hooks.performance : null;
  var resourcesOf = observe && !isDeno && process.getActiveResourcesInfo;
  var counts = null, histograms = null, lastLoop = null, lastCpu = null, resources = null, resourcesDue = 0, stopped = false;

  function watch(isAlive) {
    if (isDeno) return null;
    counts = [0, 0, 0, 0, 0];
    // An error in here would end the program. Node delivers what it has queued also after the observer was disconnected,
    // and the inspector interrupts the loop to call \`stop\` or to take the counts.
    var observer = new hooks.PerformanceObserver(function (list) {
      if (!isAlive()) return stop();
      var entries = list.getEntries();
      for (var i = 0; i < entries.length; i++) {
        var sums = counts;
        if (!sums) return;
        var pause = entries[i].duration;
        var kind = entries[i].detail ? entries[i].detail.kind : entries[i].kind;
        sums[kind === 1 || kind === 2 ? 0 : kind === 4 ? 1 : 2]++;
        sums[3] += pause;
        if (pause > sums[4]) sums[4] = pause;
      }
    });
    observer.observe({ entryTypes: ['gc'] });
    return observer;
  }
  var observer = null;
  function stop() {
    stopped = true;
    try { if (observer) observer.disconnect(); } catch (error) {}
    try { if (histograms) histograms.forEach(function (each) { each.disable(); }); } catch (error) {}
    observer = histograms = counts = null;
  }
  function collections() {
    if (!counts) return null;
    var result = counts;
    counts = [0, 0, 0, 0, 0];
    return result;
  }
  // A histogram forgets the turn that is under way when it is reset, which may be the very one that takes seconds. So
  // there are two, the older one is read and reset in its turn, and neither while no turn passes.
  function eventLoop() {
    if (!loop || !histograms) return null;
    var before = lastLoop;
    lastLoop = loop.eventLoopUtilization();
    var share = before ? loop.eventLoopUtilization(lastLoop, before).utilization : lastLoop.utilization;
    var older = histograms[0], turns = older.count - older.seen;
    older.seen = older.count;
    if (turns === 0) return [0, 0, share, 0];
    var delay = [older.mean / 1e6 - ${DELAY_RESOLUTION_MS}, older.max / 1e6 - ${DELAY_RESOLUTION_MS}, share, turns];
    older.reset();
    older.seen = 0;
    histograms.reverse();
    histograms[0].seen = histograms[0].count;
    return delay;
  }
  function histogram() {
    var made = hooks.monitorEventLoopDelay({ resolution: ${DELAY_RESOLUTION_MS} });
    made.enable();
    made.seen = 0;
    return made;
  }
  function activeResources() {
    if (!resourcesOf) return null;
    var start = clock.now();
    if (start < resourcesDue) return resources;
    var names = process.getActiveResourcesInfo();
    resources = {};
    for (var i = 0; i < names.length; i++) resources[names[i]] = (resources[names[i]] || 0) + 1;
    var end = clock.now();
    // Ten thousands of them take a while to list: never more than a thousandth of the time.
    resourcesDue = end + Math.max(900, 1000 * (end - start));
    return resources;
  }
  function attempt(part) {
    try { return part(); } catch (error) { return null; }
  }
  function heap() {
    var h = v8.getHeapStatistics();
    return [h.heap_size_limit, h.malloced_memory, h.total_heap_size_executable, h.number_of_native_contexts,
      h.number_of_detached_contexts];
  }
  function spaces() {
    var list = v8.getHeapSpaceStatistics(), result = [];
    for (var i = 0; i < list.length; i++) result.push(list[i].space_name, list[i].space_used_size, list[i].space_size);
    return result;
  }
  function cpu() {
    var before = lastCpu, usage = process.cpuUsage();
    lastCpu = usage.user + usage.system;
    return before === null ? null : (lastCpu - before) / 1000;
  }
  function uptime() { return clock.now(); }

  function makeReader() {
    var reader = function () {
      var m = memoryUsage();
      var reading = [now(), attempt(uptime), m.heapUsed, m.heapTotal, m.rss, m.external, m.arrayBuffers || 0];
      reading.push(v8 ? attempt(heap) : null);
      if (observe) {
        reading.push(v8 ? attempt(spaces) : null);
        if (stopped) reading.push(null, null, null, null);
        else reading.push(attempt(collections), attempt(eventLoop), attempt(cpu), attempt(activeResources));
      }
      return stringify(reading);
    };
    reader.stop = function () { stop(); };
    return reader;
  }
  var reader = makeReader();
  if (observe && hooks) {
    try {
      var weak = new WeakRef(reader);
      observer = watch(function () { return weak.deref() !== undefined; });
    } catch (error) {}
    try { if (loop) histograms = [histogram(), histogram()]; } catch (error) {}
  }
  return reader;
}`;

/** The numbers of one reading as they come: those that an engine does not tell are null. */
export type Reading = [
  at: number,
  uptime: number | null,
  heapUsed: number,
  heapTotal: number,
  rss: number,
  external: number,
  arrayBuffers: number,
  heap: [limit: number, malloced: number, code: number, contexts: number, detached: number] | null,
  spaces?: (string | number)[] | null,
  gc?: [minor: number, major: number, steps: number, pauseMs: number, longestMs: number] | null,
  eventLoop?: [meanMs: number | null, worstMs: number, utilisation: number, turns: number] | null,
  cpuMs?: number | null,
  resources?: Record<string, number> | null,
];

/** A reading from the line that the target sent; null when it is not one. */
export function parseReading(line: unknown): Reading | null {
  if (typeof line !== 'string') return null;
  try {
    const reading: unknown = JSON.parse(line);
    if (!Array.isArray(reading)) return null;
    // The stopwatch stands between the clock and the sizes, and may be missing.
    const [at, , ...sizes] = reading;
    const isReading = sizes.length > 5 && [at, ...sizes.slice(0, 5)].every(Number.isFinite);
    return isReading ? (reading as Reading) : null;
  } catch {
    return null;
  }
}

import { callSitesSource } from './call-sites';

/**
 * For {@link NotedCalls}: puts recording functions in place of the global timers, which note the names of what they will
 * call; `stop` puts the timers back.
 */
export const timerCalls = `(function (limit) {
  ${callSitesSource}
  const calls = callSites(limit);
  const replaced = [];
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    if (!before || !before.configurable || typeof before.value !== 'function') continue;
    const original = before.value;
    const wrapper = function (...args) {
      calls.record(wrapper, () => (typeof args[0] === 'function' ? args[0].name.replace(/^bound /, '') : ''));
      return Reflect.apply(original, this, args);
    };
    const { prototype, ...own } = Object.getOwnPropertyDescriptors(original);
    Object.defineProperties(wrapper, own);
    Object.defineProperty(globalThis, name, { ...before, value: wrapper });
    replaced.push([name, before, wrapper]);
  }
  return calls.handle(() => {
    for (const [name, before, wrapper] of replaced)
      if (globalThis[name] === wrapper) Object.defineProperty(globalThis, name, before);
  });
})`;

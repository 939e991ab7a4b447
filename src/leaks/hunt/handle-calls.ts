import { callSitesSource } from './call-sites';

/**
 * For {@link NotedCalls}: notes where native handles (sockets, parsers, watchers) are made, by an async hook that `stop`
 * takes off again. Answers null where the target gives no access to Node's modules.
 */
export const handleCalls = `(function (limit) {
  ${callSitesSource}
  const load = process.getBuiltinModule || (typeof require === 'function' ? require : null);
  if (!load) return null;
  const calls = callSites(limit);
  const passing = /^(PROMISE|TickObject|Timeout|Immediate|Microtask|RANDOM.*|(?!HTTP).*REQ.*|.*CONNECTWRAP|.*SHUTDOWNWRAP|WRITEWRAP)$/;
  const hook = load('async_hooks').createHook({
    init(id, type) { if (!passing.test(type)) calls.record(undefined, () => type); },
  }).enable();
  return calls.handle(() => hook.disable());
})`;

/** The kinds of async resources that stand behind an object of Node's; null for any. */
export function resourcesOf(constructorName: string): RegExp | null {
  // The sockets of `net` and `dgram` are both called so.
  if (constructorName === 'Socket') return /^(TCP|PIPE|TLS|UDP)/;
  if (/Socket|TCP|Pipe|TLS/.test(constructorName)) return /^(TCP|PIPE|TLS)/;
  if (/HTTPParser|IncomingMessage|ServerResponse/.test(constructorName)) return /^HTTP/;
  if (/UDP|Dgram/.test(constructorName)) return /^UDP/;
  if (/FSWatcher|FSEvent|StatWatcher/.test(constructorName)) return /^(FSEVENT|STATWATCHER)/;
  return null;
}

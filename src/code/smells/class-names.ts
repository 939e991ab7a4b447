/** What the name of a class says about how long its objects live. */
export type LifetimeByName = 'named' | 'unknown' | 'short';

/** Of these a program has few, and they stay. */
const SINGLETON_NAME =
  /(Service|Cache|Store|Storage|Registry|Repository|Controller|Provider|Gateway|Manager|Limiter|Pool|Server|Adapter|App|Application|Bot|Broker|Hub|Daemon|Client|Database|Datastore|DB|Watcher|Monitor|Tracker|Engine|Router|Loader|Dispatcher|Scheduler|Swarm|Cluster|Bus|Pub[sS]ub|Bridge|Proxy|Synchronizer|Subsystem|Network|Enforcer|Presence|Directory|Resolver|Collection|Container|Supervisor|Orchestrator|Coordinator|Throttler|Notifier|Handler|Repo|Metrics|Telemetry|Analytics|Factory|Renderer|Templates|Sessions|Deduper|Deduplicator|Locks?|Mutex|Middleware|RateLimit|Memory|Extension|Plugin|Driver|Agent|Exporter|Translator|Localizer|Validator|Retrier|Breakers|Board|Crawler|Queue|Api|API)$|^(In)?Memory[A-Z]/;
/** What comes and goes with one piece of work. */
const SHORT_LIVED_NAME =
  /(Context|Builder|Visitor|Walker|Parser|Compiler|Compilation|Generator|Printer|Scope|Transform(er)?|Request|Response|Session|Connection|Socket|Node|Test|Runner|Job|Task|Query|Command|Document|Transaction|Stream|Reader|Writer|Iterator|Result|Error|Event|Message|Report|Stats|Span|Trace|Frame|Page|Call|Item|Entry|Record|Packet|Lexer|Tokenizer|Serializer|Deserializer|Batch|Plan|Graph|Tree|Collector|Setup|State|Element|Text|Attr|Info|Range|Cursor|Entity|Model|Row|Cell)$/;

/** True where what is called so is there for long. */
export function isNamedForLong(className: string): boolean {
  return lifetimeByName(className) === 'named';
}

/** `named`: there for long; `short`: gone with one piece of work. */
export function lifetimeByName(className: string): LifetimeByName {
  if (/^(Test|Mock|Fake|Stub|Dummy)[A-Z]/.test(className) || SHORT_LIVED_NAME.test(className)) return 'short';
  return SINGLETON_NAME.test(className) ? 'named' : 'unknown';
}

/** What a class is for without what kind of class it is: of `TokenService` `Token`. */
export function withoutKind(className: string): string {
  return className.replace(SINGLETON_NAME, '');
}

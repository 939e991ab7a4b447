/**
 * What the name of a key says about how many different ones there may be. Programs are consistent in this: an id of a
 * session, an address or a text comes from outside and never ends; a type, a rule or a plugin is part of the program.
 */

/** Of which there may be any number. */
const OPEN =
  /^(tokens?|nonces?|jti|jwt|ips?|addr(ess)?|host(name)?|origin|urls?|uri|href|link|query|sql|expr(ession)?|pattern|glob|regexp?|str|string|text|source|src|content|contents|message|msg|body|digest|hash|checksum|fingerprint|input|selector|e?mail|phone|uids?|uuid|guid|users?|userid|username|session|sid|room|chat|thread|peer|request|req|response|conversation|player|member|customer|order|payment|tenant|tx|txid|hex|from|sender|recipient|keyword|prop|property|fmt|params?|subject|term|search|word|nick(name)?|author|socket|conn(ection)?|subdomain|cid|signature|credentials|auth|date|time(stamp)?|seq|pr|issue|ticket|call|account|wallet|team|guild|enterprise|org|organization|company|workspace|torrent|event|visitor|transaction|document|doc|frame|domain|cart|post|comment|participant|lobby|vessel|vehicle|sensor|tweet|upload|correlation|interaction|reaction|invite|friend|follower|contact|jid|snowflake|product|sku|isbn|article|song|track|booking|reservation|shipment|student|employee|patient|trade|auction|match|tournament|quiz|question|survey|slug|coupon|voucher|poll|meeting|recipe|movie|video|photo|passenger|ride|parcel|lead|bid|servername|sni|sha|commit|branch|oid|xid|mmsi|imei|iban|household|bidder|reader|owner|buyer|seller|viewer|caller|rider|guest|borrower|applicant|candidate|respondent|donor|streamer|creator|voter|speaker|attendee|referr?er|plate|barcode|ean|asin|doi|cve|lat|lon|lng|latitude|longitude|coords?|coordinates?|postcode|zip(code)?|ua|useragent)$/;

/** Of which a program has what its code, its configuration or its disk has. */
const PART =
  /^(builtin|mime|protocol|scheme|prototype|proto|klass|cls|meta|types?|kind|level|modules?|packages?|pkg|plugins?|theme|rules?|method|verb|hooks?|command|cmd|model|schema|table|collection|db|database|column|fields?|attribute|class|ctor|constructor|encoding|extension|ext|mode|features?|version|platform|os|provider|engine|adapter|driver|queue|priority|opcode|flag|option|opts|dsn|setting|config|configuration|layout|partial|component|directive|tool|func(tion)?|fn|callback|handler|listener|shim|enum|stage|phase|step|unit|color|interface|dialect|metadata|layer|strategy|policy|mechanism|algorithm|alg|env|environment|definition|def|factory|feature|helper|filter|test|suite|spec|plan|tier|role|permission|variant|status|fork|partition|replica|shard)$/;

/** Of these a program mostly has as many as were written or configured; those who use it may name others. */
const CLOSED =
  /^(strings|root|chain|network|channel|prefix|suffix|category|buckets?|metrics?|labels?|scope|ns|namespace|zone|size|len(gth)?|width|height|index|idx|depth|count|state|endpoint|route|files?|filename|filepath|dir(ectory)?|folder|view|section|group|store|backend|transport|alias|pid|release|accessory|cluster|node|server|region|flow|workers?|symbol|ticker)$/;

/** `frame.filename`: there are as many as the disk has, whoever names one. */
export function namesFile(name: string): boolean {
  return wordsOf(name).some((part) => /^(files?|filename|filepath|dir(ectory)?|folder)$/.test(part));
}

/** A program knows a few of these, and requests name whatever they like. */
const CHOSEN = /^(lang(uage)?|locale|timezone|tz|currency)$/;

/** An address of one of these is written down by whoever starts the program. */
const CONFIGURED_ADDRESS =
  /^(api|base|root|metadata|server|service|endpoint|registry|issuer|proxy|gateway|backend|upstream|authority|cloud|rpc|webhook|cluster|broker|connection|database|db|redis|mongo)$/;
/** One of these is as good as the thing that has it, which somebody bought and put there. */
const OF_HARDWARE = /^(ieee|mac|bluetooth|ble|hardware|hw|physical|eui|device|modbus|knx)$/;
const ADDRESS = /^(url|uri|host|hostname|origin|href|addr|address|domain)$/;

/** Of these, many are a list, which is a key by what it is and not by what is in it. */
const TEXT = /^(str|string|text|src|content|arg)$/;

/** They say nothing by themselves: the word before, or the object that has them, does. */
const GENERIC =
  /^(id|ids|key|keys|name|names|value|values|val|str|string|item|entry|k|n|s|x|raw|new|old|orig(inal)?|current|next|unknown|lower|normalized|full|the|data|object|obj|number|no|num|list|map|info|ref)$/;

/** `userId` → `user`, `id`; `_queue_name` → `queue`, `name`. */
export function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .filter((part) => part !== '')
    .map((part) => part.toLowerCase());
}

/**
 * From -2.5 (a few, the program's own) over -2 (mostly so) to 2 (any number), 0 where the name says nothing. The last telling word decides:
 * `pluginId` is a plugin's, `unknownRuleName` a rule's.
 */
export function opennessOfName(name: string): number {
  const parts = wordsOf(name);
  for (let at = parts.length - 1; at >= 0; at--) {
    const part = parts[at]!;
    const before = parts[at - 1] ?? '';
    if (ADDRESS.test(part) && OF_HARDWARE.test(before)) return -2.5;
    if (ADDRESS.test(part) && CONFIGURED_ADDRESS.test(before)) return 0;
    if (before === 'accept') return 2;
    if (part === 'event' && /^names?$/.test(parts[at + 1] ?? '')) return -2.5;
    if (/.(type|kind|mode)$/.test(part)) return -2.5;
    // `ruleString` is that of a rule.
    if (/^(str|string)$/.test(part) && opennessOfName(before) <= -2) return opennessOfName(before);
    const single = part.replace(/(?<=\w{3})s$/, '');
    if (PART.test(part) || PART.test(single)) return -2.5;
    if (CLOSED.test(part) || CLOSED.test(single)) return -2;
    if (CHOSEN.test(part) || CHOSEN.test(single)) return -1.5;
    if (OPEN.test(part) || (OPEN.test(single) && !TEXT.test(single))) return 2;
  }
  const last = parts.at(-1);
  if (last === 'id') return parts.length > 1 && !name.includes('_') ? 1.5 : 1;
  const isKeyOf = (kinds: RegExp) => last === 'key' && parts.some((part) => kinds.test(part));
  if (isKeyOf(/^(dedupe?|idempotency|idem)$/)) return 2;
  if (isKeyOf(/^(cache|memo|lookup|composite|compound|unique)$/)) return 1;
  if (last === 'name' || last === 'names') return -1;
  return 0;
}

/**
 * The same of a collection's name: `sessionsByUser` holds sessions, `messageChannelCache` channels. A word further ahead says
 * nothing of what is in it.
 */
export function opennessOfEntries(collection: string): number {
  return opennessOfName(wordForEntries(collection));
}

/** True of `sessions`, `roomsByUser`: of what comes and goes with those who use the program. */
export function holdsLiveThings(collection: string): boolean {
  return /^(session|user|room|player|peer|visitor|socket|conversation|chat|member|guest|torrent|participant)s?$/.test(
    wordForEntries(collection),
  );
}

function wordForEntries(collection: string): string {
  const parts = wordsOf(collection);
  const by = parts.indexOf('by');
  const entries = (by > 0 ? parts.slice(0, by) : parts).filter((part) => !CONTAINER.test(part));
  return entries.at(-1) ?? '';
}

const CONTAINER =
  /^(cache|caches|map|maps|set|list|table|dict|dictionary|index|lookup|memo|store|storage|by|id|ids|data|info|states?|seq|queues?)$/;

/** `lastTimes`, `fileHashes`: what is kept of each, not by what it is kept. */
export function holdsValues(collection: string): boolean {
  return VALUE.test(wordForEntries(collection));
}

const VALUE =
  /^(times?|timestamps?|dates?|hash(es)?|digests?|checksums?|contents?|texts?|sources?|strings?)$/;

/** `connectionUrl`, `glob`, `path`: there may be any number, and as often they are the few that somebody configured. */
export function namesWhatIsConfigured(name: string): boolean {
  return wordsOf(name).some((part) => ADDRESS.test(part) || LOCATES.test(part));
}

/** `connectionUrl`, `brokerHost` */
export function isConfiguredAddress(name: string): boolean {
  const parts = wordsOf(name);
  return parts.some((part, at) => ADDRESS.test(part) && CONFIGURED_ADDRESS.test(parts[at - 1] ?? ''));
}

const LOCATES =
  /^(urls|hosts|address(es)?|origins?|endpoints?|paths?|routes?|globs?|patterns?|regexp?|selectors?|topics?|channels?|devices?)$/;

/** True where a name says nothing of what it names without the object that it belongs to: `plugin.id`, `user.name`. */
export function isGenericName(name: string): boolean {
  return wordsOf(name).every((part) => GENERIC.test(part));
}

/**
 * What the name of a key says about how many different ones there may be. Programs are consistent in this: an id of a
 * session, an address or a text comes from outside and never ends; a type, a rule or a plugin is part of the program.
 */

/** Of which there may be any number. */
const OPEN =
  /^(tokens?|nonces?|jti|jwt|ips?|addr(ess)?|host(name)?|origin|urls?|uri|href|link|query|sql|expr(ession)?|pattern|glob|regexp?|str|string|text|source|src|content|contents|message|msg|body|digest|hash|checksum|fingerprint|input|selector|e?mail|phone|uids?|uuid|guid|users?|userid|username|session|sid|room|chat|thread|peer|request|req|response|conversation|player|member|customer|order|payment|tenant|tx|txid|hex|from|sender|recipient|keyword|prop|property|fmt|params?|subject|term|search|word|nick(name)?|author|socket|conn(ection)?|subdomain|cid|signature|secret|credentials|auth|date|time(stamp)?|seq|pr|issue|ticket|call|account|wallet|team|guild|enterprise|org|organization|company|workspace|torrent|event|visitor)$/;

/** Of which a program has what its code, its configuration or its disk has. */
const CLOSED =
  /^(strings|builtin|types?|kind|prefix|suffix|level|lang(uage)?|locale|modules?|packages?|pkg|plugins?|theme|rules?|method|verb|hooks?|command|cmd|model|schema|table|column|fields?|attribute|class|ctor|constructor|encoding|extension|ext|mode|category|features?|version|platform|os|provider|engine|adapter|driver|queue|buckets?|metrics?|labels?|scope|ns|namespace|zone|profile|size|len(gth)?|width|height|index|idx|priority|depth|count|opcode|flag|status|state|endpoint|route|option|setting|config|files?|filename|filepath|dir(ectory)?|folder|view|layout|partial|component|directive|tool|func(tion)?|fn|callback|handler|listener|shim|symbol|enum|stage|phase|step|section|group|store|backend|transport|timezone|tz|unit|currency|color|interface|metadata|layer|strategy|policy|mechanism|algorithm|alg|alias|pid|env|environment|release|definition|def|factory|accessory|db|database|collection|cluster|node|server|partition|replica|shard|region|feature|helper|filter|flow|test|suite|spec)$/;

/** Of these, many are a list, which is a key by what it is and not by what is in it. */
const TEXT = /^(str|string|text|src|content|arg)$/;

/** They say nothing by themselves: the word before, or the object that has them, does. */
const GENERIC =
  /^(id|ids|key|keys|name|names|value|values|val|str|string|item|entry|k|n|s|x|raw|new|old|orig(inal)?|current|next|unknown|lower|normalized|full|the|data|object|obj|number|no|num|list|map|info|ref)$/;

/** `userId` → `user`, `id`; `_queue_name` → `queue`, `name`. */
function partsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .filter((part) => part !== '')
    .map((part) => part.toLowerCase());
}

/**
 * From -2 (a few, the program's own) to 2 (any number), 0 where the name says nothing. The last telling word decides:
 * `pluginId` is a plugin's, `unknownRuleName` a rule's.
 */
export function opennessOfName(name: string): number {
  const parts = partsOf(name);
  for (let at = parts.length - 1; at >= 0; at--) {
    const part = parts[at]!;
    const single = part.replace(/(?<=\w{3})s$/, '');
    if (CLOSED.test(part) || CLOSED.test(single)) return -2;
    if (OPEN.test(part) || (OPEN.test(single) && !TEXT.test(single))) return 2;
  }
  const last = parts.at(-1);
  if (last === 'id') return 1;
  if (last === 'key' && parts.some((part) => /^(cache|memo|lookup|composite|compound|unique)$/.test(part)))
    return 1;
  if (last === 'name' || last === 'names') return -1;
  return 0;
}

/** True where a name says nothing of what it names without the object that it belongs to: `plugin.id`, `user.name`. */
export function isGenericName(name: string): boolean {
  return partsOf(name).every((part) => GENERIC.test(part));
}

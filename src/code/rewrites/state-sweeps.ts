import ts from 'typescript';
import { addedValue } from '../smells/stored-values';
import type { UnboundedCollection } from '../smells/unbounded-collection';

/** What names a time in an entry, and whether it is the one at which the entry ends. */
const ENDS = /^(expir\w*|exp|ends?(At)?|until|validUntil|resetAt|resetTime|deadline)$/;
const BEGAN =
  /^(at|ts|time|timestamp|since|start(ed)?(At)?|created(At)?|updated(At)?|last\w*|first\w*|seen(At)?|windowStart)$/;

/**
 * A timer that removes what is over, written for what the entries hold; where they hold no time, what has to be kept first.
 * @param when says what time that is, @param field is what it would be called
 */
export function sweepOf(collection: UnboundedCollection, when: string, field: 'expires' | 'at'): string {
  const { name, type, place } = collection;
  const target = targetOf({ name, place });
  const known = timeOf(collection);
  const time = known ?? { text: `entry.${field}`, ends: field === 'expires' };
  const loop = `for (const [key, entry] of ${type === 'object' || type === 'array' ? `Object.entries(${target})` : target})`;
  const over = time.ends ? `${time.text} < Date.now()` : `${time.text} < Date.now() - windowMs`;
  const line = `setInterval(() => { ${loop} if (${over}) ${removal(target, type, 'key')}; }, ${time.ends ? '60_000' : 'windowMs'}).unref()`;
  return known
    ? `For instance ${code(line)}.`
    : `Keep with each entry ${when} (${type === 'Set' ? 'in a Map, ' : ''}as \`${field}\`), then ${code(line)}.`;
}

/** Where an entry that is added has a time: `Date.now()` itself, or a property that is called so. */
function timeOf({ uses }: UnboundedCollection): { text: string; ends: boolean } | null {
  for (const use of uses) {
    const value = addedValue(use);
    if (!value) continue;
    if (isNow(value)) return { text: 'entry', ends: false };
    if (!ts.isObjectLiteralExpression(value)) continue;
    for (const { name } of value.properties) {
      const text = name?.getText() ?? '';
      if (ENDS.test(text)) return { text: `entry.${text}`, ends: true };
      if (BEGAN.test(text)) return { text: `entry.${text}`, ends: false };
    }
  }
  return null;
}

function isNow(value: ts.Expression): boolean {
  return /^(Date\.now\(\)|performance\.now\(\)|\+?new Date\(\)(\.getTime\(\))?)$/.test(value.getText());
}

/** Code within a sentence, set in backticks as Markdown has them, also where it has some itself. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** As the class, or the module, names it. */
export function targetOf({ name, place }: Pick<UnboundedCollection, 'name' | 'place'>): string {
  return place === 'instance' ? `this.${name.text}` : name.text;
}

/** The statement that takes one entry out. */
export function removal(target: string, type: UnboundedCollection['type'], key: string): string {
  if (type === 'object') return `delete ${target}[${key}]`;
  return type === 'array' ? `${target}.splice(${target}.indexOf(entry), 1)` : `${target}.delete(${key})`;
}

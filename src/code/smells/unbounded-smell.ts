import type { GrowthEvidence, Smell } from '../../protocol/code';
import { positionOf, shortened, whereIs } from '../positions';
import { enclosingFunction, type ParsedFile } from '../program/parsed-file';
import { isOfAnswerInTime, isOfCalledOffTimer } from './answers-in-time';
import type { CollectionDeclaration } from './collection-declarations';
import type { CollectionUse } from './collection-uses';
import { isOfCountedToLimit } from './counted-to-limit';
import { isOfExpiredWhenRead } from './expired-when-read';
import { nameOfFunctionAround } from './function-names';
import { isUnderPartOfKey } from './misdirected-removals';
import { isOfFailure } from './removals';
import { isRemovalNeverRun } from './removals-never-run';
import { isMeasured, type UnboundedCollection } from './unbounded-collection';

/** The smell of a finding, with how sure it is by itself and when it was measured to grow. */
export function toSmell(
  file: ParsedFile,
  collection: UnboundedCollection,
  evidence: readonly GrowthEvidence[],
): Omit<Smell, 'rewrites'> {
  const { name, place, uses, owner, role } = collection;
  const position = positionOf(file, name.getStart(file.source));
  const adding = uses.find((use) => use.kind === 'add' && enclosingFunction(use.node) !== null);
  const where = adding ? whereIs(file, adding.node) : `line ${position.line}`;
  const key = adding?.kind === 'add' && adding.key ? ` from ${shortened(adding.key)}` : '';
  const holder = place === 'module' ? 'module' : place === 'closure' ? 'closure' : `${place} field`;
  const measured = isMeasured(file, collection, evidence);
  return {
    id: `unbounded-collection:${owner ? `${owner}.` : ''}${name.text}`,
    rule: 'unbounded-collection',
    file: file.file,
    identifier: name.text,
    role,
    range: { start: name.getStart(file.source), end: name.getEnd() },
    position,
    severity: measured ? 'warning' : place === 'module' || place === 'static' ? 'information' : 'hint',
    message: `${whatRemoves(file, uses)} ${whatKeeps(collection, holder)}: they are added in ${where}${key}, and it lives as long as ${lifetimeIn(place, owner)}.`,
  };
}

/** What there is to read in the code, and bounds nothing. */
function whatRemoves(file: ParsedFile, uses: readonly CollectionUse[]): string {
  for (const use of uses) {
    const said = use.kind === 'remove' ? whatItRemoves(file, use, uses) : null;
    if (said) return said;
  }
  return 'Nothing ever removes entries from';
}

const NOTHING_ELSE = 'and nothing else ever removes entries from';

function whatItRemoves(file: ParsedFile, use: CollectionUse, uses: readonly CollectionUse[]): string | null {
  const where = whereIs(file, use.node);
  if (isUnderPartOfKey(use, uses))
    return `The delete in ${where} asks for a part of the key only, so that nothing ever removes entries from`;
  if (isOfExpiredWhenRead(use, uses))
    return `What has expired is removed in ${where} only when it is asked for again, ${NOTHING_ELSE}`;
  if (isOfAnswerInTime(use, uses))
    return `An answer removes its entry in ${where}, what times out stays, ${NOTHING_ELSE}`;
  if (isOfCalledOffTimer(use, uses))
    return `What times out is removed in ${where}, an answer leaves its entry, ${NOTHING_ELSE}`;
  if (isOfCountedToLimit(use, uses))
    return `What has reached its limit is removed in ${where}, ${NOTHING_ELSE}`;
  if (isOfFailure(use)) return `What failed is removed in ${where}, ${NOTHING_ELSE}`;
  if (isRemovalNeverRun(file, use, uses))
    return `Nothing calls ${nameOfFunctionAround(use.node)}, which removes in ${where}, ${NOTHING_ELSE}`;
  return null;
}

/** `this module Map`, `the cache of memoizee behind this module function` */
function whatKeeps({ type, library }: CollectionDeclaration, holder: string): string {
  if (type === 'memoized') return `${library?.title} behind this ${holder} function`;
  return `this ${holder} ${library?.title ?? type}`;
}

/** What has to live on for the collection to. */
function lifetimeIn(place: CollectionDeclaration['place'], owner: string): string {
  if (place === 'module' || place === 'static') return 'the program';
  if (place === 'closure') return 'the function that keeps it';
  return owner === '' ? 'its object' : `the ${owner} that holds it`;
}

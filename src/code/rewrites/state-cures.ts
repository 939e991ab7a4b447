import { isOfAnswerInTime, isOfCalledOffTimer } from '../smells/answers-in-time';
import { wholeKeyOf } from '../smells/misdirected-removals';
import type { UnboundedCollection } from '../smells/unbounded-collection';
import { code, removal, sweepOf, targetOf } from './state-sweeps';

/** What to do instead of a limit, with a line to copy: state ends with its owner, or with time. */
export function cureOfState(collection: UnboundedCollection): string {
  const { name, type, place } = collection;
  const target = targetOf({ name, place });
  if (/session|token|nonce/i.test(name.text))
    return `Use a session store that expires, or sweep. ${sweepOf(collection, 'when it ends', 'expires')}`;
  if (/socket|connection|client|peer|subscri|listener|player|room/i.test(name.text))
    return `Remove the entry where its owner ends, for instance ${code(`owner.once('close', () => ${removal(target, type, 'key')})`)}.`;
  if (/limit|bucket|hits|attempt|count|stat|metric/i.test(name.text))
    return `Forget what is older than its window. ${sweepOf(collection, 'when it was last changed', 'at')}`;
  return `Remove entries where their owner ends: ${code(removal(target, type, 'key'))}.`;
}

/**
 * Where the delete that is missing belongs: under the whole key, in the timer that gives up, in the answer that calls a timer off; null
 * where nothing shows that there should be one.
 */
export function cureOfRemoval({ name, type, place, uses }: UnboundedCollection): string | null {
  const target = targetOf({ name, place });
  const whole = uses.map((use) => wholeKeyOf(use, uses)).find((key) => key !== null);
  if (whole)
    return `Its entries are meant to be deleted, under the key that they are added with: ${code(removal(target, type, whole.getText()))}.`;
  const added = uses.find((use) => use.kind === 'add');
  // What is called makes another key the next time.
  const key = added?.kind === 'add' && !added.key.includes('(') ? added.key : 'key';
  const whatLeaves = uses.some((use) => isOfAnswerInTime(use, uses))
    ? 'the timer gives up'
    : uses.some((use) => isOfCalledOffTimer(use, uses))
      ? 'the answer comes'
      : null;
  return (
    whatLeaves &&
    `Its entries wait for an answer, and a limit would drop one that may still come. Remove them where ${whatLeaves}, too: ${code(removal(target, type, key))}.`
  );
}

import type { SourcePosition } from '../../protocol/source';
import { findMadeProperty } from '../../source/given-properties';
import type { SourceLocator } from '../../source/locator';
import type { Attribution } from '../attribution';
import { packageOf } from '../packages';

/** Where what grows is at home: the line that makes it, and the package of that line. */
export type Home = Pick<Attribution, 'location' | 'package'>;

/**
 * An object's declaration may say nothing of the collection that hangs on it: then the script that adds to it is asked
 * where it is made. What has no declaration at all (Node's own `module.children`) is at home where it is filled.
 * @param added Where it is filled, as far as that is known.
 */
export async function homeOf(
  { location, given, package: declaredIn }: Pick<Attribution, 'location' | 'given' | 'package'>,
  added: SourcePosition | null,
  locator: SourceLocator,
): Promise<Home> {
  // Of a program's own, the declaration is what its author knows it by.
  const isOwn = location !== null && packageOf(location.file) === null;
  const made = added && !isOwn && given.length > 0 ? await madeBeside(added, given, locator) : null;
  if (made) return { location: made, package: packageOf(made.file) };
  if (location || !added) return { location, package: declaredIn };
  return { location: added, package: declaredIn ?? packageOf(added.file) };
}

async function madeBeside(
  { file, generated }: SourcePosition,
  names: readonly string[],
  locator: SourceLocator,
): Promise<SourcePosition | null> {
  const scriptId = locator.scriptOf(generated?.file ?? file);
  return scriptId === null ? null : findMadeProperty(locator, scriptId, names);
}

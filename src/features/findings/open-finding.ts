import { HeapwrightError } from '../../protocol/errors';
import { showPosition } from '../workbench/show-position';
import type { TrackedFindings } from './tracked-findings';

/** Opens the line that declares what grew, in the editor beside the panel if the panel fills the only one. */
export async function openFinding(tracked: TrackedFindings, key: string, place?: 'added'): Promise<void> {
  const found = tracked.byKey(key);
  const added = place === 'added' ? found?.finding.addedAt : undefined;
  if (found && added) return await showPosition(added.file, added.line - 1, added.column - 1);
  if (!found) {
    throw new HeapwrightError(
      'file-not-found',
      'The source line of this finding is not known.',
      'Its script has no source map, or the snapshot was opened without its script table.',
    );
  }
  await showPosition(found.file, found.line, (found.finding.location?.column ?? 1) - 1);
}

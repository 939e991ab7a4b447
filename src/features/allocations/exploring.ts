import type { ProfileExplorer } from '../../allocations/profile-explorer';
import type { AllocationsAction } from '../../protocol/allocations';
import { showPosition } from '../workbench/show-position';

/** What can be done with any profile, recorded or read from a file; other actions are left alone. */
export async function handleExploring(explorer: ProfileExplorer, action: AllocationsAction): Promise<void> {
  if (action.type === 'zoom') explorer.zoom(action.node);
  else if (action.type === 'search') explorer.search = action.text;
  else if (action.type === 'table') explorer.table = action.table;
  else {
    const position =
      action.type === 'openFrame'
        ? explorer.positionOf(action.node)
        : action.type === 'openRow'
          ? action.position
          : null;
    if (position) await showPosition(position.file, position.line - 1, position.column - 1);
  }
}

import { html, type TemplateResult } from 'lit';
import type { PanelState, SnapshotEntry } from '../../protocol/panel';
import { button, bytes, iconButton } from './controls';
import { send } from './host';

/** The list of snapshots, newest run first, with what can be done with each. */
export function snapshotsView(state: PanelState): TemplateResult {
  const { snapshots, selected } = state;
  return html`<section aria-labelledby="snapshots-title">
    <header class="section">
      <h2 id="snapshots-title">Snapshots</h2>
      ${button({
        label: 'Compare',
        icon: 'diff',
        testId: 'compare',
        disabled: selected.length < 2 || state.busy !== null,
        title: selected.length < 2 ? 'Tick at least two snapshots of one run, better three' : undefined,
        run: () => send({ type: 'compare' }),
      })}
    </header>
    ${
      snapshots.length === 0
        ? html`<p class="hint" data-testid="no-snapshots">
            None yet. Take three while the program works: what grows every time is a suspect.
          </p>`
        : html`<ul class="snapshots" data-testid="snapshots">
            ${runs(snapshots).map((run) => runItems(run, state))}
          </ul>`
    }
  </section>`;
}

/** Snapshots of one life of one process stand together; only they can be compared object by object. */
function runs(snapshots: readonly SnapshotEntry[]): SnapshotEntry[][] {
  const byRun = new Map<string, SnapshotEntry[]>();
  for (const snapshot of snapshots) {
    const run = byRun.get(snapshot.processKey);
    if (run) run.push(snapshot);
    else byRun.set(snapshot.processKey, [snapshot]);
  }
  return [...byRun.values()].sort((a, b) => b.at(-1)!.takenAt - a.at(-1)!.takenAt);
}

function runItems(run: readonly SnapshotEntry[], state: PanelState): TemplateResult {
  const [first] = run;
  const started = new Date(first!.takenAt);
  return html`<li class="run">
    <div class="run-title">
      <span class="codicon codicon-server-process" aria-hidden="true"></span>${first!.targetTitle}
      <span class="quiet">run of ${started.toLocaleString()}</span>
    </div>
    <ul>
      ${run.map((snapshot) => snapshotItem(snapshot, state))}
    </ul>
  </li>`;
}

function snapshotItem(snapshot: SnapshotEntry, { selected }: PanelState): TemplateResult {
  const { id, name } = snapshot;
  const isSelected = selected.includes(id);
  const toggle = () =>
    send({
      type: 'select',
      snapshotIds: isSelected ? selected.filter((other) => other !== id) : [...selected, id],
    });
  return html`<li class="snapshot" data-testid="snapshot">
    <label>
      <input type="checkbox" .checked=${isSelected} @change=${toggle} />
      <span class="name">${name}</span>
    </label>
    <span class="quiet">${new Date(snapshot.takenAt).toLocaleTimeString()}</span>
    <span class="quiet size">${bytes(snapshot.fileBytes)}</span>
    <span class="actions">
      ${iconButton({
        label: `Open ${name}`,
        icon: 'list-tree',
        testId: 'open-snapshot',
        run: () => send({ type: 'openSnapshot', snapshotId: id }),
      })}
      ${iconButton({
        label: `Save ${name} as…`,
        icon: 'save-as',
        testId: 'save-snapshot',
        run: () => send({ type: 'saveSnapshot', snapshotId: id }),
      })}
      ${iconButton({
        label: `Delete ${name}`,
        icon: 'trash',
        testId: 'delete-snapshot',
        run: () => send({ type: 'deleteSnapshot', snapshotId: id }),
      })}
    </span>
  </li>`;
}

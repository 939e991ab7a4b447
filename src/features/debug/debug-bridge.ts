import * as vscode from 'vscode';
import { processKeyOf } from '../../inspector/capture';
import { exposeObject, pointedObjectId, pointingExpression } from '../../inspector/shown-objects';
import { HeapwrightError } from '../../protocol/errors';
import { formatBytes, formatCount } from '../../protocol/figures';
import type { TargetSlot } from '../attach/target-slot';
import type { PanelModel } from '../panel/panel-model';
import type { OpenSnapshots } from '../snapshots/open-snapshots';
import type { SnapshotLibrary, StoredSnapshot } from '../snapshots/snapshot-library';
import type { SnapshotWorkflow } from '../snapshots/snapshot-workflow';
import { requireTarget } from '../snapshots/take-snapshot';
import type { DebugTargets } from './debug-targets';

/** What the Variables view hands to a command of its menu. */
interface VariableContext {
  readonly sessionId: string;
  readonly variable: { readonly name: string; readonly evaluateName?: string };
}

const PATHS = 12;
const SHOWN_PATHS = 5;

/** Between a stopped debugger and snapshots: what a variable retains, and an object of a snapshot in the console. */
export class DebugBridge {
  readonly #targets: DebugTargets;
  readonly #slot: TargetSlot;
  readonly #library: SnapshotLibrary;
  readonly #workflow: SnapshotWorkflow;
  readonly #open: OpenSnapshots;
  readonly #model: PanelModel;

  constructor(parts: {
    targets: DebugTargets;
    slot: TargetSlot;
    library: SnapshotLibrary;
    workflow: SnapshotWorkflow;
    open: OpenSnapshots;
    model: PanelModel;
  }) {
    this.#targets = parts.targets;
    this.#slot = parts.slot;
    this.#library = parts.library;
    this.#workflow = parts.workflow;
    this.#open = parts.open;
    this.#model = parts.model;
  }

  /**
   * Takes a snapshot while the program is stopped and shows what a variable of the stopped frame retains, and who
   * holds it besides.
   * @param show Called when there is something to see in the panel.
   */
  async retainedSize(context: unknown, show: () => void): Promise<void> {
    const { variable } = context as VariableContext;
    const frame = stoppedFrame();
    const name = variable.evaluateName ?? variable.name;
    const target = await this.#targets.profile(frame.session);
    await evaluate(frame, pointingExpression(name)).catch((error: unknown) => {
      throw notAnObject(name, error);
    });
    show();
    const entry = await this.#workflow.take();
    const id = await pointedObjectId(target.session);
    await this.#showObject(entry, id, name);
  }

  /**
   * Makes an object of a snapshot a variable of the stopped program and prints it into the Debug Console, where it can
   * be unfolded.
   */
  async showInConsole(snapshotId: string, objectId: number): Promise<void> {
    const entry = this.#library.require(snapshotId);
    const { session } = requireTarget(this.#slot.current);
    const frame = stoppedFrame();
    if (entry.processKey !== processKeyOf(session)) throw otherRun();
    const name = await exposeObject(session, objectId);
    await evaluate(frame, `void console.log('${name} =', ${name})`);
    await vscode.commands.executeCommand('workbench.panel.repl.view.focus');
  }

  async #showObject(entry: StoredSnapshot, id: number, name: string): Promise<void> {
    const snapshot = await this.#open.get(entry);
    const node = await snapshot.node(id);
    if (!node) throw otherRun();
    const paths = await snapshot.retainingPaths(id, PATHS);
    // What the debuggers themselves hold is not why the program holds it.
    const own = paths.filter((path) => !path.some(({ edge }) => edge?.name.includes('DevTools console')));
    this.#model.detail = {
      kind: 'paths',
      snapshotId: entry.id,
      objectId: id,
      title: `${name}: ${node.constructorName} @${id}, retains ${formatBytes(node.retainedSize)}, in ${entry.name}`,
      paths: own.slice(0, SHOWN_PATHS),
    };
    void vscode.window.showInformationMessage(
      `${name} retains ${formatBytes(node.retainedSize)} (${formatCount(node.retainedSize)} bytes), ` +
        `itself ${formatBytes(node.selfSize)}.`,
    );
  }
}

/** @throws `bad-argument` while no frame of a stopped program is chosen */
function stoppedFrame(): vscode.DebugStackFrame {
  const frame = vscode.debug.activeStackItem;
  if (frame instanceof vscode.DebugStackFrame) return frame;
  throw notStopped();
}

/** In the stopped frame, by the debugger. */
async function evaluate(frame: vscode.DebugStackFrame, expression: string): Promise<void> {
  await frame.session.customRequest('evaluate', { expression, frameId: frame.frameId, context: 'variables' });
}

function notStopped(): HeapwrightError {
  return new HeapwrightError(
    'bad-argument',
    'The program is not stopped.',
    'Set a breakpoint, or pause it, and choose a frame in the call stack.',
  );
}

function notAnObject(name: string, cause: unknown): HeapwrightError {
  return new HeapwrightError(
    'bad-argument',
    `${name} is no object: ${cause instanceof Error ? cause.message : String(cause)}.`,
    'Numbers, strings and the like have no retained size of their own; choose the object that holds them.',
    { cause },
  );
}

function otherRun(): HeapwrightError {
  return new HeapwrightError(
    'target-not-found',
    'This snapshot was not taken through the present attachment to the debugged program.',
    'V8 numbers objects anew for each attachment: take a new snapshot.',
  );
}

import * as vscode from 'vscode';
import type { FileEdit, RewriteOffer, RewriteResult, Smell } from '../../protocol/code';
import { signalOf } from '../workbench/cancellation';
import type { Notifier } from '../workbench/notify';
import { readSettings } from '../workbench/settings';
import type { MissingDependency } from './offer-dependency';
import { LANGUAGES, type SmellCache } from './smell-cache';

/** A menu entry that remembers what it stands for: its edits are made only when it is chosen. */
class FixAction extends vscode.CodeAction {
  readonly document: vscode.TextDocument;
  readonly version: number;
  readonly smell: Smell;
  readonly offer: RewriteOffer;

  constructor(document: vscode.TextDocument, smell: Smell, offer: RewriteOffer) {
    super(offer.title, vscode.CodeActionKind.QuickFix);
    this.document = document;
    this.version = document.version;
    this.smell = smell;
    this.offer = offer;
    this.isPreferred = offer.preferred && offer.refusal === null;
    if (offer.refusal !== null) this.disabled = { reason: offer.refusal };
  }
}

/** The lightbulb: the rewrites of the smells under the cursor. */
export class FixActions implements vscode.CodeActionProvider<FixAction>, vscode.Disposable {
  readonly #smells: SmellCache;
  readonly #notifier: Notifier;
  readonly #registration: vscode.Disposable;

  constructor(smells: SmellCache, notifier: Notifier) {
    this.#smells = smells;
    this.#notifier = notifier;
    const selector = LANGUAGES.map((language) => ({ scheme: 'file', language }));
    this.#registration = vscode.languages.registerCodeActionsProvider(selector, this, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    });
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<FixAction[]> {
    if (context.only && !context.only.contains(vscode.CodeActionKind.QuickFix)) return [];
    const smells = await this.#smells.of(document);
    if (token.isCancellationRequested) return [];
    return smells
      .filter((smell) => touches(document, smell, range))
      .flatMap((smell) =>
        smell.rewrites.map((offer) => {
          const action = new FixAction(document, smell, offer);
          action.diagnostics = context.diagnostics.filter(
            (diagnostic) => diagnostic.source === 'heapwright' && diagnostic.range.intersection(range),
          );
          return action;
        }),
      );
  }

  /** Makes the edits of the chosen action; what turns out to be unsafe only now is refused with its reason. */
  async resolveCodeAction(action: FixAction, token: vscode.CancellationToken): Promise<FixAction> {
    const { document, smell, offer } = action;
    if (document.version !== action.version || offer.refusal !== null) return action;
    const { signal, dispose } = signalOf(token);
    try {
      const settings = readSettings(document.uri);
      const result = await this.#smells.analyzer.rewrite(
        document.fileName,
        document.getText(),
        smell.id,
        offer.id,
        { maxEntries: settings.cacheMaxEntries, ttlMs: settings.cacheTtlMs },
        { lazyImportMinimumBytes: settings.lazyImportMinimumBytes, signal },
      );
      await fill(action, result);
    } catch (error) {
      this.#notifier.error(offer.title, error);
    } finally {
      dispose();
    }
    return action;
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

/** Line by line, as VS Code's own lightbulb: the cursor need not be on the very name. */
function touches(document: vscode.TextDocument, smell: Smell, range: vscode.Range): boolean {
  const first = document.positionAt(smell.range.start).line;
  const last = document.positionAt(smell.range.end).line;
  return range.start.line <= last && range.end.line >= first;
}

async function fill(action: FixAction, result: RewriteResult): Promise<void> {
  if (result.kind === 'refused') {
    action.disabled = { reason: result.reason };
    void vscode.window.showInformationMessage(`${action.title}: not done. ${result.reason}`);
    return;
  }
  action.edit = await toWorkspaceEdit(result.edits);
  if (result.dependency) {
    const missing: MissingDependency = { ...result.dependency, source: action.document.fileName };
    action.command = { title: 'Add dependency', command: 'heapwright.offerDependency', arguments: [missing] };
  }
}

/** One undoable step over all files. Offsets count in the text that the analyzer was given. */
async function toWorkspaceEdit(edits: readonly FileEdit[]): Promise<vscode.WorkspaceEdit> {
  const edit = new vscode.WorkspaceEdit();
  for (const { file, create, changes } of edits) {
    const uri = vscode.Uri.file(file);
    if (create) {
      edit.createFile(uri, {
        ignoreIfExists: false,
        contents: Buffer.from(changes.map(({ text }) => text).join('')),
      });
      continue;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    for (const { start, end, text } of changes) {
      edit.replace(uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
    }
  }
  return edit;
}

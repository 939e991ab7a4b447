import * as vscode from 'vscode';
import type { GrowthEvidence, RewriteOffer, RewriteResult, Smell } from '../../protocol/code';
import { formatSeries } from '../../protocol/figures';
import { signalOf } from '../workbench/cancellation';
import type { Notifier } from '../workbench/notify';
import { readSettings } from '../workbench/settings';
import { inHandOfProject } from './hand-of-project';
import { LANGUAGES, type SmellCache } from './smell-cache';
import type { AppliedFix } from './verify-fix';
import { toWorkspaceEdit } from './workspace-edit';

/** A menu entry that remembers what it stands for: its edits are made only when it is chosen. */
class FixAction extends vscode.CodeAction {
  readonly document: vscode.TextDocument;
  readonly version: number;
  readonly smell: Smell;
  readonly offer: RewriteOffer;

  constructor(
    document: vscode.TextDocument,
    smell: Smell,
    offer: RewriteOffer,
    growth: GrowthEvidence | undefined,
  ) {
    super(titleOf(offer, growth), vscode.CodeActionKind.QuickFix);
    this.document = document;
    this.version = document.version;
    this.smell = smell;
    this.offer = offer;
    this.isPreferred = offer.preferred && offer.refusal === null;
    if (offer.refusal !== null) this.disabled = { reason: offer.refusal };
  }
}

/** The lightbulb: the rewrites of the smells under the cursor. */
export class FixActions implements vscode.CodeActionProvider, vscode.Disposable {
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
  ): Promise<vscode.CodeAction[]> {
    if (context.only && !context.only.contains(vscode.CodeActionKind.QuickFix)) return [];
    const smells = await this.#smells.of(document);
    if (token.isCancellationRequested) return [];
    const { evidence } = this.#smells.optionsFor(document);
    return smells
      .filter((smell) => touches(document, smell, range))
      .flatMap((smell) => {
        const diagnostics = context.diagnostics.filter(
          (diagnostic) => diagnostic.source === 'heapwright' && diagnostic.range.intersection(range),
        );
        const growth = growthOf(smell, evidence);
        const actions = smell.rewrites.map((offer) => new FixAction(document, smell, offer, growth));
        return [...actions, ignoreAction(document, smell)].map((action) =>
          Object.assign(action, { diagnostics }),
        );
      });
  }

  /** Makes the edits of the chosen action; what turns out to be unsafe only now is refused with its reason. */
  async resolveCodeAction(
    action: vscode.CodeAction,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction> {
    if (!(action instanceof FixAction)) return action;
    const { document, smell, offer } = action;
    if (document.version !== action.version || offer.refusal !== null) return action;
    const { signal, dispose } = signalOf(token);
    try {
      const settings = readSettings(document.uri);
      const options = this.#smells.optionsFor(document);
      const text = document.getText();
      const result = await this.#smells.analyzer.rewrite(
        document.fileName,
        text,
        smell.id,
        offer.id,
        {
          maxEntries: limitFor(smell, options.evidence, settings.cacheMaxEntries),
          ttlMs: settings.cacheTtlMs,
        },
        { ...options, signal },
      );
      const { fromHunt } = this.#smells;
      const isMeasured = growthOf(smell, options.evidence) !== undefined;
      const printed = result.kind === 'edits' ? await inHandOfProject(result, () => text) : result;
      await fill(action, printed, isMeasured ? { name: smell.identifier, fromHunt } : null);
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

/** A comment above the declaration that keeps the rule silent there. */
function ignoreAction(document: vscode.TextDocument, { rule, range }: Smell): vscode.CodeAction {
  const line = document.lineAt(document.positionAt(range.start).line);
  const indent = line.text.slice(0, line.firstNonWhitespaceCharacterIndex);
  const end = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const action = new vscode.CodeAction(`Ignore ${rule} on this line`, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.insert(document.uri, line.range.start, `${indent}// heapwright-ignore-next-line ${rule}${end}`);
  return action;
}

/** What was measured at the line of the declaration. */
function growthOf(smell: Smell, evidence: readonly GrowthEvidence[]): GrowthEvidence | undefined {
  return evidence.find(({ line }) => line === smell.position.line);
}

/** `Bound with an LRU cache (grew 1,800 → 3,600 → 5,400 entries)` */
function titleOf({ title, refusal }: RewriteOffer, growth: GrowthEvidence | undefined): string {
  return growth && refusal === null ? `${title} (grew ${formatSeries(growth.entries)} entries)` : title;
}

/**
 * The limit to propose: what was alive before the growth that was measured here, but no more than one round of the work
 * adds, as a round number. So the working set fits, and the next run shows at once that the cache is full and stays so.
 * The setting where that is less or nothing was measured.
 */
function limitFor(smell: Smell, evidence: readonly GrowthEvidence[], setting: number): number {
  const [first = 0, second = 0] = growthOf(smell, evidence)?.entries ?? [];
  const observed = Math.min(first, second - first);
  if (observed <= setting) return setting;
  const unit = 10 ** Math.floor(Math.log10(observed));
  return Math.floor(observed / unit) * unit;
}

/** Line by line, as VS Code's own lightbulb: the cursor need not be on the very name. */
function touches(document: vscode.TextDocument, smell: Smell, range: vscode.Range): boolean {
  const first = document.positionAt(smell.range.start).line;
  const last = document.positionAt(smell.range.end).line;
  return range.start.line <= last && range.end.line >= first;
}

async function fill(
  action: FixAction,
  result: RewriteResult,
  measured: AppliedFix['measured'],
): Promise<void> {
  if (result.kind === 'refused') {
    action.disabled = { reason: result.reason };
    void vscode.window.showInformationMessage(`${action.title}: not done. ${result.reason}`);
    return;
  }
  action.edit = await toWorkspaceEdit(result.edits);
  const missing = result.dependency && { ...result.dependency, source: action.document.fileName };
  if (!missing && !measured) return;
  const applied: AppliedFix = { missing, measured };
  action.command = { title: 'After the fix', command: 'heapwright.afterFix', arguments: [applied] };
}

import * as vscode from 'vscode';
import type { FixAllResult } from '../../code/calls';
import { readSource, sourcesBelow } from '../../code/program/source-files';
import { cancelled, HeapwrightError } from '../../protocol/errors';
import { signalOf } from '../workbench/cancellation';
import type { Notifier } from '../workbench/notify';
import { readSettings } from '../workbench/settings';
import { inHandOfProject } from './hand-of-project';
import { LANGUAGES, type SmellCache } from './smell-cache';
import { toWorkspaceEdit } from './workspace-edit';

const KIND = vscode.CodeActionKind.SourceFixAll.append('heapwright');

/** "Fix all" of one file (also as `source.fixAll.heapwright`, on save) and of the workspace. Only what is safe and needs
 * no new package is changed; of the workspace's, one can be chosen after the other in the preview. */
export class FixAll implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #smells: SmellCache;
  readonly #notifier: Notifier;
  readonly #registration: vscode.Disposable;

  constructor(smells: SmellCache, notifier: Notifier) {
    this.#smells = smells;
    this.#notifier = notifier;
    const selector = LANGUAGES.map((language) => ({ scheme: 'file', language }));
    this.#registration = vscode.languages.registerCodeActionsProvider(selector, this, {
      providedCodeActionKinds: [KIND],
    });
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> {
    // Only when it is asked for: its edits take longer than a lightbulb may.
    if (!context.only?.intersects(KIND)) return [];
    const { signal, dispose } = signalOf(token);
    try {
      const { edits, fixed } = await this.#fix([textOf(document)], document.uri, signal);
      if (fixed === 0) return [];
      const action = new vscode.CodeAction(`Fix all ${fixed} that Heapwright can`, KIND);
      action.edit = await toWorkspaceEdit(edits);
      return [action];
    } catch (error) {
      this.#notifier.error('Fix all', error);
      return [];
    } finally {
      dispose();
    }
  }

  /** The command for the open file. */
  async inFile(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (!document || !(LANGUAGES as readonly string[]).includes(document.languageId)) {
      throw new HeapwrightError(
        'nothing-to-fix',
        'There is no JavaScript or TypeScript file in front.',
        'Open the file that is to be fixed, and run the command again.',
      );
    }
    await this.#apply(await this.#fix([textOf(document)], document.uri), false);
  }

  /** The command for everything in the workspace, with a preview. */
  async inWorkspace(): Promise<void> {
    const result = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: 'Heapwright looks for what it can fix',
        cancellable: true,
      },
      async (progress, token) => {
        const { signal, dispose } = signalOf(token);
        try {
          const files = await readWorkspace(
            (count) => progress.report({ message: `${count} files` }),
            signal,
          );
          return await this.#fix(files, vscode.workspace.workspaceFolders?.[0]?.uri, signal);
        } finally {
          dispose();
        }
      },
    );
    if (result) await this.#apply(result, true);
  }

  async #fix(
    files: readonly { readonly file: string; readonly text: string }[],
    scope: vscode.Uri | undefined,
    signal?: AbortSignal,
  ): Promise<FixAllResult> {
    const settings = readSettings(scope);
    const result = await this.#smells.analyzer.fixAll(
      files,
      { maxEntries: settings.cacheMaxEntries, ttlMs: 0 },
      { lazyImportMinimumBytes: settings.lazyImportMinimumBytes, ...(signal ? { signal } : {}) },
    );
    const texts = new Map(files.map(({ file, text }) => [file, text]));
    return await inHandOfProject(result, (file) => texts.get(file) ?? '');
  }

  async #apply({ edits, fixed, refused }: FixAllResult, asks: boolean): Promise<void> {
    const left = refused > 0 ? ` ${refused} left: hover over each to read why.` : '';
    if (fixed === 0) {
      void vscode.window.showInformationMessage(`There is nothing that can be fixed safely.${left}`);
      return;
    }
    const answer = asks ? await ask(fixed, edits.length) : 'Fix All';
    if (answer === undefined) return;
    const edit = await toWorkspaceEdit(edits, answer === 'Choose' ? 'Heapwright: fix all' : undefined);
    const applied = await vscode.workspace.applyEdit(edit, { isRefactoring: true });
    if (applied && answer === 'Fix All') void vscode.window.showInformationMessage(`Fixed ${fixed}.${left}`);
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

function textOf(document: vscode.TextDocument): { file: string; text: string } {
  return { file: document.fileName, text: document.getText() };
}

/** All sources of the workspace, in the text of their document where one is open. */
async function readWorkspace(
  onCount: (count: number) => void,
  signal: AbortSignal,
): Promise<{ file: string; text: string }[]> {
  const open = new Map(vscode.workspace.textDocuments.map((document) => [document.fileName, document]));
  const files: { file: string; text: string }[] = [];
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    if (uri.scheme !== 'file') continue;
    for await (const file of sourcesBelow(uri.fsPath)) {
      if (signal.aborted) throw cancelled();
      const text = open.get(file)?.getText() ?? (await readSource(file));
      if (text !== null) files.push({ file, text });
      if (files.length % 100 === 0) onCount(files.length);
    }
  }
  return files;
}

/** Before several files change: all at once, or each after a look in the refactor preview. */
async function ask(fixed: number, files: number): Promise<'Fix All' | 'Choose' | undefined> {
  return await vscode.window.showInformationMessage(
    `Heapwright can fix ${fixed} in ${files} ${files === 1 ? 'file' : 'files'}.`,
    { modal: true, detail: 'One undo takes all of it back. In the preview you choose change by change.' },
    'Fix All',
    'Choose',
  );
}

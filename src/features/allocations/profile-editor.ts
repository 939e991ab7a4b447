import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { locateFunctions, scriptsOnDisk } from '../../allocations/located-functions';
import { exploreProfile, type ProfileExplorer } from '../../allocations/profile-explorer';
import { readProfile } from '../../allocations/profile-file';
import type { AllocationsState } from '../../protocol/allocations';
import type { FromPanel, ToPanel } from '../../protocol/panel';
import { panelHtml } from '../panel/html';
import type { Notifier } from '../workbench/notify';
import { handleExploring } from './exploring';

const PROFILE_VIEW_TYPE = 'heapwright.allocationProfile';

/** "Open Allocation Profile File…": the file in the editor below, whichever one is the default. */
export async function openProfileFile(): Promise<void> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: 'Open Allocation Profile',
      filters: { 'Allocation profiles': ['heapprofile'] },
    })) ?? [];
  if (uri) await vscode.commands.executeCommand('vscode.openWith', uri, PROFILE_VIEW_TYPE);
}

/** A `.heapprofile` that is open; read once, whatever becomes of the page that shows it. */
interface ProfileDocument extends vscode.CustomDocument {
  readonly explorer: ProfileExplorer | null;
  readonly failure: string | null;
}

/** Shows `.heapprofile` files of V8, DevTools and Heapwright. VS Code's own editor stays the default. */
export class ProfileEditor
  implements vscode.CustomReadonlyEditorProvider<ProfileDocument>, vscode.Disposable
{
  readonly #assets: vscode.Uri;
  readonly #notifier: Notifier;
  readonly #registration: vscode.Disposable;

  constructor(extensionUri: vscode.Uri, notifier: Notifier) {
    this.#assets = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    this.#notifier = notifier;
    this.#registration = vscode.window.registerCustomEditorProvider(PROFILE_VIEW_TYPE, this);
  }

  async openCustomDocument(uri: vscode.Uri): Promise<ProfileDocument> {
    try {
      const raw = await readProfile(uri.fsPath);
      const explorer = await exploreProfile(raw, async (functions) =>
        locateFunctions(functions, await scriptsOnDisk(functions)),
      );
      return { uri, explorer, failure: null, dispose: () => {} };
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      return { uri, explorer: null, failure, dispose: () => {} };
    }
  }

  resolveCustomEditor({ explorer, failure }: ProfileDocument, { webview }: vscode.WebviewPanel): void {
    webview.options = { enableScripts: true, localResourceRoots: [this.#assets] };
    const post = () => {
      const state: AllocationsState = {
        recorder: null,
        profile: explorer?.state ?? null,
        failure,
        marked: false,
      };
      const message: ToPanel = { type: 'view', name: 'allocations', state };
      void webview.postMessage(message);
    };
    webview.onDidReceiveMessage((message: FromPanel) => {
      if (message.type === 'ready') post();
      if (message.type !== 'viewAction' || message.name !== 'allocations' || !explorer) return;
      const { action } = message;
      void this.#notifier.guard('Allocation profile', async () => {
        await handleExploring(explorer, action);
        post();
      });
    });
    const asset = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.#assets, name)).toString();
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      element: 'heapwright-profile',
      scriptUri: asset('profile.js'),
      styleUri: asset('profile.css'),
      codiconUri: asset('codicon.css'),
    });
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

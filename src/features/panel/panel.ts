import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { HeapwrightError } from '../../protocol/errors';
import type { PictureFormat } from '../../protocol/history';
import type { FromPanel, ToPanel } from '../../protocol/panel';
import type { MemorySample } from '../../protocol/samples';
import type { TabName } from '../../protocol/views';
import type { TargetSlot } from '../attach/target-slot';
import { panelHtml } from './html';
import type { PanelModel } from './panel-model';
import type { PanelTabs } from './panel-tabs';

export const PANEL_VIEW_TYPE = 'heapwright.panel';

/** Progress may change a hundred times a second; the panel is drawn at most this often, in ms. */
const STATE_INTERVAL_MS = 50;
/** Samples come ten times a second at most; a message to the page, and drawing it, cost more than they do. */
const SAMPLES_INTERVAL_MS = 250;
/** How long a page that has just been opened may take to draw a chart, and to answer. */
const PICTURE_MS = 5000;
const PICTURE_TRY_MS = 1000;

/**
 * The live heap panel: at most one, in the editor area. It holds nothing of its own; whatever it shows is sent again
 * when its page asks, so that hiding, moving and reloading lose nothing.
 */
export class LivePanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #extensionUri: vscode.Uri;
  readonly #slot: TargetSlot;
  readonly #model: PanelModel;
  readonly #tabs: PanelTabs;
  readonly #onMessage: (message: FromPanel) => void;
  readonly #subscriptions: vscode.Disposable[];
  readonly #pictured = new vscode.EventEmitter<string | null>();
  #panel: vscode.WebviewPanel | undefined;
  #ready = false;
  #stateTimer: NodeJS.Timeout | undefined;
  #viewTimer: NodeJS.Timeout | undefined;
  #samplesTimer: NodeJS.Timeout | undefined;
  #samples: MemorySample[] = [];
  #samplesPostedAt = 0;
  /** The tab that a page which is not there yet has to show first. */
  #tabToShow: TabName | undefined;

  constructor(
    extensionUri: vscode.Uri,
    slot: TargetSlot,
    model: PanelModel,
    tabs: PanelTabs,
    onMessage: (message: FromPanel) => void,
  ) {
    this.#extensionUri = extensionUri;
    this.#slot = slot;
    this.#model = model;
    this.#tabs = tabs;
    this.#onMessage = onMessage;
    this.#subscriptions = [
      vscode.window.registerWebviewPanelSerializer(PANEL_VIEW_TYPE, this),
      model.onDidChange(() => this.#scheduleState()),
      slot.onSample((sample) => this.#scheduleSample(sample)),
      slot.onDidChange(() => this.#postHistory()),
      tabs.onDidChange(() => this.#scheduleView()),
    ];
  }

  get isVisible(): boolean {
    return this.#panel?.visible ?? false;
  }

  /** Shows the panel, beside the editor if it is not open yet, and in it a tab. */
  show(options: { preserveFocus?: boolean; tab?: TabName } = {}): void {
    this.#tabToShow = options.tab;
    if (this.#panel) {
      this.#panel.reveal(undefined, options.preserveFocus);
      this.#postTab();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      PANEL_VIEW_TYPE,
      'Heapwright',
      { viewColumn: vscode.ViewColumn.Active, preserveFocus: options.preserveFocus },
      this.#options(),
    );
    this.#adopt(panel);
  }

  /** VS Code restores the panel after a reload of the window. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.#panel?.dispose();
    panel.webview.options = this.#options();
    this.#adopt(panel);
  }

  /**
   * The chart of the tab that is shown: SVG as text, PNG as base64.
   * @throws `bad-argument` when no chart is drawn within some seconds.
   */
  async picture(format: PictureFormat): Promise<string> {
    for (const deadline = performance.now() + PICTURE_MS; performance.now() < deadline; ) {
      const answer = new Promise<string | null>((resolve) => {
        const subscription = this.#pictured.event((picture) => {
          subscription.dispose();
          resolve(picture);
        });
        setTimeout(() => {
          subscription.dispose();
          resolve(null);
        }, PICTURE_TRY_MS);
      });
      this.#post({ type: 'makePicture', format });
      const picture = await answer;
      if (picture !== null) return picture;
      await new Promise((resolve) => setTimeout(resolve, STATE_INTERVAL_MS));
    }
    throw new HeapwrightError('bad-argument', 'No chart is shown.', 'Open the panel, then try again.');
  }

  #options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [this.#assets()] };
  }

  #assets(): vscode.Uri {
    return vscode.Uri.joinPath(this.#extensionUri, 'dist', 'webview');
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    this.#ready = false;
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.#extensionUri, 'media', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(this.#extensionUri, 'media', 'panel-dark.svg'),
    };
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#tabs.panelClosed();
    });
    panel.onDidChangeViewState(() => {
      this.#tabs.panelVisible = panel.visible;
    });
    this.#tabs.panelVisible = panel.visible;
    panel.webview.onDidReceiveMessage((message: FromPanel) => {
      if (message.type === 'ready') {
        this.#ready = true;
        this.#postHistory();
        this.#postState();
        this.#postTab();
      } else if (message.type === 'tab') {
        this.#tabs.select(message.name);
      } else if (message.type === 'picture') {
        this.#pictured.fire(message.picture);
      } else if (message.type === 'viewAction') {
        this.#tabs.handle(message);
      } else {
        this.#onMessage(message);
      }
    });
    const asset = (name: string) =>
      panel.webview.asWebviewUri(vscode.Uri.joinPath(this.#assets(), name)).toString();
    panel.webview.html = panelHtml({
      cspSource: panel.webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      element: 'heapwright-panel',
      scriptUri: asset('panel.js'),
      styleUri: asset('panel.css'),
      codiconUri: asset('codicon.css'),
    });
  }

  /** A sample that comes alone is shown at once, those that follow soon after together. */
  #scheduleSample(sample: MemorySample): void {
    if (!this.#ready || !this.#panel?.visible) return;
    this.#samples.push(sample);
    if (this.#samplesTimer) return;
    const waitMs = this.#samplesPostedAt + SAMPLES_INTERVAL_MS - performance.now();
    if (waitMs <= 0) this.#postSamples();
    else this.#samplesTimer = setTimeout(() => this.#postSamples(), waitMs);
  }

  #postSamples(): void {
    clearTimeout(this.#samplesTimer);
    this.#samplesTimer = undefined;
    this.#samplesPostedAt = performance.now();
    this.#post({ type: 'samples', samples: this.#samples });
    this.#samples = [];
  }

  #postHistory(): void {
    // They are in it.
    clearTimeout(this.#samplesTimer);
    this.#samplesTimer = undefined;
    this.#samples = [];
    this.#post({ type: 'history', samples: this.#slot.current?.history.all ?? [] });
  }

  #scheduleState(): void {
    this.#stateTimer ??= setTimeout(() => this.#postState(), STATE_INTERVAL_MS);
  }

  #postState(): void {
    clearTimeout(this.#stateTimer);
    this.#stateTimer = undefined;
    this.#post({ type: 'state', state: this.#model.state });
  }

  #postTab(): void {
    if (!this.#tabToShow || !this.#ready || !this.#panel?.visible) return;
    this.#post({ type: 'showTab', name: this.#tabToShow });
    this.#tabToShow = undefined;
  }

  #scheduleView(): void {
    this.#viewTimer ??= setTimeout(() => {
      this.#viewTimer = undefined;
      const { message } = this.#tabs;
      if (message) this.#post(message);
    }, STATE_INTERVAL_MS);
  }

  /** A hidden page is gone and asks for everything when it is back. */
  #post(message: ToPanel): void {
    if (this.#ready && this.#panel?.visible) void this.#panel.webview.postMessage(message);
  }

  dispose(): void {
    clearTimeout(this.#stateTimer);
    clearTimeout(this.#viewTimer);
    clearTimeout(this.#samplesTimer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#pictured.dispose();
    this.#panel?.dispose();
  }
}

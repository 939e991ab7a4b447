import { html, LitElement, type TemplateResult } from 'lit';
import type { AllocationsState } from '../../protocol/allocations';
import type { ToPanel } from '../../protocol/panel';
import { allocationsTab } from './allocations-tab';
import { send } from './host';
import type { TabContext } from './tab';

/** A `.heapprofile` file in an editor: the tab of allocations without its recorder. */
class HeapwrightProfile extends LitElement {
  #state: AllocationsState | null = null;

  /** Without a shadow root: VS Code's theme variables and the one stylesheet reach everything. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('message', this.#receive);
    send({ type: 'ready' });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('message', this.#receive);
    allocationsTab.left?.();
  }

  readonly #receive = ({ data }: MessageEvent<ToPanel>): void => {
    if (data.type === 'view' && data.name === 'allocations') this.#state = data.state;
    this.requestUpdate();
  };

  get #context(): TabContext<'allocations'> | undefined {
    const state = this.#state;
    if (!state) return undefined;
    return {
      state,
      act: (action) => send({ type: 'viewAction', name: 'allocations', action }),
      redraw: () => this.requestUpdate(),
    };
  }

  protected override render(): TemplateResult {
    const context = this.#context;
    return context
      ? html`<main>${allocationsTab.render(context)}</main>`
      : html`<p class="hint">Loading…</p>`;
  }

  protected override updated(): void {
    const context = this.#context;
    if (context) allocationsTab.updated?.(this, context);
  }
}

customElements.define('heapwright-profile', HeapwrightProfile);

import type { TemplateResult } from 'lit';
import type { ViewActionOf, ViewName, ViewStateOf } from '../../protocol/views';
import type { PictureSource } from './chart-picture';

/** What a tab is given to draw with. */
export interface TabContext<Name extends ViewName> {
  readonly state: ViewStateOf<Name>;
  /** Sends a click to the extension. */
  act(action: ViewActionOf<Name>): void;
  /** Draws again after something that the page keeps for itself has changed. */
  redraw(): void;
}

/** One tab of the panel beside the memory chart. */
export interface Tab<Name extends ViewName> {
  readonly name: Name;
  readonly label: string;
  /** A codicon. */
  readonly icon: string;
  render(context: TabContext<Name>): TemplateResult;
  /** After each drawing, for what is no template, such as canvases. */
  updated?(root: HTMLElement, context: TabContext<Name>): void;
  /** The chart that is shown, for a picture. */
  picture?(): PictureSource | null;
  /** The tab is shown no longer: what {@link updated} made goes. */
  left?(): void;
}

export type AnyTab = { [Name in ViewName]: Tab<Name> }[ViewName];

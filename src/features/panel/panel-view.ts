import type * as vscode from 'vscode';
import type { ViewActionOf, ViewName, ViewStateOf } from '../../protocol/views';

/** What stands behind one tab of the panel. */
export interface PanelView<Name extends ViewName> {
  readonly name: Name;
  /** Plain data, made anew when asked for. */
  readonly state: ViewStateOf<Name>;
  readonly onDidChange: vscode.Event<void>;
  /** Somebody can see it from now on, or nobody can: what costs the target anything is read only while it is seen. */
  setVisible(visible: boolean): void;
  /** The panel is closed: what the view keeps going while another tab is shown ends too. */
  panelClosed?(): void;
  /** Carries out a click. Errors are shown by the panel, once. */
  handle(action: ViewActionOf<Name>): unknown;
}

export type AnyPanelView = { [Name in ViewName]: PanelView<Name> }[ViewName];

import * as vscode from 'vscode';
import type { LaunchedTarget } from '../../inspector/launch';

/** A terminal around a launched program: shows its output, passes on what is typed, ends it on Ctrl+C and on close. */
export class LaunchTerminal implements vscode.Pseudoterminal, vscode.Disposable {
  readonly #write = new vscode.EventEmitter<string>();
  readonly #terminal: vscode.Terminal;
  readonly #launched: LaunchedTarget;
  readonly #subscriptions: { dispose(): void }[];
  /** What was written before the terminal was drawn. */
  #early: string[] | null = [];

  readonly onDidWrite = this.#write.event;

  constructor(launched: LaunchedTarget, name: string) {
    this.#launched = launched;
    this.#subscriptions = [
      launched.onOutput((text) => this.#print(text)),
      launched.onExit(({ message }) => this.#print(`\n${message}\n`)),
    ];
    this.#terminal = vscode.window.createTerminal({
      name,
      pty: this,
      iconPath: new vscode.ThemeIcon('pulse'),
    });
    this.#terminal.show(true);
  }

  open(): void {
    const early = this.#early ?? [];
    this.#early = null;
    for (const text of early) this.#print(text);
  }

  close(): void {
    this.#launched.dispose();
  }

  handleInput(data: string): void {
    if (data === '\x03') this.#launched.kill('SIGINT');
    else this.#launched.write(data === '\r' ? '\n' : data);
  }

  /** A terminal wants CR LF. */
  #print(text: string): void {
    if (this.#early) this.#early.push(text);
    else this.#write.fire(text.replaceAll(/\r?\n/g, '\r\n'));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#launched.dispose();
  }
}

import * as vscode from 'vscode';
import type { Smell } from '../../protocol/code';
import { LANGUAGES, type SmellCache } from './smell-cache';

/** Over a declaration that has a smell: which rewrites are safe there, and why the others are not. */
export class RefusalHover implements vscode.HoverProvider, vscode.Disposable {
  readonly #smells: SmellCache;
  readonly #registration: vscode.Disposable;

  constructor(smells: SmellCache) {
    this.#smells = smells;
    const selector = LANGUAGES.map((language) => ({ scheme: 'file', language }));
    this.#registration = vscode.languages.registerHoverProvider(selector, this);
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | null> {
    const smells = await this.#smells.of(document);
    if (token.isCancellationRequested) return null;
    const offset = document.offsetAt(position);
    const smell = smells.find(({ range }) => range.start <= offset && offset <= range.end);
    if (!smell || smell.rewrites.length === 0) return null;
    return new vscode.Hover(toMarkdown(smell));
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

function toMarkdown({ rewrites }: Smell): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  const safe = rewrites.filter(({ refusal }) => refusal === null);
  if (safe.length > 0) {
    text.appendMarkdown('$(lightbulb) Heapwright offers:');
    for (const { title } of safe) appendItem(text, title);
    text.appendMarkdown('\n\n');
  }
  const byReason = new Map<string, string[]>();
  for (const { title, refusal } of rewrites) {
    if (refusal !== null) byReason.set(refusal, [...(byReason.get(refusal) ?? []), title]);
  }
  if (byReason.size > 0) text.appendMarkdown('$(circle-slash) Not offered:');
  for (const [reason, titles] of byReason) appendItem(text, `${titles.join('; ')}: ${reason}`);
  return text;
}

/** What is set in backticks is code; what else stands in the code (types, names, templates) must not be read as markup. */
function appendItem(text: vscode.MarkdownString, item: string): void {
  const parts = item.split(/(`` .*? ``|`[^`$]*`)/);
  const written = parts.map((part, index) => (index % 2 === 1 ? part : escaped(part)));
  text.appendMarkdown(`\n- ${written.join('')}`);
}

/** `appendText` would glue the words together. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!<>|~&]/g, '\\$&');
}

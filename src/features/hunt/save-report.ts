import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { type HuntReport, toJson } from '../../leaks/hunt/report';
import { huntHtml } from '../../leaks/hunt/report-html';
import { huntMarkdown } from '../../leaks/hunt/report-markdown';
import { HeapwrightError } from '../../protocol/errors';

/** Asks where, and writes the report in the form that the name's ending says. */
export async function saveHuntReport(report: HuntReport | null): Promise<void> {
  if (!report) {
    throw new HeapwrightError(
      'bad-argument',
      'There was no hunt in this window yet.',
      'Run "Heapwright: Hunt for Leaks…" first.',
    );
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: 'Save Report of Hunt',
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, 'leak-hunt.html') } : {}),
    filters: { 'Web page': ['html'], Markdown: ['md'], JSON: ['json'] },
  });
  if (!target) return;
  await fs.writeFile(target.fsPath, contentOf(report, path.extname(target.fsPath)));
  const open = 'Open';
  const answer = await vscode.window.showInformationMessage(
    `${path.basename(target.fsPath)} was written.`,
    open,
  );
  if (answer === open) await vscode.env.openExternal(target);
}

function contentOf(report: HuntReport, extension: string): string {
  if (extension === '.json') return `${JSON.stringify(toJson(report, null), null, 2)}\n`;
  return extension === '.md' ? huntMarkdown(report, null) : huntHtml(report, null);
}

import * as vscode from 'vscode';
import { asProjectPrints } from '../../code/printed-edits';
import type { FileEdit } from '../../protocol/code';

/** The edits as the project's prettier prints them. It is code of the workspace, and runs only in one that is trusted. */
export async function inHandOfProject<Result extends { readonly edits: readonly FileEdit[] }>(
  result: Result,
  textOf: (file: string) => string,
): Promise<Result> {
  if (!vscode.workspace.isTrusted) return result;
  return { ...result, edits: await asProjectPrints(result.edits, textOf) };
}

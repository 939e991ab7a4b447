import * as vscode from 'vscode';
import { type MissingDependency, offerDependency } from './offer-dependency';

/** A rewrite that was carried out, and what is left to do about it. */
export interface AppliedFix {
  /** What the edited code imports and the project does not have. */
  readonly missing: MissingDependency | null;
  /** What grew at the declaration, where that was measured. */
  readonly measured: { readonly name: string; readonly fromHunt: boolean } | null;
}

/** After a rewrite: offers the package that it needs, then asks to measure again what was measured before. */
export async function afterFix({ missing, measured }: AppliedFix): Promise<void> {
  if (missing) await offerDependency(missing);
  if (!measured) return;
  const { name, fromHunt } = measured;
  const again = 'Hunt Again';
  const how = fromHunt ? 'hunt again' : 'take three snapshots';
  const answer = await vscode.window.showInformationMessage(
    `${name} is rewritten. Restart the program and ${how} to see whether it still grows.`,
    ...(fromHunt ? [again] : []),
  );
  if (answer === again) await vscode.commands.executeCommand('heapwright.huntAgain');
}

import type * as vscode from 'vscode';
import { openFinding } from '../findings/open-finding';
import { showFixes } from '../modules/module-lens';
import { type AppliedFix, afterFix } from '../quick-fixes/verify-fix';
import type { Command, Parts } from './command';

/** What grew, and what became of it. */
export function findingCommands({ tracked, findings, panel }: Parts): Command[] {
  return [
    [
      'heapwright.openFinding',
      'Open source',
      (key, place) => openFinding(tracked, String(key), place === 'added' ? place : undefined),
    ],
    ['heapwright.showFinding', 'Show finding', () => panel.show()],
    ['heapwright.clearFindings', 'Clear findings', () => findings.clear()],
    ['heapwright.afterFix', 'After the fix', (applied) => afterFix(applied as AppliedFix)],
  ];
}

/** Fixes in the source. */
export function codeCommands({ fixAll }: Parts): Command[] {
  return [
    ['heapwright.fixAllInFile', 'Fix all in file', () => fixAll.inFile()],
    ['heapwright.fixAllInWorkspace', 'Fix all in workspace', () => fixAll.inWorkspace()],
  ];
}

/** What imports cost. */
export function moduleCommands({ modules, panel }: Parts): Command[] {
  return [
    [
      'heapwright.measureModules',
      'Measure modules',
      async () => {
        panel.show({ preserveFocus: true, tab: 'modules' });
        await modules.measure();
      },
    ],
    ['heapwright.showModules', 'Show module costs', () => panel.show({ tab: 'modules' })],
    ['heapwright.showFixes', 'Show fixes', (uri, line) => showFixes(uri as vscode.Uri, Number(line))],
  ];
}

import * as vscode from 'vscode';

interface MenuItem extends vscode.QuickPickItem {
  readonly command: string;
}

/** What a click on the status bar item offers. */
export async function showStatusMenu(attached: boolean): Promise<void> {
  const items: MenuItem[] = attached
    ? [
        { label: '$(pulse) Open Live Heap Panel', command: 'heapwright.openPanel' },
        { label: '$(device-camera) Take Heap Snapshot', command: 'heapwright.takeSnapshot' },
        { label: '$(bug) Hunt for Leaks…', command: 'heapwright.hunt' },
        { label: '$(trash) Collect Garbage', command: 'heapwright.collectGarbage' },
        { label: '$(diff) Compare Snapshots', command: 'heapwright.compareSnapshots' },
        { label: '$(debug-disconnect) Detach', command: 'heapwright.detach' },
      ]
    : [
        { label: '$(plug) Attach to Node Process…', command: 'heapwright.attach' },
        { label: '$(link) Attach by Inspector URL…', command: 'heapwright.attachByUrl' },
        { label: '$(play) Launch and Profile…', command: 'heapwright.launch' },
        { label: '$(pulse) Open Live Heap Panel', command: 'heapwright.openPanel' },
      ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'Heapwright' });
  if (chosen) await vscode.commands.executeCommand(chosen.command);
}

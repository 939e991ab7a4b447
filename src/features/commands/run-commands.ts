import { deleteRun, exportRunAs } from '../history/history-commands';
import type { Command, Parts } from './command';

/** Hunts for leaks. */
export function huntCommands({ hunts, panel }: Parts): Command[] {
  const showPanel = () => panel.show({ preserveFocus: true });
  return [
    ['heapwright.hunt', 'Hunt for leaks', () => hunts.hunt(showPanel)],
    ['heapwright.huntAgain', 'Hunt again', () => hunts.huntAgain(showPanel)],
    ['heapwright.operationDone', 'Operation done', () => hunts.operationDone()],
    ['heapwright.saveHuntReport', 'Save report of hunt', () => hunts.saveReport()],
  ];
}

/** What operations leave behind. */
export function operationCommands({ operations, panel }: Parts): Command[] {
  const show = () => panel.show({ preserveFocus: true, tab: 'operations' });
  return [
    ['heapwright.showOperations', 'Show operations', show],
    [
      'heapwright.markOperation',
      'Mark operation',
      async () => {
        show();
        await operations.mark();
      },
    ],
    [
      'heapwright.measureRequests',
      'Measure requests',
      async () => {
        show();
        await operations.measureLoad();
      },
    ],
  ];
}

/** Runs of before. */
export function historyCommands(parts: Parts): Command[] {
  return [
    ['heapwright.showHistory', 'Show history', () => parts.panel.show({ tab: 'history' })],
    ['heapwright.exportRun', 'Export run', (id) => exportRunAs(parts, id)],
    ['heapwright.deleteRun', 'Delete run', (id) => deleteRun(parts, id)],
  ];
}

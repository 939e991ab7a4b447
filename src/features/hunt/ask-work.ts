import * as vscode from 'vscode';
import { parseRequests } from '../../leaks/hunt/requests';
import { HeapwrightError } from '../../protocol/errors';
import { describeWork, type HuntWork } from './hunt-work';

interface WorkItem extends vscode.QuickPickItem {
  readonly kindOfWork?: HuntWork['kind'];
  readonly again?: HuntWork;
}

const ITEMS: readonly WorkItem[] = [
  {
    label: '$(globe) HTTP requests',
    description: 'one address or a list, one after another or several at once',
    kindOfWork: 'http',
  },
  {
    label: '$(code) JavaScript in the program',
    description: 'an expression that is evaluated once for each operation',
    kindOfWork: 'expression',
  },
  {
    label: '$(terminal) Shell command',
    description: 'runs once a round and does OPERATIONS operations',
    kindOfWork: 'command',
  },
  {
    label: '$(person) By hand',
    description: 'you use the program and say when it is done',
    kindOfWork: 'byHand',
  },
];

const USUAL_BY_HAND = 5;

/**
 * Asks what the program is to do over and over. `last` is offered first; `address` is where it is known to listen.
 * Undefined when dismissed.
 */
export async function askWork(
  last: HuntWork | undefined,
  address: string | undefined,
): Promise<HuntWork | undefined> {
  const again: WorkItem[] = last
    ? [{ label: '$(history) The same as last time', description: describeWork(last), again: last }]
    : [];
  const chosen = await vscode.window.showQuickPick([...again, ...ITEMS], {
    title: 'Hunt for Leaks: what is one operation?',
    placeHolder: 'What the program is made to do again and again while its heap is measured',
  });
  if (chosen?.again) return chosen.again;
  switch (chosen?.kindOfWork) {
    case 'http':
      return await askRequests('Hunt for Leaks', last?.kind === 'http' ? last : undefined, address);
    case 'expression':
      return await askExpression(last?.kind === 'expression' ? last.expression : '');
    case 'command':
      return await askCommand(last?.kind === 'command' ? last.command : '');
    case 'byHand':
      return await askByHand(last?.kind === 'byHand' ? last.operations : USUAL_BY_HAND);
    default:
      return undefined;
  }
}

type HttpWork = Extract<HuntWork, { kind: 'http' }>;

/** Asks for requests and how they are sent, for what is called `title`. Undefined when dismissed. */
export async function askRequests(
  title: string,
  last: HttpWork | undefined,
  address: string | undefined,
): Promise<HttpWork | undefined> {
  const requests = await vscode.window.showInputBox({
    title: `${title}: HTTP requests`,
    prompt:
      'An address, or several with blanks between. A method may stand before and a body behind each; {n} becomes a ' +
      'number that is used once: POST http://127.0.0.1:3000/orders {"id":"{n}"}',
    placeHolder: 'http://127.0.0.1:3000/work',
    value: last?.requests ?? address ?? '',
    ignoreFocusOut: true,
    validateInput: whyNoRequests,
  });
  if (requests === undefined) return undefined;
  const ways = [1, 10, 50].map((connections) => ({
    label: connections === 1 ? 'One after another' : `${connections} at once`,
    picked: connections === last?.connections,
    connections,
  }));
  const way = await vscode.window.showQuickPick(ways, { title: `${title}: how are they sent?` });
  return way && { kind: 'http', requests: requests.trim(), connections: way.connections };
}

function whyNoRequests(text: string): string | undefined {
  try {
    parseRequests(text);
    return undefined;
  } catch (error) {
    return error instanceof HeapwrightError ? `${error.message} ${error.advice}` : String(error);
  }
}

async function askExpression(last: string): Promise<HuntWork | undefined> {
  const expression = await vscode.window.showInputBox({
    title: 'Hunt for Leaks: JavaScript',
    prompt: 'Evaluated in the global scope of the program; a promise is awaited before the next operation',
    placeHolder: 'globalThis.store.save({ id: Math.random() })',
    value: last,
    ignoreFocusOut: true,
    validateInput: required,
  });
  return expression === undefined ? undefined : { kind: 'expression', expression };
}

async function askCommand(last: string): Promise<HuntWork | undefined> {
  const command = await vscode.window.showInputBox({
    title: 'Hunt for Leaks: shell command',
    prompt: 'Runs in the workspace folder once a round, with the number of operations in OPERATIONS',
    placeHolder: 'node load.mjs --requests $OPERATIONS',
    value: last,
    ignoreFocusOut: true,
    validateInput: required,
  });
  const cwd = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? null;
  return command === undefined ? undefined : { kind: 'command', command, cwd };
}

async function askByHand(last: number): Promise<HuntWork | undefined> {
  const text = await vscode.window.showInputBox({
    title: 'Hunt for Leaks: by hand',
    prompt: 'How often you do it in each round',
    value: String(last),
    ignoreFocusOut: true,
    validateInput: (value) => (/^[1-9]\d{0,4}$/.test(value.trim()) ? undefined : 'Type a whole number.'),
  });
  return text === undefined ? undefined : { kind: 'byHand', operations: Number(text) };
}

function required(text: string): string | undefined {
  return text.trim() === '' ? 'Type something.' : undefined;
}

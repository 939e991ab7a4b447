import * as vscode from 'vscode';
import type { OperationLoad, OperationRecord } from '../../protocol/operations';
import { askRequests } from '../hunt/ask-work';
import { onCurrentPort } from '../hunt/hunt-work';

const USUAL_OPERATIONS = 100;

/**
 * Asks which requests are to be sent, and how often. What was measured last is offered, at the port where the program
 * listens now. Undefined when dismissed.
 */
export async function askLoad(
  last: OperationRecord | undefined,
  ports: readonly number[],
): Promise<{ readonly load: OperationLoad; readonly operations: number } | undefined> {
  const address = ports.length > 0 ? `http://127.0.0.1:${ports[0]}/` : undefined;
  const before = last?.load && { kind: 'http' as const, ...last.load };
  const now = before && onCurrentPort(before, before.ports, ports);
  const work = await askRequests('Measure Requests', now?.kind === 'http' ? now : undefined, address);
  if (!work) return undefined;
  const text = await vscode.window.showInputBox({
    title: 'Measure Requests: how many?',
    prompt: 'Sent between the two measurements; a few come before to warm the program up',
    value: String(last?.operations ?? USUAL_OPERATIONS),
    ignoreFocusOut: true,
    validateInput: (value) => (/^[1-9]\d{0,5}$/.test(value.trim()) ? undefined : 'Type a whole number.'),
  });
  if (text === undefined) return undefined;
  return {
    load: { requests: work.requests, connections: work.connections, ports },
    operations: Number(text),
  };
}

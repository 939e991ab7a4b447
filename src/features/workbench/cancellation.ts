import type { CancellationToken } from 'vscode';

/** VS Code's token as the signal that the rooms below understand. Dispose it when the work is over. */
export function signalOf(token: CancellationToken): { signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const subscription = token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, dispose: () => subscription.dispose() };
}

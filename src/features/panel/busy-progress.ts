import * as vscode from 'vscode';
import { signalOf } from '../workbench/cancellation';
import type { BusyJob, BusyState } from './busy-state';

/** Runs `work` with its progress in a notification and in the panel; either one's Cancel aborts it. */
export async function withBusyProgress<T>(
  busy: BusyState,
  title: string,
  work: (job: BusyJob) => Promise<T>,
): Promise<T> {
  return await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const { signal, dispose } = signalOf(token);
      const job = busy.start(title, signal);
      let reported = 0;
      try {
        return await work({
          signal: job.signal,
          ask: (question) => job.ask(question),
          dispose: () => job.dispose(),
          report: (text, fraction) => {
            job.report(text, fraction);
            const increment = fraction === null ? undefined : Math.max(0, fraction - reported) * 100;
            reported = Math.max(reported, fraction ?? 0);
            progress.report({ message: text === title ? undefined : text, increment });
          },
        });
      } finally {
        job.dispose();
        dispose();
      }
    },
  );
}

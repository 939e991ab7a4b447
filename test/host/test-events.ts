/** What a suite tells while it runs, one line of JSON each. */
export type TestEvent =
  | { readonly kind: 'passed'; readonly title: string; readonly durationMs: number }
  | { readonly kind: 'failed'; readonly title: string; readonly error: string }
  | { readonly kind: 'skipped'; readonly title: string }
  | { readonly kind: 'end'; readonly failures: number };

/** One event as a person reads it. */
export function describeEvent(event: TestEvent): string {
  switch (event.kind) {
    case 'passed':
      return `  ✔ ${event.title} (${event.durationMs} ms)`;
    case 'failed':
      return `  ✘ ${event.title}\n${event.error.replaceAll(/^/gm, '      ')}`;
    case 'skipped':
      return `  - ${event.title}`;
    case 'end':
      return '';
  }
}

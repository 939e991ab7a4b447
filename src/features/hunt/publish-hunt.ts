import { randomUUID } from 'node:crypto';
import { compareOutcomes, growth, type HuntOutcome } from '../../leaks/hunt/compare-hunts';
import { type HuntReport, outcomeOf } from '../../leaks/hunt/report';
import type { SeriesReport } from '../../protocol/panel';
import type { StoredReport } from '../findings/findings-store';

/** What the panel, the diagnostics and CodeLens show of a hunt, compared with the hunt before in the same program. */
export function toStoredReport(report: HuntReport, earlier: StoredReport | undefined): StoredReport {
  const after = outcomeOf(report);
  const before = earlier ? earlierOutcome(earlier.report) : null;
  const comparison = compareOutcomes(before, after);
  const { operations, rounds } = report.plan;
  return {
    program: report.target.title,
    // Hunts are compared with each other, also within one process.
    processKey: `hunt-${randomUUID()}`,
    takenAt: Date.now(),
    report: {
      snapshotIds: [],
      snapshotNames: [],
      findings: report.verdicts,
      totalSizes: [report.baseline, ...report.rounds].map(({ heapUsedBytes }) => heapUsedBytes),
      before: earlier
        ? {
            takenAt: earlier.takenAt,
            findings: earlier.report.findings,
            totalSizes: earlier.report.totalSizes,
          }
        : null,
      summary: comparison.summary,
      hunt: {
        workload: report.workload,
        rounds,
        operations,
        durationMs: report.durationMs,
        gone: comparison.gone.map((old) => ({
          name: old.name,
          before: growth(old, before?.operations ?? operations),
          now: '0',
        })),
        settled: report.settled.map(({ sentence }) => sentence),
      },
    },
  };
}

function earlierOutcome({ findings, totalSizes, hunt }: SeriesReport): HuntOutcome {
  return { verdicts: findings, operations: hunt?.operations ?? 0, heapUsed: totalSizes };
}

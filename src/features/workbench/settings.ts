import * as vscode from 'vscode';
import { type AlertThresholds, PARTS } from '../../leaks/memory-watch';

/** Heapwright's settings with their units; package.json holds defaults and descriptions. */
export interface Settings {
  readonly sampleIntervalMs: number;
  /** What RSS is held against, in bytes; 0 for the container's or machine's own limit. */
  readonly memoryLimitBytes: number;
  readonly alerts: {
    readonly enabled: boolean;
    /** Collect garbage at the warning's share of a limit. */
    readonly collectGarbage: boolean;
    /** Take a snapshot at the alert's share of a limit. */
    readonly takeSnapshot: boolean;
    readonly thresholds: AlertThresholds;
  };
  readonly history: {
    /** Keep every run on disk. */
    readonly enabled: boolean;
    readonly maxRuns: number;
    readonly maxBytes: number;
  };
  readonly cacheMaxEntries: number;
  readonly cacheTtlMs: number;
  /** How long an attach may take before it is given up, in ms. */
  readonly attachTimeoutMs: number;
  readonly followRestarts: boolean;
  readonly debugAutoAttach: boolean;
  readonly smellsEnabled: boolean;
  readonly codeLensEnabled: boolean;
  readonly lazyImportMinimumBytes: number;
  readonly hunt: {
    readonly rounds: number;
    readonly operations: number;
    readonly warmup: number;
    /** ms */
    readonly idleMs: number;
  };
}

const SECTION = 'heapwright';

/** The settings as they apply to `scope` (a file of a multi-root workspace), or to the window. */
export function readSettings(scope?: vscode.ConfigurationScope): Settings {
  const section = vscode.workspace.getConfiguration(SECTION, scope);
  return {
    sampleIntervalMs: clamp(section.get('sampleInterval', 1000), 100, 60_000),
    memoryLimitBytes: Math.round(clamp(section.get('memoryLimit', 0), 0, 1e9) * 1e6),
    alerts: {
      enabled: section.get('alerts.enabled', true),
      collectGarbage: section.get('alerts.collectGarbage', false),
      takeSnapshot: section.get('alerts.takeSnapshot', false),
      thresholds: {
        warning: clamp(section.get('alerts.warningPercent', 70), 1, 100) / 100,
        alert: clamp(section.get('alerts.alertPercent', 80), 1, 100) / 100,
        growthSamples: Math.floor(clamp(section.get('alerts.growthSamples', 60), 2 * PARTS, 3600)),
        growthFactor: clamp(section.get('alerts.growthFactor', 1.5), 1.01, 100),
      },
    },
    history: {
      enabled: section.get('history.enabled', true),
      maxRuns: Math.floor(clamp(section.get('history.maxRuns', 100), 1, 10_000)),
      maxBytes: Math.round(clamp(section.get('history.maxSize', 200), 1, 1e6) * 1e6),
    },
    cacheMaxEntries: Math.floor(clamp(section.get('cache.maxEntries', 500), 1, 1_000_000)),
    cacheTtlMs: Math.floor(clamp(section.get('cache.ttl', 0), 0, Number.MAX_SAFE_INTEGER)),
    attachTimeoutMs: clamp(section.get('attach.timeout', 5000), 500, 600_000),
    followRestarts: section.get('attach.followRestarts', true),
    debugAutoAttach: section.get('debug.autoAttach', false),
    smellsEnabled: section.get('codeSmells.enabled', true),
    codeLensEnabled: section.get('codeLens.enabled', true),
    lazyImportMinimumBytes: Math.round(clamp(section.get('lazyImport.minimumSize', 1), 0, 10_000) * 1e6),
    hunt: {
      rounds: Math.floor(clamp(section.get('hunt.rounds', 3), 2, 20)),
      operations: Math.floor(clamp(section.get('hunt.operations', 97), 1, 1_000_000)),
      warmup: Math.floor(clamp(section.get('hunt.warmup', 97), 0, 1_000_000)),
      idleMs: clamp(section.get('hunt.idle', 2000), 0, 600_000),
    },
  };
}

/** Calls `listener` after any of Heapwright's settings changed. */
export function onSettingsChanged(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(SECTION)) listener();
  });
}

/** A value that a person typed into settings.json may be of any type. */
function clamp(value: unknown, low: number, high: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : low;
}

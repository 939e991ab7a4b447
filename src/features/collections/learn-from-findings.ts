import type * as vscode from 'vscode';
import { placeOf } from '../../leaks/census/places';
import type { CensusKind } from '../../protocol/census';
import type { Finding, FindingKind } from '../../protocol/findings';
import type { TargetSlot } from '../attach/target-slot';
import type { FindingsStore, StoredReport } from '../findings/findings-store';
import type { LiveCollections } from './live-collections';

const KINDS: Partial<Record<FindingKind, CensusKind>> = {
  map: 'map',
  set: 'set',
  array: 'array',
  object: 'object',
};

/** What a hunt or a series of snapshots of the attached target found is known by its name and line in the counts. */
export function learnFromFindings(
  findings: FindingsStore,
  slot: TargetSlot,
  collections: LiveCollections,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return findings.onDidChange(() => {
    const { current } = findings;
    if (!current || !isOfTarget(current, slot)) return;
    collections.learn(current.report.findings.flatMap(toKnown)).catch((error: unknown) => {
      // The target may have gone meanwhile; nobody waits for it.
      log.debug(`Collections of the report are not followed: ${error}`);
    });
  });
}

function toKnown(finding: Finding) {
  const kind = KINDS[finding.kind];
  return kind ? [{ kind, objectId: finding.objectId, place: placeOf(finding) }] : [];
}

/** V8 numbers objects anew for each attachment. A hunt is published by the attachment that it was made through. */
function isOfTarget({ processKey, program }: StoredReport, { current }: TargetSlot): boolean {
  if (!current) return false;
  if (processKey.startsWith('hunt-')) return program === current.info.title;
  return processKey.endsWith(`#${current.info.id}`);
}

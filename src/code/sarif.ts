import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FileEdit, RuleId, TextChange } from '../protocol/code';
import type { LintedSmell } from './lint';

/** What each rule says, for reports. Rule ids are public. */
const RULES: Readonly<Record<RuleId, string>> = {
  'unbounded-collection': 'A long-lived collection is added to, and nothing ever removes from it.',
  'lazy-import': 'A module is loaded with the program, but used only inside functions.',
};

/**
 * Smells as a SARIF 2.1.0 log (OASIS). Paths are relative to `root`, with forward slashes; lines and columns count from
 * one. What has a safe rewrite carries it as a fix, what has none the reason in `properties.refusal`.
 */
export function toSarif(smells: readonly LintedSmell[], root: string, version: string): object {
  const ruleIds = Object.keys(RULES) as RuleId[];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Heapwright',
            version,
            rules: ruleIds.map((id) => ({ id, shortDescription: { text: RULES[id] } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { ROOT: { uri: pathToFileURL(root + path.sep).href } },
        results: smells.map((smell) => ({
          ruleId: smell.rule,
          ruleIndex: ruleIds.indexOf(smell.rule),
          level: smell.severity === 'warning' ? 'warning' : 'note',
          message: { text: smell.message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: relativeUri(root, smell.file), uriBaseId: 'ROOT' },
                region: { startLine: smell.position.line, startColumn: smell.position.column },
              },
            },
          ],
          partialFingerprints: { 'heapwright/v1': smell.id },
          ...(smell.fix?.kind === 'edits'
            ? { fixes: [sarifFix(smell.fix.title, smell.fix.edits, root)] }
            : {}),
          properties: sarifProperties(smell),
        })),
      },
    ],
  };
}

function sarifProperties({ identifier, role, fix }: LintedSmell): object {
  return {
    identifier,
    ...(role === null ? {} : { role }),
    ...(fix?.kind === 'refused' ? { refusal: fix.reason } : {}),
  };
}

/** One change in several files; offsets count characters, as `columnKind` says. */
function sarifFix(title: string, edits: readonly FileEdit[], root: string): object {
  return {
    description: { text: title },
    artifactChanges: edits.map(({ file, changes }) => ({
      artifactLocation: { uri: relativeUri(root, file), uriBaseId: 'ROOT' },
      replacements: changes.map(({ start, end, text }: TextChange) => ({
        deletedRegion: { charOffset: start, charLength: end - start },
        insertedContent: { text },
      })),
    })),
  };
}

function relativeUri(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).map(encodeURIComponent).join('/');
}

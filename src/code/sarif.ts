import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RuleId, Smell } from '../protocol/code';

/** What each rule says, for reports. Rule ids are public. */
const RULES: Readonly<Record<RuleId, string>> = {
  'unbounded-collection': 'A long-lived collection is added to, and nothing ever removes from it.',
  'lazy-import': 'A module is loaded with the program, but used only inside functions.',
};

/**
 * Smells as a SARIF 2.1.0 log (OASIS). Paths are relative to `root`, with forward slashes; lines and columns count from
 * one. What has a safe rewrite names its title, what has none the reason.
 */
export function toSarif(smells: readonly Smell[], root: string, version: string): object {
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
          properties: sarifProperties(smell),
        })),
      },
    ],
  };
}

function sarifProperties({ identifier, role, rewrites }: Smell): object {
  const safe = rewrites.filter(({ refusal }) => refusal === null).map(({ title }) => title);
  const refusal = safe.length > 0 ? undefined : rewrites.find((offer) => offer.refusal !== null)?.refusal;
  return {
    identifier,
    ...(role === null ? {} : { role }),
    ...(safe.length > 0 ? { rewrites: safe } : { refusal: refusal ?? 'There is no safe rewrite.' }),
  };
}

function relativeUri(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).map(encodeURIComponent).join('/');
}

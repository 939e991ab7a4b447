import { formatBytes, formatSeries } from '../../protocol/figures';
import { type Finding, perOperationInWords } from '../../protocol/findings';
import type { SourcePosition } from '../../protocol/source';
import { engineInWords } from '../../protocol/targets';
import type { Comparison } from '../compare';
import type { HuntReport } from './report';
import {
  capturesOf,
  headline,
  holdsInWords,
  operationsOf,
  packageInWords,
  planInWords,
} from './report-words';

/** The report for a terminal, a pull request or an issue. */
export function huntMarkdown(report: HuntReport, comparison: Comparison | null): string {
  const { target, verdicts } = report;
  const leaks = verdicts.filter(({ level }) => level === 'leak');
  const watched = verdicts.filter(({ level }) => level !== 'leak');
  const lines = [
    `# Leak hunt: ${target.title}`,
    '',
    leaks.length > 0 ? `**${headline(report)}**` : headline(report),
    '',
    `${planInWords(report)} ${engineInWords(target) ?? 'Engine unknown'}.`,
    '',
    '| after | operations | heap used | external | RSS |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...capturesOf(report).map(
      ({ title, round }) =>
        `| ${title} | ${operationsOf(round)} | ${formatBytes(round.heapUsedBytes)} | ${formatBytes(round.externalBytes)} | ${formatBytes(round.rssBytes)} |`,
    ),
  ];
  if (comparison)
    lines.push(
      '',
      '## Compared with the baseline',
      '',
      comparison.summary,
      '',
      ...bullets(comparison.sentences),
    );
  for (const [title, list] of [
    ['Leaks', leaks],
    ['To be watched', watched],
  ] as const) {
    if (list.length > 0) lines.push('', `## ${title}`, ...list.flatMap(verdictLines));
  }
  if (report.settled.length > 0) {
    lines.push('', '## Reached its limit', '', ...bullets(report.settled.map(({ sentence }) => sentence)));
  }
  return lines.join('\n');
}

function verdictLines(verdict: Finding): string[] {
  const rate = perOperationInWords(verdict);
  const from = verdict.package ? ` in ${packageInWords(verdict.package)}` : '';
  return [
    '',
    `### ${verdict.name} (${verdict.kind}${from}), ${Math.round(verdict.confidence * 100)} % sure`,
    '',
    `- ${verdict.holder}${rate ? `, ${rate} per operation` : ''}`,
    `- declared at ${place(verdict.location)}; added at ${place(verdict.addedAt)}`,
    `- after each round: ${formatSeries(verdict.entries)}`,
    ...(verdict.holds.length > 0 ? [`- holds ${holdsInWords(verdict)}`] : []),
    `- path: ${verdict.path.join(' → ')}`,
    ...bullets(verdict.reasons),
  ];
}

function place(position: SourcePosition | null): string {
  return position ? `${position.file}:${position.line}:${position.column}` : 'a line that was not found';
}

function bullets(sentences: readonly string[]): string[] {
  return sentences.map((sentence) => `- ${sentence}`);
}

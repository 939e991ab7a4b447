import type { Finding } from '../../protocol/findings';
import type { SourcePosition } from '../../protocol/source';
import { engineInWords } from '../../protocol/targets';
import type { Comparison } from '../compare';
import { formatBytes, formatCount, formatSeries } from '../figures';
import type { HuntReport } from './report';

/** The report for a terminal, a pull request or an issue. */
export function huntMarkdown(report: HuntReport, comparison: Comparison | null): string {
  const { target, plan, verdicts } = report;
  const leaks = verdicts.filter(({ level }) => level === 'leak');
  const watched = verdicts.filter(({ level }) => level !== 'leak');
  const lines = [
    `# Leak hunt: ${target.title}`,
    '',
    headline(leaks.length, watched.length),
    '',
    `${plan.rounds} rounds of ${formatCount(plan.operations)} operations (${report.workload}), ${formatCount(plan.warmup)} to warm up. ${engineInWords(target) ?? 'Engine unknown'}.`,
    '',
    '| round | operations | heap used | external | RSS |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...roundRows(report),
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

function headline(leaks: number, watched: number): string {
  const found = leaks === 0 ? 'No leak found' : leaks === 1 ? '**1 leak found**' : `**${leaks} leaks found**`;
  return watched === 0 ? `${found}.` : `${found}, ${watched} to be watched.`;
}

function roundRows({ baseline, rounds, idle }: HuntReport): string[] {
  const all = [
    ['baseline', baseline],
    ...rounds.map((round, index) => [String(index + 1), round] as const),
    ...(idle ? [['after a rest', idle] as const] : []),
  ] as const;
  return all.map(([title, round]) => {
    const failed = round.failed > 0 ? ` (${round.failed} failed)` : '';
    return `| ${title} | ${formatCount(round.operations)}${failed} | ${formatBytes(round.heapUsedBytes)} | ${formatBytes(round.externalBytes)} | ${formatBytes(round.rssBytes)} |`;
  });
}

function verdictLines(verdict: Finding): string[] {
  const { perOperation } = verdict;
  const rate = perOperation
    ? `, ${formatCount(perOperation.objects)} and ${formatBytes(perOperation.bytes)} per operation`
    : '';
  const from = verdict.package ? ` in ${packageText(verdict.package)}` : '';
  return [
    '',
    `### ${verdict.name} (${verdict.kind}${from}), ${Math.round(verdict.confidence * 100)} % sure`,
    '',
    `- ${verdict.holder}${rate}`,
    `- declared at ${place(verdict.location)}; added at ${place(verdict.addedAt)}`,
    `- after each round: ${formatSeries(verdict.entries)}`,
    ...(verdict.holds.length > 0
      ? [
          `- holds ${verdict.holds.map(({ constructorName, count }) => `${formatCount(count)} ${constructorName}`).join(', ')}`,
        ]
      : []),
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

/** `debug@4.1.1 (the lock file also knows 4.3.4)` */
function packageText({ name, version, laterVersion }: NonNullable<Finding['package']>): string {
  const installed = version ? `${name}@${version}` : name;
  return laterVersion ? `${installed} (the lock file also knows ${laterVersion})` : installed;
}

import * as path from 'node:path';
import { formatBytes, formatCount } from '../../protocol/figures';
import type { Finding } from '../../protocol/findings';
import { perOperationInWords, unitOf } from '../../protocol/findings';
import type { SourcePosition } from '../../protocol/source';
import { engineInWords } from '../../protocol/targets';
import type { Comparison } from '../compare';
import { escapeHtml } from './escape-html';
import type { HuntReport } from './report';
import { lineChart } from './report-chart';
import { reportStyle } from './report-style';
import {
  capturesOf,
  headline,
  holdsInWords,
  operationsOf,
  packageInWords,
  planInWords,
} from './report-words';

/** One page without scripts or outside files: growth curves and retaining paths for a colleague or an archive. */
export function huntHtml(report: HuntReport, comparison: Comparison | null): string {
  const { target, verdicts, settled } = report;
  const title = `Leak hunt: ${escapeHtml(target.title)}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${reportStyle}</style></head>
<body><header><h1>${title}</h1>
<p class="quiet">${escapeHtml(`${planInWords(report)} ${engineInWords(target) ?? 'Engine unknown'}.`)}</p></header>
<p class="banner ${verdicts[0]?.level ?? ''}">${escapeHtml(headline(report))}</p>
${comparison ? section('Compared with the baseline', `<p>${escapeHtml(comparison.summary)}</p>${list(comparison.sentences)}`) : ''}
${verdicts.map((verdict, index) => article(verdict, report, index === 0)).join('\n')}
${settled.length > 0 ? section('Reached its limit', list(settled.map(({ sentence }) => sentence))) : ''}
${section('The heap', heap(report))}
</body></html>
`;
}

function section(title: string, content: string): string {
  return `<section><h2>${title}</h2>${content}</section>`;
}

function list(sentences: readonly string[]): string {
  return `<ul>${sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>`;
}

function article(verdict: Finding, report: HuntReport, isFirst: boolean): string {
  const { level, name, kind, holder, entries, path: steps, reasons } = verdict;
  const format = unitOf(verdict) === 'bytes' ? formatBytes : formatCount;
  const chart = lineChart({
    title: `${unitOf(verdict)} of ${name}`,
    values: entries,
    labels: entries.map((_, index) => `round ${index + 1 + report.rounds.length - entries.length}`),
    format,
  });
  return `<article class="${level}"><h3><span class="badge ${level}">${level}</span><span class="badge kind">${escapeHtml(kind)}</span>
<code>${escapeHtml(name)}</code></h3><p class="quiet">${escapeHtml(holder)}</p>
<figure>${chart}</figure>
<dl>${facts(verdict, report)
    .map(([term, fact]) => `<dt>${term}</dt><dd>${fact}</dd>`)
    .join('')}</dl>
<details${isFirst ? ' open' : ''}><summary>Retaining path</summary>
<ol class="path">${steps.map((step) => `<li>${escapeHtml(step)}</li>`).join('')}</ol></details>
<details${isFirst ? ' open' : ''}><summary>What was measured</summary>${list(reasons)}</details></article>`;
}

/** What is known of a finding; the facts are HTML. */
function facts(verdict: Finding, { target }: HuntReport): [term: string, fact: string][] {
  const { retainedSizes, location, addedAt, confidence } = verdict;
  const known: [string, string][] = [];
  const rate = perOperationInWords(verdict);
  if (rate) known.push(['Per operation', rate]);
  if (retainedSizes.length > 0) known.push(['Retained', retainedSizes.map(formatBytes).join(' → ')]);
  known.push(['Declared at', place(location, target.workingDirectory)]);
  known.push(['Added at', place(addedAt, target.workingDirectory)]);
  if (verdict.package) known.push(['Package', escapeHtml(packageInWords(verdict.package))]);
  if (verdict.holds.length > 0) known.push(['Holds', escapeHtml(holdsInWords(verdict))]);
  known.push(['Sure', `${Math.round(confidence * 100)} %`]);
  return known;
}

/** A link that opens VS Code at the line, on the machine where the program ran. */
function place(position: SourcePosition | null, workingDirectory: string | null): string {
  if (!position) return '<span class="quiet">a line that was not found</span>';
  const { file, line, column } = position;
  const slashed = file.replaceAll('\\', '/');
  const address = `vscode://file/${encodeURI(slashed.replace(/^\//, ''))}:${line}:${column}`;
  const below = workingDirectory === null ? null : path.relative(workingDirectory, file);
  const shown = below === null || below.startsWith('..') || path.isAbsolute(below) ? file : below;
  return `<a href="${escapeHtml(address)}" title="${escapeHtml(file)}"><code>${escapeHtml(shown)}:${line}:${column}</code></a>`;
}

function heap(report: HuntReport): string {
  const all = capturesOf(report);
  const chart = lineChart({
    title: 'Heap used',
    values: all.map(({ round }) => round.heapUsedBytes),
    labels: all.map(({ label }) => label),
    format: formatBytes,
  });
  const rows = all.map(
    ({ title, round }) =>
      `<tr><td>${title}</td><td>${operationsOf(round)}</td>${[
        round.heapUsedBytes,
        round.externalBytes,
        round.rssBytes,
      ]
        .map((bytes) => `<td>${formatBytes(bytes)}</td>`)
        .join('')}</tr>`,
  );
  return `<div class="figure"><figure>${chart}<figcaption>Heap used after each round, with all garbage collected</figcaption></figure>
<table><thead><tr><th>After</th><th>Operations</th><th>Heap used</th><th>External</th><th>RSS</th></tr></thead>
<tbody>${rows.join('')}</tbody></table></div>`;
}

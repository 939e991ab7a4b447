import type { Finding } from '../../protocol/findings';
import { engineInWords } from '../../protocol/targets';
import type { Comparison } from '../compare';
import { formatBytes, formatCount, formatSeries } from '../figures';
import type { HuntReport } from './report';

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } th, td { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid #8884; }
article { border: 1px solid #8886; border-left: 6px solid #888; border-radius: 6px; padding: .5rem 1rem; margin: 1rem 0; }
article.leak { border-left-color: #d33; } article.watch { border-left-color: #c90; }
code { font-family: ui-monospace, monospace; } figure { margin: .5rem 0; }
polyline { fill: none; stroke: currentColor; stroke-width: 2; } circle { fill: currentColor; }
ol.path { padding-left: 1.2rem; } ol.path li { font-family: ui-monospace, monospace; }
`;

/** One page without scripts or outside files: growth curves and retaining paths for a colleague or an archive. */
export function huntHtml(report: HuntReport, comparison: Comparison | null): string {
  const { target, plan, verdicts, rounds, baseline } = report;
  const heap = [baseline, ...rounds].map(({ heapUsedBytes }) => heapUsedBytes);
  const compared = comparison
    ? `<h2>Compared with the baseline</h2><p>${escapeHtml(comparison.summary)}</p>`
    : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Leak hunt: ${escapeHtml(target.title)}</title><style>${style}</style></head>
<body><h1>Leak hunt: ${escapeHtml(target.title)}</h1>
<p>${plan.rounds} rounds of ${formatCount(plan.operations)} operations (${escapeHtml(report.workload)}). ${escapeHtml(engineInWords(target) ?? 'Engine unknown')}.</p>
<figure>${curve(heap, formatBytes)}<figcaption>Heap used after each round</figcaption></figure>
${compared}
<h2>${verdicts.length === 0 ? 'Nothing grew' : 'What grew'}</h2>
${verdicts.map(article).join('\n')}
</body></html>
`;
}

function article(verdict: Finding): string {
  const { level, name, kind, holder, location, addedAt, confidence, entries, path, reasons } = verdict;
  const at = (position: Finding['location']) =>
    position
      ? `<code>${escapeHtml(position.file)}:${position.line}:${position.column}</code>`
      : 'a line that was not found';
  return `<article class="${level}"><h3>${escapeHtml(level)}: <code>${escapeHtml(name)}</code> (${escapeHtml(kind)})</h3>
<p>${escapeHtml(holder)}. ${Math.round(confidence * 100)} % sure. Declared at ${at(location)}; added at ${at(addedAt)}.</p>
<figure>${curve(entries, formatCount)}<figcaption>${escapeHtml(formatSeries(entries))}</figcaption></figure>
<details><summary>Retaining path</summary><ol class="path">${path.map((step) => `<li>${escapeHtml(step)}</li>`).join('')}</ol></details>
<ul>${reasons.map((reason) => `<li>${escapeHtml(reason)}</li>`).join('')}</ul></article>`;
}

/** A small line chart from zero, with its values as text for those who cannot see it. */
function curve(values: readonly number[], format: (value: number) => string): string {
  const [width, height] = [360, 90];
  const most = Math.max(...values, 1);
  const points = values.map((value, index) => {
    const x = values.length < 2 ? width / 2 : 10 + (index * (width - 20)) / (values.length - 1);
    return [Math.round(x), Math.round(height - 10 - (Math.max(0, value) / most) * (height - 25))] as const;
  });
  const label = values.map(format).join(', ');
  return `<svg role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<polyline points="${points.map((point) => point.join(',')).join(' ')}"/>${points
    .map(
      ([x, y], index) =>
        `<circle cx="${x}" cy="${y}" r="3"><title>${escapeHtml(format(values[index]!))}</title></circle>`,
    )
    .join('')}</svg>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes, formatCount, formatDelta, formatSeries } from '../../protocol/figures';
import { type Finding, perOperationInWords, unitOf } from '../../protocol/findings';
import type { HuntFacts, SeriesReport } from '../../protocol/panel';
import { button, bytes, sparkline } from './controls';
import { send } from './host';

/** What a hunt proved: leaks, what is to be watched, and what is gone since the hunt before. */
function huntView(report: SeriesReport, hunt: HuntFacts): TemplateResult {
  const clean = !report.findings.some(({ level }) => level === 'leak');
  return html`<section aria-labelledby="report-title" data-testid="report">
    <header class="section">
      <h2 id="report-title">Leak hunt: ${hunt.rounds} rounds of ${formatCount(hunt.operations)} operations</h2>
      <span class="quiet workload" title=${hunt.workload}>${hunt.workload}</span>
      ${button({ label: 'Hunt Again', icon: 'history', testId: 'hunt-again', run: () => send({ type: 'huntAgain' }) })}
    </header>
    <p class="summary ${clean ? 'good' : 'bad'}" role="status" data-testid="summary">
      <span class="codicon codicon-${clean ? 'pass' : 'warning'}" aria-hidden="true"></span>
      <span>${report.summary}</span>
    </p>
    ${report.findings.length === 0 ? nothing : findingsTable(report.findings)}
    ${hunt.gone.length > 0 ? goneTable(hunt.gone) : nothing}
    ${
      hunt.settled.length > 0
        ? html`<ul class="reasons" data-testid="settled">
            ${hunt.settled.map((sentence) => html`<li>${sentence}</li>`)}
          </ul>`
        : nothing
    }
  </section>`;
}

function goneTable(gone: HuntFacts['gone']): TemplateResult {
  return html`<table class="before" data-testid="gone">
    <caption>Gone since the hunt before</caption>
    <thead>
      <tr><th scope="col">Name</th><th scope="col">Growth before</th><th scope="col">Growth now</th></tr>
    </thead>
    <tbody>
      ${gone.map(
        ({ name, before, now }) => html`<tr>
          <td>${name}</td>
          <td>${before}</td>
          <td>${now}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/** What a series of snapshots showed: the suspects, or in words that nothing grew, and the run before for comparison. */
export function reportView(report: SeriesReport): TemplateResult {
  if (report.hunt) return huntView(report, report.hunt);
  const clean = report.findings.length === 0;
  const fixed = clean && report.before !== null && report.before.findings.length > 0;
  return html`<section aria-labelledby="report-title" data-testid="report">
    <header class="section">
      <h2 id="report-title">Growth over ${report.snapshotNames.length} snapshots</h2>
      <span class="quiet">${report.totalSizes.map((size) => formatBytes(size)).join(' → ')} in all</span>
    </header>
    <p class="summary ${clean ? 'good' : 'bad'}" role="status" data-testid="summary">
      <span class="codicon codicon-${clean ? 'pass' : 'warning'}" aria-hidden="true"></span>
      <span>${report.summary}</span>
    </p>
    ${clean ? nothing : findingsTable(report.findings)}
    ${fixed && report.before ? beforeTable(report.before.findings) : nothing}
  </section>`;
}

function findingsTable(findings: readonly Finding[]): TemplateResult {
  return html`<div class="findings">${findings.map(findingItem)}</div>`;
}

function findingItem(finding: Finding): TemplateResult {
  const { location, retainedSizes } = finding;
  const rate = perOperationInWords(finding);
  const present = retainedSizes.filter((size) => size >= 0);
  const growth = present.length < 2 ? 0 : present.at(-1)! - present[0]!;
  const held = finding.holds.map(
    ({ constructorName, count }) => `${formatCount(count)} × ${constructorName}`,
  );
  return html`<article class="finding" data-testid="finding" aria-label="${finding.name} grows">
    <header>
      ${
        finding.level === 'suspect'
          ? nothing
          : html`<span class="level ${finding.level}" data-testid="level">${finding.level}</span>`
      }
      <span class="kind">${finding.kind}</span>
      <strong class="name">${finding.name}</strong>
      <span class="quiet">${finding.holder}</span>
      ${
        location
          ? html`<button
              class="link"
              data-testid="open-finding"
              title=${location.file}
              @click=${() => send({ type: 'openFinding', key: finding.key })}
            >
              ${baseName(location.file)}:${location.line}
            </button>`
          : html`<span class="quiet">source line unknown</span>`
      }
    </header>
    <dl>
      <dt>${capitalized(unitOf(finding))}</dt>
      <dd>
        ${sparkline(finding.entries)} <span data-testid="entries">${formatSeries(finding.entries)}</span>
        ${rate ? html`<span class="quiet" data-testid="per-operation">(${rate} per operation)</span>` : nothing}
      </dd>
      <dt>Retained</dt>
      <dd>
        ${present.map((size, i) => html`${i > 0 ? ' → ' : ''}${bytes(size)}`)}
        <strong class="growth">${formatDelta(growth)}</strong>
      </dd>
      ${finding.addedAt ? html`<dt>Added at</dt><dd>${addedLink(finding.key, finding.addedAt)}</dd>` : nothing}
      ${
        finding.level === 'suspect'
          ? nothing
          : html`<dt>Sure</dt><dd data-testid="confidence">${Math.round(finding.confidence * 100)} %</dd>`
      }
      ${held.length > 0 ? html`<dt>Holds</dt><dd>${held.join(', ')}</dd>` : nothing}
      ${
        finding.package
          ? html`<dt>Package</dt><dd>${finding.package.name} ${finding.package.version ?? ''}${finding.package.laterVersion ? `; the lock file also knows ${finding.package.laterVersion}` : ''}</dd>`
          : nothing
      }
    </dl>
    <details>
      <summary>Retaining path and reasons</summary>
      <ol class="path">
        ${finding.path.map((step) => html`<li>${step}</li>`)}
      </ol>
      <ul class="reasons">
        ${finding.reasons.map((reason) => html`<li>${reason}</li>`)}
      </ul>
    </details>
  </article>`;
}

/** After a fix: what the run before had grown. */
function beforeTable(findings: readonly Finding[]): TemplateResult {
  return html`<table class="before" data-testid="before">
    <caption>What the run before showed</caption>
    <thead>
      <tr><th scope="col">Name</th><th scope="col">Entries before</th><th scope="col">Now</th></tr>
    </thead>
    <tbody>
      ${findings.map(
        (finding) =>
          html`<tr>
            <td>${finding.name}</td>
            <td>${formatSeries(finding.entries)}</td>
            <td>no growth</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function addedLink(key: string, { file, line }: NonNullable<Finding['addedAt']>): TemplateResult {
  return html`<button
    class="link inline"
    data-testid="open-added"
    title=${file}
    @click=${() => send({ type: 'openFinding', key, place: 'added' })}
  >
    ${baseName(file)}:${line}
  </button>`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}

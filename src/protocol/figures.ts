/** 1000-based, three significant figures at most: `4.1 MB`, `950 B`, `1.32 GB`. Exact numbers belong in hovers. */
export function formatBytes(bytes: number): string {
  const sign = bytes < 0 ? '−' : '';
  let value = Math.abs(bytes);
  if (value < 1000) return `${sign}${Math.round(value)} B`;
  for (const unit of ['kB', 'MB', 'GB']) {
    value /= 1000;
    if (value < 999.5 || unit === 'GB')
      return `${sign}${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
  }
  return `${bytes} B`;
}

/** With thousands separators, and one digit behind the point; the same in every locale, so that screenshots, logs and tests agree. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

/** `200 → 5,200 → 10,200`; what was not there yet is `–`. */
export function formatSeries(values: readonly number[]): string {
  return values.map((value) => (value < 0 ? '–' : formatCount(value))).join(' → ');
}

/** `+4.1 MB`, `−12 kB`. */
export function formatDelta(bytes: number): string {
  return bytes < 0 ? formatBytes(bytes) : `+${formatBytes(bytes)}`;
}

/** `0.4 ms`, `12 ms`, `3.2 s`, `4 min`, `2 h`. */
export function formatMs(ms: number): string {
  if (ms < 9.95) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 90) return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** `42 %`, `0.4 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return `${percent < 9.95 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}

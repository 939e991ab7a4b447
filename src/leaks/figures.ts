/** "4.1 MB", decimal, with at most one digit after the point. */
export function formatBytes(bytes: number): string {
  const sign = bytes < 0 ? '-' : '';
  const size = Math.abs(bytes);
  if (size < 1000) return `${sign}${Math.round(size)} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = size;
  let unit = 'B';
  for (const next of units) {
    if (value < 999.95) break;
    value /= 1000;
    unit = next;
  }
  return `${sign}${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** "10,200". */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

/** "200 → 5,200 → 10,200"; a collection that was not born yet shows as 0. */
export function formatSeries(values: readonly number[]): string {
  return values.map((value) => formatCount(Math.max(0, value))).join(' → ');
}

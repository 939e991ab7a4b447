import { formatCount } from '../protocol/figures';
import type { ExportedValues, PackageUseRecord } from '../protocol/module-report';
import type { ModuleRow, UnusedPackage } from '../protocol/modules';

/**
 * The dependencies that were loaded and of which no function was called since, heaviest first; with those of which it cannot
 * be told.
 * @param packages What each package cost.
 */
export function unusedPackages(
  use: readonly PackageUseRecord[] | null,
  packages: readonly ModuleRow[],
): UnusedPackage[] {
  const unused = (use ?? [])
    .filter(({ called }) => !called)
    .flatMap((record): UnusedPackage[] => {
      const rows = packages.filter(({ name }) => name === record.name);
      const [first] = rows;
      // It has thrown: that is another matter.
      if (!first || rows.some(({ failed }) => failed)) return [];
      const sum = (of: (row: ModuleRow) => number) => rows.reduce((all, row) => all + of(row), 0);
      const why = whyUnknown(record);
      return [
        {
          name: record.name,
          isSure: why === null,
          selfHeap: sum(({ self }) => self.heap),
          totalHeap: sum(({ total }) => total.heap),
          totalMs: sum(({ total }) => total.ms),
          words: why ?? neverCalled(record.exports!),
        },
      ];
    });
  return unused.sort((a, b) => Number(b.isSure) - Number(a.isSure) || b.totalHeap - a.totalHeap);
}

/** Why it may be used although none of its functions was called; null where nothing speaks for that. */
function whyUnknown({ functions, exports: exported }: PackageUseRecord): string | null {
  if (!exported) return 'Cannot be told: what it exports could not be looked at.';
  if (exported.native > 0) return 'Cannot be told: its functions are not JavaScript.';
  if (exported.foreign > 0) return 'Cannot be told: it passes on functions of others.';
  if (exported.functions > 0 && functions > 0) {
    const isMostlyData = !exported.isFunction && exported.data >= exported.functions;
    return isMostlyData ? 'Cannot be told: it exports mostly data.' : null;
  }
  return exported.data > 0
    ? 'Cannot be told: it exports data only.'
    : 'Cannot be told: it exports no function, and may be there for what it does while it loads.';
}

function neverCalled({ data }: ExportedValues): string {
  const called = 'None of its functions was called since it was loaded';
  if (data === 0) return `${called}.`;
  const values = data === 1 ? 'one value' : `${formatCount(data)} values`;
  return `${called}; that one of its ${values} of data was read cannot be seen.`;
}

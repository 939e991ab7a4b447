import type { ModuleReport } from '../protocol/module-report';

/** A report as the meter wrote it; null for anything else, since the measured program knows the folder as well. */
export function parseReport(text: string): ModuleReport | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value) || value.version !== 1 || typeof value.pid !== 'number') return null;
  if (typeof value.nodeVersion !== 'string' || !isListOf(value.argv, (each) => typeof each === 'string'))
    return null;
  if (!isListOf(value.modules, isRecord)) return null;
  const count = value.modules.length;
  const isPlace = (each: unknown) => Number.isInteger(each) && Number(each) >= 0 && Number(each) < count;
  const isEdge = (each: unknown) => Array.isArray(each) && each.length === 2 && each.every(isPlace);
  if (!isListOf(value.edges, isEdge)) return null;
  return value.use === null || isListOf(value.use, isUse) ? (value as unknown as ModuleReport) : null;
}

function isRecord(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.file === 'string' &&
    ['heap', 'rss', 'ms'].every((key) => Number.isFinite(value[key])) &&
    ['loaded', 'loading', 'failed'].includes(String(value.state))
  );
}

function isUse(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.name === 'string' &&
    typeof value.called === 'boolean' &&
    Number.isFinite(value.functions) &&
    (value.exports === null || isExports(value.exports))
  );
}

function isExports(value: unknown): boolean {
  return (
    isObject(value) &&
    ['functions', 'native', 'foreign', 'data'].every((key) => Number.isFinite(value[key])) &&
    typeof value.isFunction === 'boolean'
  );
}

function isListOf(value: unknown, isOne: (each: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every(isOne);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

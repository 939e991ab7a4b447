import { HeapwrightError } from '../../protocol/errors';
import type { HeapGraph } from '../graph/heap-graph';
import { linkType } from '../reading/columns';
import { EdgeType } from '../reading/format';
import { edgeName, nodeName } from './rows';

type Condition = (graph: HeapGraph, node: number) => boolean;

const SIZE_UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9 };

/** What a person may write; each is a condition, and all must hold. */
export const SEARCH_FORMS = [
  '@1234 (an object id)',
  'text (part of the name)',
  'class:Map (part of the constructor)',
  'type:closure (a node type)',
  'prop:userId (a property or variable)',
  'self>1kB, retained>=1MB, distance<5 (bounds)',
] as const;

/**
 * Objects that meet a query, in the order of the file. Words are parted by spaces, a text with spaces stands in
 * double quotes; letters may be of either case.
 * @throws `bad-argument` that says what can be written.
 */
export function findNodes(graph: HeapGraph, query: string, isCancelled: () => boolean): number[] {
  const words = query.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  const conditions = words.map((word) => toCondition(graph, word.replaceAll('"', '')));
  if (conditions.length === 0) throw badQuery(query);
  const found: number[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    if ((node & 0xffff) === 0 && isCancelled()) break;
    if (conditions.every((condition) => condition(graph, node))) found.push(node);
  }
  return found;
}

function toCondition(graph: HeapGraph, word: string): Condition {
  const id = /^@(\d+)$/.exec(word);
  if (id) return ({ nodeId }, node) => nodeId[node] === Number(id[1]);
  const bound = /^(self|retained|distance)(<=|>=|<|>|=)([\d.]+)(b|kb|mb|gb)?$/i.exec(word);
  if (bound) return sizeCondition(bound);
  const field = /^(class|type|prop|name):(.+)$/i.exec(word);
  if (!field && /^(class|type|prop|name|self|retained|distance)[:<>=]/i.test(word)) throw badQuery(word);
  const text = (field?.[2] ?? word).toLowerCase();
  switch (field?.[1]?.toLowerCase()) {
    case 'class':
      return classCondition(graph, text);
    case 'type':
      return ({ format, nodeType }, node) => format.nodeTypeNames[nodeType[node]!]!.toLowerCase() === text;
    case 'prop':
      return propertyCondition(text);
    default:
      return nameCondition(graph, text);
  }
}

function sizeCondition([, column, operator, digits, unit]: RegExpExecArray): Condition {
  const limit = Number(digits) * (SIZE_UNITS[(unit ?? '').toLowerCase()] ?? 1);
  const compare: Readonly<Record<string, (value: number) => boolean>> = {
    '<': (value) => value < limit,
    '<=': (value) => value <= limit,
    '>': (value) => value > limit,
    '>=': (value) => value >= limit,
    '=': (value) => value === limit,
  };
  const test = compare[operator!]!;
  const name = column!.toLowerCase();
  if (name === 'distance') return ({ distance }, node) => test(distance[node]!);
  return name === 'self'
    ? ({ shallowSize }, node) => test(shallowSize[node]!)
    : ({ retainedSize }, node) => test(retainedSize[node]!);
}

function classCondition({ classes }: HeapGraph, text: string): Condition {
  const isMatch = classes.names.map((name) => name.toLowerCase().includes(text));
  return (_graph, node) => isMatch[classes.classOf[node]!] === true;
}

/** Each text of the table is looked at once, however many nodes have it. */
function nameCondition({ strings }: HeapGraph, text: string): Condition {
  const known = new Int8Array(strings.length);
  return (graph, node) => {
    const name = graph.nodeName[node]!;
    if (known[name] === 0) known[name] = nodeName(graph, node).toLowerCase().includes(text) ? 1 : -1;
    return known[name] === 1;
  };
}

function propertyCondition(text: string): Condition {
  return (graph, node) => {
    const { firstEdge, edgeLink } = graph;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const type = linkType(edgeLink[edge]!);
      if (type !== EdgeType.property && type !== EdgeType.context) continue;
      if (edgeName(graph, edge).toLowerCase() === text) return true;
    }
    return false;
  };
}

function badQuery(query: string): HeapwrightError {
  return new HeapwrightError(
    'bad-argument',
    `“${query}” is no search.`,
    `Write one or more of: ${SEARCH_FORMS.join('; ')}.`,
  );
}

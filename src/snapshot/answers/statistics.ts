import type { HeapStatistics } from '../../protocol/snapshot';
import type { HeapGraph } from '../graph/heap-graph';
import { ROOT } from '../graph/heap-graph';
import { linkTarget, linkType } from '../reading/columns';
import { EdgeType, NodeType } from '../reading/format';

/** What the heap is made of, in bytes. Source: DevTools, `calculateStatistics`. */
export function statisticsOf(graph: HeapGraph): HeapStatistics {
  const { nodeCount, nodeType, nodeName, shallowSize, strings, format } = graph;
  const arrayName = strings.indexOf('Array');
  const bufferName = strings.indexOf('system / JSArrayBufferData');
  let native = format.extraNativeBytes;
  let typedArrays = 0;
  let code = 0;
  let text = 0;
  let jsArrays = 0;
  let system = 0;
  for (let node = 0; node < nodeCount; node++) {
    const size = shallowSize[node]!;
    const type = nodeType[node]!;
    if (type === NodeType.hidden) system += size;
    else if (type === NodeType.native) {
      native += size;
      if (nodeName[node] === bufferName) typedArrays += size;
    } else if (type === NodeType.code) code += size;
    else if (isString(type)) text += size;
    else if (nodeName[node] === arrayName) jsArrays += size + elementsSize(graph, node);
  }
  const total = graph.retainedSize[ROOT]! + format.extraNativeBytes;
  return { total, native, typedArrays, code, strings: text, jsArrays, system };
}

/** True for the types of node that hold text. */
export function isString(type: number): boolean {
  return type === NodeType.string || type === NodeType.consString || type === NodeType.slicedString;
}

/** The backing store of an array, where nothing else uses it. */
function elementsSize(graph: HeapGraph, node: number): number {
  const { firstEdge, edgeLink, edgeName, strings, shallowSize, firstRetainer } = graph;
  for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
    if (linkType(edgeLink[edge]!) !== EdgeType.internal || strings.get(edgeName[edge]!) !== 'elements')
      continue;
    const store = linkTarget(edgeLink[edge]!);
    return firstRetainer[store + 1]! - firstRetainer[store]! === 1 ? shallowSize[store]! : 0;
  }
  return 0;
}

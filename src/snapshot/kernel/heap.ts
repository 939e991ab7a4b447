/** The columns of a heap that most loops walk over: see src/snapshot/reading/columns.ts. */
export let nodeType: usize = 0;
export let nodeName: usize = 0;
export let firstEdge: usize = 0;
export let edgeLink: usize = 0;
export let edgeName: usize = 0;

/** Where they lie; to be called before anything else. */
export function setColumns(
  nodeTypeAt: usize,
  nodeNameAt: usize,
  firstEdgeAt: usize,
  edgeLinkAt: usize,
  edgeNameAt: usize,
): void {
  nodeType = nodeTypeAt;
  nodeName = nodeNameAt;
  firstEdge = firstEdgeAt;
  edgeLink = edgeLinkAt;
  edgeName = edgeNameAt;
}

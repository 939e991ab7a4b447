/**
 * The loops over all nodes and edges of a heap, in one memory with its columns. AssemblyScript: esbuild.mjs compiles it
 * to WebAssembly, which takes half to a quarter of the time that the same loops take in JavaScript. What they do and
 * why is told where the others are, in src/snapshot/graph; src/snapshot/graph/graph-kernel.ts calls these.
 *
 * Parameters are places of columns in memory. Long loops are done in steps, since WebAssembly goes on in better code
 * only where a function is called again.
 */
export * from './classes';
export * from './columns';
export * from './depth-first';
export * from './distances';
export * from './dominators';
export { setColumns } from './heap';
export * from './retained-sizes';
export * from './shallow-sizes';

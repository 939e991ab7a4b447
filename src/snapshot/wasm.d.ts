/** WebAssembly modules that esbuild.mjs compiles of the AssemblyScript source of the same name. */
declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

const modules = new Map<Uint8Array, WebAssembly.Module>();

/** The module of a kernel's bytes, compiled once in each thread. */
export function compiledKernel(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  const known = modules.get(bytes);
  if (known) return known;
  const compiled = new WebAssembly.Module(bytes);
  modules.set(bytes, compiled);
  return compiled;
}

const modules = new Map<Uint8Array, WebAssembly.Module>();

/** The module of a kernel's bytes, compiled once in each thread. */
export function compiledKernel(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  let compiled = modules.get(bytes);
  if (!compiled) modules.set(bytes, (compiled = new WebAssembly.Module(bytes)));
  return compiled;
}

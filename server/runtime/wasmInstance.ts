/** What is used of the global of this name, which Node's types leave to the browser's. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}

const PAGE_BYTES = 65536;

/** Runs the code of `moduleOf`, and gives its exports. */
export function wasmExports(code: Uint8Array): unknown {
  return new WebAssembly.Instance(new WebAssembly.Module(code)).exports;
}

/** Makes the memory so many bytes long at least. Views of its buffer are void if it grows. */
export function growTo(memory: WasmMemory, bytes: number): void {
  const missing = Math.ceil(bytes / PAGE_BYTES) - memory.buffer.byteLength / PAGE_BYTES;
  if (missing > 0) memory.grow(missing);
}

import { binaryFor } from './binary.ts';
import { type SynchronousLinearAlgebra, wasmBackend } from './wasm-backend.ts';
import { defaultFlavours, missing, refusal, type WasmOptions } from './wasm-options.ts';

/**
 * float64 in WebAssembly SIMD on the calling thread, with plain JavaScript where the engine lacks it or a page's
 * Content-Security-Policy forbids it (see `flavour` and `fallbackReason`). Matrices are taken as immutable: a factor that
 * was used once stays in linear memory for the next call with the same object. For a browser's main thread, which compiles
 * a module of this size only asynchronously.
 */
export async function wasm(options: WasmOptions = {}): Promise<SynchronousLinearAlgebra> {
  const binary = binaryFor(options.flavours ?? defaultFlavours);
  if (!binary) return plainJavaScript(missing);
  try {
    return wasmBackend(await WebAssembly.compile(binary.bytes), binary.flavour);
  } catch (error) {
    return plainJavaScript(refusal(error));
  }
}

/** Its code is loaded where it is needed. */
async function plainJavaScript(reason: string): Promise<SynchronousLinearAlgebra> {
  return (await import('./plain-javascript.ts')).plainJavaScript(reason);
}

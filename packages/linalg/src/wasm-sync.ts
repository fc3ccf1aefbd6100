import { binaryFor } from './binary.ts';
import { plainJavaScript } from './plain-javascript.ts';
import { type SynchronousLinearAlgebra, wasmBackend } from './wasm-backend.ts';
import { defaultFlavours, missing, refusal, type WasmOptions } from './wasm-options.ts';

/** As `wasm`, at once: for Node and workers. */
export function wasmSync(options: WasmOptions = {}): SynchronousLinearAlgebra {
  const binary = binaryFor(options.flavours ?? defaultFlavours);
  if (!binary) return plainJavaScript(missing);
  try {
    return wasmBackend(new WebAssembly.Module(binary.bytes), binary.flavour);
  } catch (error) {
    return plainJavaScript(refusal(error));
  }
}

import { cpu } from './cpu.ts';
import type { SynchronousLinearAlgebra } from './wasm-backend.ts';

/** The backend where WebAssembly does not run: `cpu`, and why it is that. */
export const plainJavaScript = (fallbackReason: string): SynchronousLinearAlgebra => ({
  ...cpu,
  name: 'cpu (no WebAssembly)',
  flavour: 'javascript',
  fallbackReason,
  memoryBytes: () => 0,
  dispose() {},
});

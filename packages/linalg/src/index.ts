export { cpu } from './cpu.ts';
export {
  type BackendTimes,
  type MeasureOptions,
  measureBackend,
  type Operation,
  operations,
  type TimingProblem,
  timingProblem,
} from './measure-backend.ts';
export { blockedSolve, blockOf, factorPanel, mirrored, setBlock, transposed } from './panel.ts';
export { scaled, times } from './power-of-two-scale.ts';
export { productShape, requireSolvable, requireSquare } from './shapes.ts';
export { wasm } from './wasm.ts';
export type { SynchronousLinearAlgebra } from './wasm-backend.ts';
export type { WasmOptions } from './wasm-options.ts';
export { wasmSync } from './wasm-sync.ts';
export { type Timing, type Worth, worthFrom } from './worth-from.ts';

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
export { type SynchronousLinearAlgebra, type WasmOptions, wasm, wasmSync } from './wasm.ts';
export { type Timing, type Worth, worthFrom } from './worth-from.ts';

import type { Flavour } from './binary.ts';

export interface WasmOptions {
  /** Machine code to try, best first; default: relaxed SIMD (fused multiply-add), then SIMD. */
  readonly flavours?: readonly Flavour[];
}

/** What is tried where nothing else is asked for. */
export const defaultFlavours: readonly Flavour[] = ['relaxed-simd', 'simd'];

/** Why plain JavaScript runs where the engine accepts no binary. */
export const missing = 'this engine runs none of the WebAssembly SIMD builds asked for';

/** The engine knows the binary's instructions and still does not compile it: a policy forbids it, or memory is short. */
export const refusal = (error: unknown) =>
  `WebAssembly is refused here: ${error instanceof Error ? error.message : String(error)}`;

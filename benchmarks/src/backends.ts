import type { LinearAlgebra } from '@foothold/core';
import { cpu, wasm } from '@foothold/linalg';

/** A backend to measure; `open` gives undefined, or throws, where it does not load on this machine. */
export interface BackendEntry {
  readonly name: string;
  open(): Promise<LinearAlgebra | undefined>;
}

const flavoured = async (flavour: 'simd' | 'relaxed-simd') => {
  const backend = await wasm({ flavours: [flavour] });
  return backend.flavour === flavour ? backend : undefined;
};

/** Every backend that the benchmarks know; `cpu` is first because the others are compared to it. */
export const backends: readonly BackendEntry[] = [
  { name: 'cpu', open: async () => cpu },
  { name: 'wasm-simd', open: () => flavoured('simd') },
  { name: 'wasm-relaxed-simd', open: () => flavoured('relaxed-simd') },
];

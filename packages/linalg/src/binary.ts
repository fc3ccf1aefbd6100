import { relaxedSimd, simd } from './binaries.generated.ts';

/** The functions of assembly/index.ts: addresses in bytes, sizes in entries unless they say otherwise. */
export interface Assembly extends StationaryAssembly {
  readonly memory: WebAssembly.Memory;
  factorPanels(l: number, inverse: number, count: number): number;
  invertDiagonal(l: number, inverse: number, count: number): void;
  solveLower(l: number, inverse: number, count: number, v: number, sides: number): void;
  solveUpper(l: number, inverse: number, count: number, v: number, sides: number): void;
  packLower(source: number, n: number, first: number, count: number, l: number): void;
  unpackLower(l: number, n: number, first: number, count: number, target: number): void;
  packRows(source: number, stride: number, columns: number, count: number, target: number): void;
  unpackRows(source: number, columns: number, count: number, target: number, stride: number): void;
  packColumns(
    source: number,
    columns: number,
    count: number,
    target: number,
    stride: number,
    k0: number,
  ): void;
  unpackColumns(
    source: number,
    stride: number,
    k0: number,
    target: number,
    columns: number,
    count: number,
  ): void;
  unpackProduct(source: number, columns: number, count: number, target: number): void;
  clearTail(target: number, stride: number, count: number, k0: number, k1: number): void;
  multiplyPanels(a: number, b: number, c: number, rows: number, columns: number, depth: number): void;
}

/** Arguments (numbers) in the order of assembly/covariance.ts, evidence.ts and predict.ts. */
export interface StationaryAssembly {
  packInputs(...args: readonly number[]): void;
  crossCovariance(...args: readonly number[]): void;
  stationaryFactor(...args: readonly number[]): number;
  stationaryEvidence(...args: readonly number[]): number;
  stationaryPredict(...args: readonly number[]): void;
  stationaryPullback(...args: readonly number[]): void;
}

/** Which machine code an engine can run. */
export type Flavour = 'relaxed-simd' | 'simd';

/** A binary that this engine accepts, or undefined where WebAssembly SIMD is missing. */
export function binaryFor(
  allowed: readonly Flavour[],
): { readonly flavour: Flavour; readonly bytes: Uint8Array<ArrayBuffer> } | undefined {
  if (typeof WebAssembly !== 'object') return undefined;
  for (const flavour of allowed) {
    const bytes = decoded(flavour === 'simd' ? simd : relaxedSimd);
    if (WebAssembly.validate(bytes)) return { flavour, bytes };
  }
  return undefined;
}

function decoded(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

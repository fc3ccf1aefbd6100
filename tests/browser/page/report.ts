/** What one context of the browser (a tab's main thread or a worker) found out about the library. Plain JSON. */
export interface Report {
  readonly flavour: string;
  readonly name: string;
  readonly fallbackReason: string | undefined;
  /** Largest differences from plain JavaScript, relative to the largest entry. */
  readonly gaps: Readonly<Record<'cholesky' | 'solve' | 'transposedSolve' | 'product' | 'append', number>>;
  /** The fused members against plain JavaScript and central differences; absent in the fallback. */
  readonly stationary:
    | Readonly<Record<'factor' | 'evidence' | 'gradient' | 'mean' | 'variance', number>>
    | undefined;
  /** The pivot that a matrix with a negative entry at 37 on its diagonal is refused for. */
  readonly failedPivot: number;
  readonly memoryBefore: number;
  readonly memoryAfterDispose: number;
  /** 15 trials of minimize with the default sampler. */
  readonly study: {
    readonly states: readonly string[];
    readonly params: { readonly x: number; readonly kind: string };
    readonly value: number;
    readonly samplers: readonly string[];
  };
}

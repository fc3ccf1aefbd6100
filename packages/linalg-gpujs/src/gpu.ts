/** Rows of float32 numbers, as gpu.js takes and gives them. */
export type Rows = readonly Float32Array[];

/** A compiled kernel: called with its arguments after `setOutput`. */
export interface GpuKernel {
  (...args: readonly unknown[]): unknown;
  setOutput(output: number[]): unknown;
  destroy?(): void;
}

/** What this backend uses of a `GPU` of gpu.js 2. */
export interface GpuLike {
  readonly mode?: string;
  createKernel(source: string, settings: Readonly<Record<string, unknown>>): unknown;
}

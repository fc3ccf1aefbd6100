/** What `pnpm bench NAME` hands to a benchmark. */
export interface BenchOptions {
  /** A few seconds instead of the full measurement. */
  readonly quick: boolean;
  /** Number of seeds where the benchmark repeats; absent: its own default. */
  readonly seeds?: number | undefined;
  /** Prints one measurement as a JSON line (and collects it for `--table`). */
  emit(row: Readonly<Record<string, unknown>>): void;
  /** The Python whose packages are measured beside ours. Default: what each benchmark finds. */
  readonly python?: string | undefined;
  /** Further words after the name. */
  readonly words: readonly string[];
}

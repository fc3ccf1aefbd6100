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

/** Throws where one of the words names no part of the benchmark. */
export function refuseOtherWords(words: readonly string[], parts: readonly string[]): void {
  const unknown = words.filter((word) => !parts.includes(word));
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: the parts are ${parts.join(', ')}`);
}

/** Where the records of a log lie. Entry i of each list belongs to the same record boundary; the lists grow together. */
export interface RecordIndex {
  /** Positions at which a record may begin, in order; the first is 0, or that from which on the boundaries are known. */
  readonly positions: number[];
  /** The checksum of the record before each. */
  readonly sums: number[];
  /** The first byte after that record. */
  readonly ends: number[];
}

/** The index of an empty log. */
export function emptyIndex(): RecordIndex {
  return { positions: [0], sums: [0], ends: [0] };
}

/** The number of the last boundary at or before the position; −1 where none is known. */
export function boundaryOf({ positions }: RecordIndex, position: number): number {
  let [low, high] = [0, positions.length];
  if (positions[high - 1]! <= position) return high - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (positions[middle]! <= position) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The checksum of the record before a position; undefined where no record is known to begin there. */
export function sumBefore(index: RecordIndex, position: number): number | undefined {
  const at = boundaryOf(index, position);
  return index.positions[at] === position ? index.sums[at] : undefined;
}

/** The boundaries up to number `last`, from `first` on. */
export function boundaries(index: RecordIndex, first: number, last: number): RecordIndex {
  const cut = (list: readonly number[]) => list.slice(Math.max(first, 0), last + 1);
  return { positions: cut(index.positions), sums: cut(index.sums), ends: cut(index.ends) };
}

/** Values in a block. An insertion moves half of them at most. */
const maxBlock = 512;

/** Numbers in order. With n of them an insertion, a removal or a look takes time in proportion to n / 512 + 512 at most. */
export interface SortedValues {
  readonly size: number;
  add(value: number): void;
  /** Takes one of this value out; nothing where there is none. */
  remove(value: number): void;
  /** The value at this index, from the smallest; NaN outside. */
  at(index: number): number;
  /** How many are larger than this. */
  above(value: number): number;
}

/** No values yet. */
export function sortedValues(): SortedValues {
  const blocks: number[][] = [];
  let size = 0;
  /** The first block that may hold the value. */
  const blockOf = (value: number): number => {
    let [low, high] = [0, blocks.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (blocks[middle]!.at(-1)! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    get size() {
      return size;
    },
    add: (value) => {
      size++;
      const k = blockOf(value);
      const block = blocks[k];
      if (!block) {
        blocks.push([value]);
        return;
      }
      block.splice(lowerBound(block, value), 0, value);
      if (block.length > maxBlock) blocks.splice(k + 1, 0, block.splice(maxBlock / 2));
    },
    remove: (value) => {
      const k = blockOf(value);
      const block = blocks[k] ?? [];
      const i = lowerBound(block, value);
      if (block[i] !== value) return;
      size--;
      block.splice(i, 1);
      if (block.length === 0) blocks.splice(k, 1);
    },
    at: (index) => {
      let rest = index;
      for (const block of blocks) {
        if (rest < block.length) return block[rest] ?? Number.NaN;
        rest -= block.length;
      }
      return Number.NaN;
    },
    above: (value) => {
      let count = 0;
      for (let k = blocks.length - 1; k >= 0; k--) {
        const block = blocks[k]!;
        if (block[0]! > value) count += block.length;
        else if (block.at(-1)! > value) count += block.length - upperBound(block, value);
        else break;
      }
      return count;
    },
  };
}

/** Index of the first element that is not smaller. */
function lowerBound(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first element that is larger. */
function upperBound(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

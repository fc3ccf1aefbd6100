import { UnsupportedError } from '@foothold/core';

/** Bytes of a growing linear memory, handed out in regions. Regions are never moved. */
export interface Heap {
  /** Start of a region of at least `bytes` bytes, aligned to 64; its content is undefined. Throws UnsupportedError when the memory cannot grow. */
  take(bytes: number): number;
  /** Gives back the region that starts at `at`. */
  release(at: number): void;
  /** The whole memory as numbers; valid until the next `take`. */
  numbers(): Float64Array;
  /** Bytes of the memory, used or not. */
  size(): number;
}

const page = 65_536;

/** A first-fit heap over `memory` from byte `start` on. */
export function heapOf(memory: WebAssembly.Memory, start: number): Heap {
  const regions: { readonly at: number; readonly end: number }[] = [];
  let view = new Float64Array(memory.buffer);
  const numbers = () => {
    if (view.buffer !== memory.buffer) view = new Float64Array(memory.buffer);
    return view;
  };
  const grow = (pages: number) => {
    try {
      memory.grow(pages);
    } catch (cause) {
      const size = Math.round((memory.buffer.byteLength + pages * page) / 2 ** 20);
      throw new UnsupportedError(
        `${size} MB of matrices at once`,
        'WebAssembly memory',
        `it ends at 4 GB (${cause})`,
      );
    }
  };
  return {
    take(bytes) {
      const size = Math.max(64, Math.ceil(bytes / 64) * 64);
      let at = Math.ceil(start / 64) * 64;
      let index = 0;
      for (; index < regions.length; index++) {
        const region = regions[index]!;
        if (region.at - at >= size) break;
        at = region.end;
      }
      const missing = at + size - memory.buffer.byteLength;
      if (missing > 0) grow(Math.ceil(missing / page));
      regions.splice(index, 0, { at, end: at + size });
      return at;
    },
    release(at) {
      const index = regions.findIndex((region) => region.at === at);
      if (index >= 0) regions.splice(index, 1);
    },
    numbers,
    size: () => memory.buffer.byteLength,
  };
}

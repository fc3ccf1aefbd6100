/** Generated tasks for tests: quick to learn, no images needed. */
import { type Rng, seeded } from '@foothold/core';
import type { Examples, Task } from './tasks.ts';

interface BlobOptions {
  readonly seed: number;
  /** Labels drawn without looking at the point. */
  readonly meaningless?: boolean;
  /** Factor on all coordinates. */
  readonly spread?: number;
}

/** Three clouds of points in twelve dimensions, 40 learned from, 60 that judge, 60 held out. */
export function blobs({ seed, meaningless = false, spread = 1 }: BlobOptions): Task {
  const rng = seeded(seed);
  const part = (count: number, stream: Rng): Examples => {
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 3);
    const pixels = Float32Array.from({ length: count * 12 }, (_, at) => {
      const mean = at % 3 === labels[Math.floor(at / 12)] ? 1.5 : 0;
      return spread * (mean + 2 * stream.next() - 1);
    });
    return { pixels, labels: meaningless ? labels.map(() => Math.floor(3 * stream.next())) : labels };
  };
  return {
    name: 'blobs',
    classes: 3,
    inputs: 12,
    train: part(40, rng.fork('train')),
    validation: part(60, rng.fork('validation')),
    test: part(60, rng.fork('test')),
  };
}

import type { Rng } from '@foothold/core';
import type { LabelledImages } from './fashion-mnist.ts';

/** 0 … count − 1 in random order (Fisher and Yates). */
export function shuffled(count: number, rng: Rng): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(rng.next() * (i + 1));
    const swap = order[i]!;
    order[i] = order[j]!;
    order[j] = swap;
  }
  return order;
}

/** Mean and standard deviation of all pixels, the latter at least 1. */
export function scaleOf(images: LabelledImages): { mean: number; standardDeviation: number } {
  let sum = 0;
  let squares = 0;
  for (const p of images.pixels) {
    sum += p;
    squares += p * p;
  }
  const mean = sum / images.pixels.length;
  return { mean, standardDeviation: Math.max(1, Math.sqrt(squares / images.pixels.length - mean * mean)) };
}

/** The first `count` images of a random order, fewer where there are not so many. */
export function subset(images: LabelledImages, count: number, rng: Rng): LabelledImages {
  if (count >= images.count) return images;
  const order = shuffled(images.count, rng).subarray(0, count);
  const size = images.side * images.side;
  const pixels = new Uint8Array(count * size);
  const labels = new Uint8Array(count);
  order.forEach((from, i) => {
    pixels.set(images.pixels.subarray(from * size, (from + 1) * size), i * size);
    labels[i] = images.labels[from]!;
  });
  return { count, side: images.side, pixels, labels };
}

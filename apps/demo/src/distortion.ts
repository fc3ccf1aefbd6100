/**
 * Digits as the network sees them: on half the pixels a side, and in training shifted, turned and scaled at random.
 *
 * A map is the six numbers (a b tx c d ty) that take a pixel's position (u, v), measured from the image's centre, to the
 * position (a·u + b·v + tx, c·u + d·v + ty) whose grey value it gets.
 */
import type { Rng } from '@foothold/core';
import { pixelsEach, side } from './digits.ts';

/** Pixels a side of what the network sees. */
export const grid = side / 2;

/** Largest random changes of a training image, each uniform between minus and plus the number. */
export interface Distortion {
  /** Pixels, across and down. */
  readonly shift: number;
  /** Degrees. */
  readonly rotation: number;
  /** Logarithm of the factor on the size. */
  readonly zoom: number;
}

type AffineMap = readonly [number, number, number, number, number, number];
const identity: AffineMap = [1, 0, 0, 0, 1, 0];

/** Writes the image, as it is, to `out` (grid × grid): each value is the mean of four pixels. */
export function plainImage(pixels: Float32Array, image: number, out: Float64Array): void {
  mappedImage(pixels.subarray(image * pixelsEach, (image + 1) * pixelsEach), identity, out);
}

/** Writes the image to `out` with a random distortion; exactly `plainImage` where nothing is to be distorted. */
export function distortedImage(
  pixels: Float32Array,
  image: number,
  { out, rng, ...ranges }: Distortion & { readonly out: Float64Array; readonly rng: Rng },
): void {
  const none = ranges.shift === 0 && ranges.rotation === 0 && ranges.zoom === 0;
  const map = none ? identity : randomMap(rng, ranges);
  mappedImage(pixels.subarray(image * pixelsEach, (image + 1) * pixelsEach), map, out);
}

function randomMap(rng: Rng, { shift, rotation, zoom }: Distortion): AffineMap {
  const angle = ((rotation * Math.PI) / 180) * (2 * rng.next() - 1);
  const scale = Math.exp(zoom * (2 * rng.next() - 1));
  const [cos, sin] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  return [cos, -sin, shift * (2 * rng.next() - 1), sin, cos, shift * (2 * rng.next() - 1)];
}

/** Bilinear interpolation between the four pixels around each mapped position; 0 outside of the image. */
function mappedImage(image: Float32Array, [a, b, tx, c, d, ty]: AffineMap, out: Float64Array): void {
  const centre = (side - 1) / 2;
  const start = 0.5 - centre;
  for (let row = 0, k = 0; row < grid; row++) {
    const v = 2 * row + start;
    let x = a * start + b * v + tx + centre;
    let y = c * start + d * v + ty + centre;
    for (let column = 0; column < grid; column++, k++, x += 2 * a, y += 2 * c) {
      out[k] = 0;
      if (!(x >= 0 && y >= 0 && x < side - 1 && y < side - 1)) continue;
      const left = x | 0;
      const top = y | 0;
      const at = top * side + left;
      const p00 = image[at]!;
      const p01 = image[at + 1]!;
      const p10 = image[at + side]!;
      const p11 = image[at + side + 1]!;
      if (p00 + p01 + p10 + p11 === 0) continue; // most of an image is empty
      const right = x - left;
      const down = y - top;
      out[k] = (1 - down) * (p00 + right * (p01 - p00)) + down * (p10 + right * (p11 - p10));
    }
  }
}

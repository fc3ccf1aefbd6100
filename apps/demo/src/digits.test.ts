import { describe, expect, it } from 'vitest';
import { digitsBetween, pixelsEach, readDigits } from './digits.ts';
import { distortedImage, grid, plainImage } from './distortion.ts';

const digits = readDigits();

describe('the handwritten digits', () => {
  it('are 10,000 images of about a thousand for each figure, with grey values in [0, 1]', () => {
    expect(digits.labels.length).toBe(10_000);
    expect(digits.pixels.length).toBe(10_000 * pixelsEach);
    // The numbers of images in the package's ten files.
    const counts = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978];
    expect(counts.map((_, label) => digits.labels.filter((l) => l === label).length)).toEqual(counts);
    expect(digits.pixels.every((v) => v >= 0 && v <= 1)).toBe(true);
  });
  it('come in the same random order each time, every part with every figure', () => {
    const again = readDigits();
    expect(again.labels).toEqual(digits.labels);
    expect(Buffer.from(again.pixels.buffer).equals(Buffer.from(digits.pixels.buffer))).toBe(true);
    for (const from of [0, 4000, 6000, 9900])
      expect(new Set(digitsBetween(digits, from, from + 100).labels).size).toBe(10);
  });
  it('look like their figures: the mean image of each label is nearest to 75 % or more of its own', () => {
    const means = Array.from({ length: 10 }, () => new Float64Array(pixelsEach));
    const imageOf = (i: number) => digits.pixels.subarray(i * pixelsEach, (i + 1) * pixelsEach);
    for (let i = 0; i < 5000; i++)
      imageOf(i).forEach((v, k) => {
        means[digits.labels[i]!]![k]! += v / 500;
      });
    let right = 0;
    for (let i = 5000; i < 6000; i++) {
      const gaps = means.map((mean) => imageOf(i).reduce((sum, v, k) => sum + (v - mean[k]!) ** 2, 0));
      if (gaps.indexOf(Math.min(...gaps)) === digits.labels[i]) right++;
    }
    expect(right).toBeGreaterThan(750); // a label that does not belong to its image would be right 1 time in 10
  });
});

describe('an image as the network sees it', () => {
  it('is the mean of each four pixels', () => {
    const out = new Float64Array(grid * grid);
    plainImage(digits.pixels, 7, out);
    const image = digits.pixels.subarray(7 * pixelsEach, 8 * pixelsEach);
    for (const [row, column] of [
      [3, 5],
      [7, 7],
      [10, 6],
    ] as const) {
      const at = 2 * row * 28 + 2 * column;
      const mean = (image[at]! + image[at + 1]! + image[at + 28]! + image[at + 29]!) / 4;
      expect(out[row * grid + column]).toBeCloseTo(mean, 12);
    }
  });
  it('moves by whole cells when it is shifted by two pixels', () => {
    const plain = new Float64Array(grid * grid);
    const moved = new Float64Array(grid * grid);
    plainImage(digits.pixels, 7, plain);
    const largest = { next: () => 1, fork: () => largest } as never; // the largest shift to both sides
    distortedImage(digits.pixels, 7, { shift: 2, rotation: 0, zoom: 0, out: moved, rng: largest });
    for (let row = 0; row < grid - 1; row++)
      for (let column = 0; column < grid - 1; column++)
        expect(moved[row * grid + column]).toBeCloseTo(plain[(row + 1) * grid + column + 1]!, 6);
  });
});

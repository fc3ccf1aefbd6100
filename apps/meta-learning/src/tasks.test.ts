import type { ImageSet, LabelledImages } from '@foothold/app-small-to-large/images';
import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { earlierTasks, newTask, tasksOf } from './tasks.ts';

/** `count` images of 1×1 of each of ten classes; the pixel of image i is i, so that each can be recognized. */
function images(count: number): LabelledImages {
  const all = count * 10;
  return {
    count: all,
    side: 1,
    pixels: Uint8Array.from({ length: all }, (_, i) => i),
    labels: Uint8Array.from({ length: all }, (_, i) => i % 10),
  };
}
const set: ImageSet = { train: images(25), test: images(2) };
const sizes = { train: 3, validation: 2, test: 2 };

describe('tasks', () => {
  const tasks = tasksOf(set, [newTask, ...earlierTasks], { sizes, rng: seeded(1) });

  it('share no training or validation image', () => {
    const used = tasks.flatMap((t) => [...t.train.pixels, ...t.validation.pixels]);
    expect(new Set(used).size).toBe(used.length);
    expect(used.length).toBe(6 * 4 * 5);
  });
  it('have as many images of each of their classes as asked for, numbered in the order of the plan', () => {
    const first = tasks[0]!;
    expect([...first.train.labels]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
    expect(first.test.labels).toHaveLength(8);
    const mean = 124.5;
    const standardDeviation = Math.sqrt((250 ** 2 - 1) / 12);
    const labels = [...first.train.pixels].map((p) => Math.round(p * standardDeviation + mean) % 10);
    expect(labels).toEqual(newTask.classes.flatMap((c) => [c, c, c]));
  });
  it('are the same for the same seed only', () => {
    const again = (seed: number) => tasksOf(set, [newTask], { sizes, rng: seeded(seed) })[0]!;
    expect(again(1).train.pixels).toEqual(tasks[0]!.train.pixels);
    expect(again(2).train.pixels).not.toEqual(tasks[0]!.train.pixels);
  });
  it('that need more images than there are throw with the class', () => {
    const many = { sizes: { ...sizes, train: 26 }, rng: seeded(1) };
    expect(() => tasksOf(set, [newTask], many)).toThrow(
      '--train is 26, allowed is at most 25 more images of the class pullover',
    );
  });
  it('of the plans differ in their classes, and none is the new one', () => {
    const keys = [newTask, ...earlierTasks].map(({ classes }) => [...classes].sort().join());
    expect(new Set(keys).size).toBe(keys.length);
  });
});

import type { ImageSet, LabelledImages } from '@foothold/app-small-to-large/images';
import { scaleOf, shuffled } from '@foothold/app-small-to-large/sampling';
import { InvalidArgumentError, type Rng } from '@foothold/core';

/** The articles of Fashion-MNIST by their label. */
export const articles = [
  'T-shirt',
  'trouser',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'ankle boot',
] as const;

/** A classification problem over some of the articles. */
export interface TaskPlan {
  readonly name: string;
  /** Labels of the articles in it. */
  readonly classes: readonly number[];
}

/** The problems that were solved before, as different from the new one as class subsets allow. */
export const earlierTasks: readonly TaskPlan[] = [
  { name: 'summer', classes: [0, 1, 3, 5] },
  { name: 'shoes and bags', classes: [5, 7, 8, 9] },
  { name: 'mixed', classes: [2, 3, 7, 8] },
  { name: 'tops', classes: [0, 2, 6, 9] },
  { name: 'wardrobe', classes: [1, 4, 6, 8] },
];

/** The problem to solve in few evaluations: the four articles that are taken for one another most easily. */
export const newTask: TaskPlan = { name: 'look-alikes', classes: [2, 3, 4, 6] };

/** Standardized pixels n×pixels row by row and the class of each, 0 … classes − 1. */
export interface Examples {
  readonly pixels: Float32Array;
  readonly labels: Uint8Array;
}

export interface Task {
  readonly name: string;
  readonly classes: number;
  /** Pixels of an image. */
  readonly inputs: number;
  /** Learned from. */
  readonly train: Examples;
  /** Judges epochs and settings. */
  readonly validation: Examples;
  /** Seen by no choice: what is reported. */
  readonly test: Examples;
}

export interface TaskSizes {
  /** Images of each class. */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/**
 * One task per plan, with images of their own: no training or validation image is in two tasks. Test images come from the
 * set's test part, the same for every task.
 *
 * Throws InvalidArgumentError when a class has too few images for all tasks that it is in.
 */
export function tasksOf(
  set: ImageSet,
  plans: readonly TaskPlan[],
  { sizes, rng }: { readonly sizes: TaskSizes; readonly rng: Rng },
): readonly Task[] {
  const pools = new Map(articles.map((_, label) => [label, imagesOf(set.train, label, rng.fork('train'))]));
  const tests = new Map(articles.map((_, label) => [label, imagesOf(set.test, label, rng.fork('test'))]));
  const scale = scaleOf(set.train);
  const take = (label: number, count: number, what: string) => {
    const pool = pools.get(label)!;
    if (pool.length < count)
      throw new InvalidArgumentError(
        `--${what}`,
        count,
        `at most ${pool.length} more images of the class ${articles[label]} here: fewer images, or fewer earlier tasks`,
      );
    return pool.splice(0, count);
  };
  return plans.map(({ name, classes }) => {
    const part = (images: LabelledImages, pick: (label: number) => readonly number[]) =>
      examplesOf(images, classes.map(pick), scale);
    const train = part(set.train, (label) => take(label, sizes.train, 'train'));
    const validation = part(set.train, (label) => take(label, sizes.validation, 'validation'));
    const test = part(set.test, (label) => {
      const found = tests.get(label)!.slice(0, sizes.test);
      if (found.length === 0)
        throw new InvalidArgumentError('--data', articles[label], 'a set with test images of every class');
      return found;
    });
    return { name, classes: classes.length, inputs: set.train.side ** 2, train, validation, test };
  });
}

/** Positions of the images with this label, in random order. */
function imagesOf({ labels }: LabelledImages, label: number, rng: Rng): number[] {
  const found = [...labels.keys()].filter((i) => labels[i] === label);
  return [...shuffled(found.length, rng.fork(label))].map((i) => found[i]!);
}

/** The images at these positions, a list a class. */
function examplesOf(
  images: LabelledImages,
  positions: readonly (readonly number[])[],
  scale: { readonly mean: number; readonly standardDeviation: number },
): Examples {
  const size = images.side ** 2;
  const flat = positions.flatMap((list, label) => list.map((at) => ({ at, label })));
  const pixels = new Float32Array(flat.length * size);
  for (const [i, { at }] of flat.entries())
    for (let j = 0; j < size; j++)
      pixels[i * size + j] = (images.pixels[at * size + j]! - scale.mean) / scale.standardDeviation;
  return { pixels, labels: Uint8Array.from(flat, ({ label }) => label) };
}

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFileError } from './errors.ts';
import { readIdx } from './idx.ts';

/** Grey images with their classes: pixels count×side×side of 0–255, labels count of 0–9. */
export interface LabelledImages {
  readonly count: number;
  readonly side: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** The images to learn from and those to judge by. */
export interface ImageSet {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

export const classes = 10;

/** The four files of the set under their usual names; sizes and SHA-256 of the official 60,000 + 10,000 images. */
export const officialFiles = [
  {
    name: 'train-images-idx3-ubyte.gz',
    bytes: 26_421_880,
    sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
  },
  {
    name: 'train-labels-idx1-ubyte.gz',
    bytes: 29_515,
    sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
  },
  {
    name: 't10k-images-idx3-ubyte.gz',
    bytes: 4_422_102,
    sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
  },
  {
    name: 't10k-labels-idx1-ubyte.gz',
    bytes: 5_148,
    sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
  },
] as const;

/**
 * Reads the four IDX files of a folder: Fashion-MNIST itself, or any set of square grey images in ten classes under the
 * same names. Throws DataFileError that names the file and what is wrong with it.
 */
export async function readImages(folder: string): Promise<ImageSet> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new DataFileError(
      folder,
      `is no folder; --data takes one with ${officialFiles.map((f) => f.name).join(', ')}`,
    );
  const train = await readPart(folder, 'train');
  const test = await readPart(folder, 't10k');
  if (train.side !== test.side)
    throw new DataFileError(
      join(folder, 't10k-images-idx3-ubyte.gz'),
      `has images of side ${test.side}, the training images have ${train.side}`,
    );
  return { train, test };
}

async function readPart(folder: string, part: 'train' | 't10k'): Promise<LabelledImages> {
  const imageFile = join(folder, `${part}-images-idx3-ubyte.gz`);
  const labelFile = join(folder, `${part}-labels-idx1-ubyte.gz`);
  const images = await readIdx(imageFile, 3);
  const labels = await readIdx(labelFile, 1);
  const [count, height, width] = images.shape as [number, number, number];
  if (count === 0) throw new DataFileError(imageFile, 'holds no images');
  if (height !== width)
    throw new DataFileError(imageFile, `has images of ${height}×${width}, allowed are square ones`);
  if (labels.shape[0] !== count)
    throw new DataFileError(labelFile, `has ${labels.shape[0]} labels for ${count} images`);
  const odd = labels.values.findIndex((label) => label >= classes);
  if (odd >= 0)
    throw new DataFileError(labelFile, `label ${odd} is ${labels.values[odd]}, allowed is 0–${classes - 1}`);
  return { count, side: height, pixels: images.values, labels: labels.values };
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itWithData, sharedImages } from '../shared-data.ts';
import { DataFileError } from './errors.ts';
import { readImages } from './fashion-mnist.ts';
import { idxOf, smallSet, writeSet } from './generated-set.ts';
import { parseIdx, readIdx } from './idx.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foothold-idx-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = async (name: string, bytes: Uint8Array) => {
  const file = join(folder, name);
  await writeFile(file, bytes);
  return file;
};

describe('an IDX file', () => {
  it('gives its dimensions and its bytes', () => {
    const { shape, values } = parseIdx(idxOf([2, 1, 3], [1, 2, 3, 4, 5, 255]), 'f', 3);
    expect(shape).toEqual([2, 1, 3]);
    expect([...values]).toEqual([1, 2, 3, 4, 5, 255]);
  });

  it.each<[string, Uint8Array, string]>([
    ['without a header', Uint8Array.of(0, 0), 'has 2 bytes, too few for an IDX header'],
    ['with another magic number', Uint8Array.of(80, 75, 3, 4, 0, 0), 'starts with bytes 80 75'],
    ['of floats', Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0), 'type 0xd, allowed is 0x8'],
    ['of another rank', idxOf([2, 1], [1, 2]), 'has 2 dimensions, expected 1'],
    ['cut in its header', Uint8Array.of(0, 0, 8, 1, 0, 0), 'ends inside its header (6 of 8 bytes)'],
    ['cut in its values', idxOf([4], [1, 2, 3]), 'promises 4 = 4 values, but 3 follow'],
    ['with values left over', idxOf([1], [1, 2]), 'promises 1 = 1 values, but 2 follow'],
  ])('%s is refused, and the error says what is wrong', (_, bytes, problem) => {
    expect(() => parseIdx(bytes, 'labels.gz', 1)).toThrow(DataFileError);
    expect(() => parseIdx(bytes, 'labels.gz', 1)).toThrow(problem);
    expect(() => parseIdx(bytes, 'labels.gz', 1)).toThrow(/^labels\.gz: /);
  });

  it('that is missing, not compressed or torn is refused by name', async () => {
    const torn = gzipSync(idxOf([50], Array(50).fill(7))).subarray(0, 30);
    await expect(readIdx(join(folder, 'none.gz'), 1)).rejects.toThrow(/none\.gz: does not exist/);
    await expect(readIdx(await write('plain.gz', idxOf([1], [1])), 1)).rejects.toThrow(
      'is not gzip-compressed',
    );
    await expect(readIdx(await write('torn.gz', torn), 1)).rejects.toThrow('gzip stream is torn or damaged');
  });
});

describe('a folder of images', () => {
  it('is read as training and test images with labels', async () => {
    const set = join(folder, 'good');
    await writeSet(set, smallSet());
    const { train, test } = await readImages(set);
    expect([train.count, train.side, train.pixels.length]).toEqual([20, 4, 320]);
    expect([...test.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it.each<[string, string, Uint8Array, string]>([
    [
      'labels for other images',
      'train-labels-idx1-ubyte.gz',
      idxOf([3], [1, 2, 3]),
      'has 3 labels for 20 images',
    ],
    [
      'a label of no class',
      't10k-labels-idx1-ubyte.gz',
      idxOf([10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 10]),
      'label 9 is 10, allowed is 0–9',
    ],
    ['no images', 'train-images-idx3-ubyte.gz', idxOf([0, 4, 4], []), 'holds no images'],
    [
      'oblong images',
      'train-images-idx3-ubyte.gz',
      idxOf([20, 4, 2], Array(160).fill(0)),
      'of 4×2, allowed are square',
    ],
    [
      'two sizes',
      't10k-images-idx3-ubyte.gz',
      idxOf([10, 2, 2], Array(40).fill(0)),
      'side 2, the training images have 4',
    ],
  ])('with %s is refused, and the error names the file', async (what, name, bytes, problem) => {
    const set = join(folder, what);
    await writeSet(set, { ...smallSet(), [name]: gzipSync(bytes) });
    await expect(readImages(set)).rejects.toThrow(DataFileError);
    await expect(readImages(set)).rejects.toThrow(problem);
    await expect(readImages(set)).rejects.toThrow(name);
  });

  it('that is not there is refused, with the names that it should hold', async () => {
    await expect(readImages(join(folder, 'nowhere'))).rejects.toThrow(
      /is no folder.*t10k-labels-idx1-ubyte\.gz/,
    );
  });

  itWithData('holds the 8,000 and 2,000 real images of the shared set', async () => {
    const { train, test } = await readImages(sharedImages);
    expect([train.count, test.count, train.side]).toEqual([8000, 2000, 28]);
    expect(new Set(train.labels).size).toBe(10);
  });
});

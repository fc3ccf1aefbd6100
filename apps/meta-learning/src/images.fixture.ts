import { gzipSync } from 'node:zlib';
import { idxOf, writeSet } from '@foothold/app-small-to-large/generated-set';

/** A set of 6×6 images in a folder, so many of each of the ten classes, whose class a network can learn. */
export async function writeImages(
  folder: string,
  each: { readonly train: number; readonly test: number },
): Promise<void> {
  const part = (name: string, count: number): [string, Uint8Array][] => {
    const labels = Array.from({ length: 10 * count }, (_, i) => i % 10);
    const pixels = labels.flatMap((label) =>
      Array.from({ length: 36 }, (_, j) => (j % 10 === label ? 200 : j)),
    );
    return [
      [`${name}-images-idx3-ubyte.gz`, gzipSync(idxOf([labels.length, 6, 6], pixels))],
      [`${name}-labels-idx1-ubyte.gz`, gzipSync(idxOf([labels.length], labels))],
    ];
  };
  await writeSet(folder, Object.fromEntries([...part('train', each.train), ...part('t10k', each.test)]));
}

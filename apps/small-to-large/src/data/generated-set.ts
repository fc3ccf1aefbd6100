/** Small IDX files for tests. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** An IDX file of unsigned bytes, whether the values fit the shape or not. */
export function idxOf(shape: readonly number[], values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + values.length);
  bytes.set([0, 0, 8, shape.length]);
  const view = new DataView(bytes.buffer);
  for (const [i, n] of shape.entries()) view.setUint32(4 + 4 * i, n);
  bytes.set(values, 4 + 4 * shape.length);
  return bytes;
}

const cycle = (count: number, period: number) => Array.from({ length: count }, (_, i) => i % period);

/** The four files of a set of 20 + 10 images of side×side pixels, by name. */
export function smallSet(side = 4): Record<string, Uint8Array> {
  const part = (name: string, count: number): [string, Uint8Array][] => [
    [`${name}-images-idx3-ubyte.gz`, gzipSync(idxOf([count, side, side], cycle(count * side * side, 251)))],
    [`${name}-labels-idx1-ubyte.gz`, gzipSync(idxOf([count], cycle(count, 10)))],
  ];
  return Object.fromEntries([...part('train', 20), ...part('t10k', 10)]);
}

export async function writeSet(folder: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
}

/**
 * The IDX format of MNIST and its relatives (LeCun, Cortes, Burges, "The MNIST database"): big-endian; two zero bytes,
 * a type code (8 is unsigned byte), the number of dimensions, each dimension as 32 bits, then the values row by row.
 */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { DataFileError } from './errors.ts';

/** Unsigned bytes with their dimensions, the last varying fastest. */
export interface ByteArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

const unsignedByte = 8;

/** The contents of an IDX file of unsigned bytes with this many dimensions. Throws DataFileError naming `file`. */
export function parseIdx(bytes: Uint8Array, file: string, dimensions: number): ByteArray {
  const fail = (problem: string): never => {
    throw new DataFileError(file, problem);
  };
  const header = 4 + 4 * dimensions;
  if (bytes.length < 4) return fail(`has ${bytes.length} bytes, too few for an IDX header`);
  const [zero0, zero1, type, count] = bytes as unknown as [number, number, number, number];
  if (zero0 !== 0 || zero1 !== 0)
    return fail(`starts with bytes ${zero0} ${zero1}, an IDX file starts with 0 0`);
  if (type !== unsignedByte)
    return fail(`holds values of type 0x${type.toString(16)}, allowed is 0x8 (unsigned bytes)`);
  if (count !== dimensions) return fail(`has ${count} dimensions, expected ${dimensions}`);
  if (bytes.length < header) return fail(`ends inside its header (${bytes.length} of ${header} bytes)`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = shape.reduce((a, b) => a * b, 1);
  const found = bytes.length - header;
  if (expected !== found)
    return fail(`its header promises ${shape.join('×')} = ${expected} values, but ${found} follow`);
  return { shape, values: bytes.subarray(header) };
}

/** Reads a gzip-compressed IDX file. Throws DataFileError when it is missing, not gzip, torn or of another shape. */
export async function readIdx(file: string, dimensions: number): Promise<ByteArray> {
  let packed: Uint8Array;
  try {
    packed = await readFile(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new DataFileError(
      file,
      missing ? 'does not exist' : `cannot be read (${(error as Error).message})`,
      {
        cause: error,
      },
    );
  }
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) throw new DataFileError(file, 'is not gzip-compressed');
  let bytes: Uint8Array;
  try {
    bytes = gunzipSync(packed);
  } catch (error) {
    throw new DataFileError(file, `its gzip stream is torn or damaged (${(error as Error).message})`, {
      cause: error,
    });
  }
  return parseIdx(bytes, file, dimensions);
}

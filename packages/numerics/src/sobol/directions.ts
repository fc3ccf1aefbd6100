/**
 * Direction numbers of the Sobol sequence (Joe & Kuo 2008, set D6), 32 bits.
 *
 * s, a, m  degree, inner coefficients and initial numbers of the primitive polynomial of a dimension
 * v        v[k] = m[k]·2^(31−k), continued by v[k] = v[k−s] ⊕ v[k−s]/2^s ⊕ Σ aᵢ v[k−i]
 */
import { packedDirections } from './directions.generated.ts';

export const bits = 32;

/** 32 direction numbers for each dimension, dimension after dimension. Decodes only as much of the table as is asked for. */
export function directionNumbers(dimensions: number): Uint32Array {
  const read = bitReader(packedDirections);
  const v = new Uint32Array(dimensions * bits);
  for (let k = 0; k < Math.min(bits, v.length); k++) v[k] = 2 ** (bits - 1 - k);
  for (let dimension = 1; dimension < dimensions; dimension++) {
    const base = dimension * bits;
    const s = read(5);
    const a = read(s - 1);
    for (let k = 0; k < s; k++) v[base + k] = (2 * read(k) + 1) * 2 ** (bits - 1 - k);
    for (let k = s; k < bits; k++) {
      let next = v[base + k - s]! ^ (v[base + k - s]! >>> s);
      for (let i = 1; i < s; i++) if ((a >>> (s - 1 - i)) & 1) next ^= v[base + k - i]!;
      v[base + k] = next >>> 0;
    }
  }
  return v;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Reads numbers of a given width from base64 text, most significant bit first, as it goes. */
function bitReader(text: string): (width: number) => number {
  const values = new Uint8Array(128);
  for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;
  let position = 0;
  return (width) => {
    let value = 0;
    for (let k = 0; k < width; k++, position++) {
      const sextet = values[text.charCodeAt(Math.floor(position / 6))]!;
      value = value * 2 + ((sextet >>> (5 - (position % 6))) & 1);
    }
    return value;
  };
}

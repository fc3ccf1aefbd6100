/**
 * Seeded random numbers: sfc32 (Chris Doty-Humphrey's small fast counter, 128-bit state, from PractRand), seeded by a
 * 128-bit FNV-like hash of the path of keys that leads to the stream.
 */

/** Stream of uniform numbers in [0, 1). `fork(key)` depends on the seed and the key only, never on how many numbers were drawn. */
export interface Rng {
  next(): number;
  fork(key: string | number): Rng;
}

/** The stream of a seed: any number or text. Equal seeds give equal streams on every machine. */
export function seeded(seed: number | string): Rng {
  return stream(`${typeof seed}:${seed}`);
}

function stream(path: string): Rng {
  const next = sfc32(hash128(path));
  return {
    next: () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992,
    // The length makes fork('a/b') differ from fork('a').fork('b').
    fork: (key) => stream(`${path}/${typeof key === 'number' ? `#${key}` : `${key.length}$${key}`}`),
  };
}

/** Four 32-bit words that depend on every character of the text. */
function hash128(text: string): [number, number, number, number] {
  const h: [number, number, number, number] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    h[0] = Math.imul(h[0] ^ c, 0x01000193) ^ (h[3] >>> 15);
    h[1] = Math.imul(h[1] ^ c ^ h[0], 0x85ebca6b) ^ (h[0] >>> 13);
    h[2] = Math.imul(h[2] ^ c ^ h[1], 0xc2b2ae35) ^ (h[1] >>> 16);
    h[3] = Math.imul(h[3] ^ c ^ h[2], 0x27d4eb2f) ^ (h[2] >>> 14);
  }
  return h;
}

function sfc32([a, b, c, counter]: [number, number, number, number]): () => number {
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 20; i++) next();
  return next;
}

import { brotliCompressSync, constants } from 'node:zlib';
import { boolean, categorical, integer, ordinal, searchSpace } from 'foothold';
import type { Corpus } from './corpus.ts';

/** What Brotli lets one set (RFC 7932 and the encoder's own parameters): 6 dimensions, 12·15·10·3·2·4 = 43,200 settings. */
export const brotliSpace = searchSpace({
  quality: integer(0, 11),
  /** Base-2 logarithm of the sliding window in bytes. */
  windowBits: integer(10, 24),
  /** Base-2 logarithm of the largest input block; 0 lets the encoder choose. */
  blockBits: ordinal(0, 16, 17, 18, 19, 20, 21, 22, 23, 24),
  mode: categorical('generic', 'text', 'font'),
  /** Whether the encoder is told the file's size beforehand. */
  sizeHint: boolean(),
  /** Bits of a distance code that are sent plainly. */
  distancePostfix: integer(0, 3),
});
export type BrotliParams = ReturnType<typeof brotliSpace.decode>;

/** The files are compressed once and then sent so many times, over a line of so many bits a second. */
export const downloads = 20;
export const lineSpeed = 2e6;

const modes = {
  generic: constants.BROTLI_MODE_GENERIC,
  text: constants.BROTLI_MODE_TEXT,
  font: constants.BROTLI_MODE_FONT,
};

/**
 * Seconds per mebibyte to compress the corpus once on this core and to send the result `downloads` times over a line of
 * `lineSpeed`: bytes and time in one figure, the same for a sample and for the whole.
 */
export function brotliScore(
  corpus: Corpus,
  params: BrotliParams,
): { value: number; bytes: number; seconds: number } {
  const before = process.cpuUsage();
  let bytes = 0;
  for (const file of corpus.files)
    bytes += brotliCompressSync(file.bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: params.quality,
        [constants.BROTLI_PARAM_LGWIN]: params.windowBits,
        [constants.BROTLI_PARAM_LGBLOCK]: params.blockBits,
        [constants.BROTLI_PARAM_MODE]: modes[params.mode],
        [constants.BROTLI_PARAM_SIZE_HINT]: params.sizeHint ? file.bytes.length : 0,
        [constants.BROTLI_PARAM_NPOSTFIX]: params.distancePostfix,
      },
    }).length;
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  const mebibytes = corpus.size / 2 ** 20;
  return { value: (seconds + (downloads * 8 * bytes) / lineSpeed) / mebibytes, bytes, seconds };
}

import { tile44, tile64 } from './tile';

/**
 * c −= A·B in tiles: A in `rows` panels of 4 rows, B in `columns` panels of 4 columns, each of `depth` entries (a
 * multiple of 4); tile (i, j) of c starts at c + 128·(i·columns + j) bytes.
 */
export function multiplyPanels(a: usize, b: usize, c: usize, rows: i32, columns: i32, depth: i32): void {
  const width: i32 = 16;
  const deep: i32 = 256;
  const stride = (<usize>depth) << 5;
  const below = (<usize>columns) << 7;
  for (let k0 = 0; k0 < depth; k0 += deep) {
    const len = min(deep, depth - k0);
    const offset = (<usize>k0) << 5;
    for (let from = 0; from < columns; from += width) {
      const to = min(from + width, columns);
      let i = 0;
      for (; i + 3 <= rows; i += 3) {
        const p = a + <usize>i * stride + offset;
        const q = p + stride;
        const r = q + stride;
        for (let j = from; j < to; j++) {
          const v = b + <usize>j * stride + offset;
          const t = c + <usize>i * below + ((<usize>j) << 7);
          tile64(p, q, v, t, t + below, len);
          tile64(r, q + 16, v, t + below + below, t + below + 64, len);
        }
      }
      for (; i < rows; i++)
        for (let j = from; j < to; j++)
          tile44(
            a + <usize>i * stride + offset,
            b + <usize>j * stride + offset,
            c + <usize>i * below + ((<usize>j) << 7),
            len,
          );
    }
  }
}

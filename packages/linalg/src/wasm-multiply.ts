import { type Matrix, type MultiplyOptions, matrix } from '@foothold/core';
import { cpuProduct } from './cpu-product.ts';
import { type Engine, panelsOf, stripOf } from './engine.ts';
import { productShape } from './shapes.ts';

/** Below this many multiplications, or with so few rows or columns, moving the operands costs more than it gains. */
const small = 8192;
const narrow = 2;

/** Numbers of a strip of rows of the product, or of its left operand: the whole right operand is read once a strip. */
const stripNumbers = 2 ** 21;

/** op(a) · op(b), as `multiply` of the contract. */
export function multiply(
  engine: Engine,
  { a, b }: { readonly a: Matrix; readonly b: Matrix },
  options: MultiplyOptions,
): Matrix {
  const { assembly, heap, scratch } = engine;
  const { rows, inner, columns } = productShape(a, b, options);
  if (rows * inner * columns < small || rows <= narrow || columns <= narrow) return cpuProduct(a, b, options);
  const depth = (inner + 3) & ~3;
  const stride = 32 * depth;
  const right = panelsOf(columns);
  const fitting = Math.max(4, Math.floor(stripNumbers / Math.max(inner, columns)) & ~3);
  const strip = Math.min(fitting, (rows + 3) & ~3);
  const result = matrix(rows, columns);

  const panels: Panels = { depth, stride };
  return scratch(right * stride, (bPanels) => {
    if (options.transposeB) rowPanels(engine, b, { ...panels, target: bPanels, from: 0, count: columns });
    else columnPanels(engine, b, { ...panels, target: bPanels });
    const left = options.transposeA ? panelsOf(rows) : strip / 4;
    return scratch(left * stride, (aPanels) => {
      if (options.transposeA) columnPanels(engine, a, { ...panels, target: aPanels });
      return scratch(32 * strip * right + 32 * columns, (tiles) => {
        const stage = tiles + 32 * strip * right;
        for (let i = 0; i < rows; i += strip) {
          const count = Math.min(strip, rows - i);
          if (!options.transposeA) rowPanels(engine, a, { ...panels, target: aPanels, from: i, count });
          const numbers = heap.numbers();
          numbers.fill(0, tiles / 8, tiles / 8 + 4 * strip * right);
          const from = options.transposeA ? aPanels + (i / 4) * stride : aPanels;
          assembly.multiplyPanels(from, bPanels, tiles, panelsOf(count), right, depth);
          for (let r = 0; r < count; r += 4) {
            const taken = Math.min(4, count - r);
            assembly.unpackProduct(tiles + 32 * r * right, columns, taken, stage);
            result.data.set(numbers.subarray(stage / 8, stage / 8 + taken * columns), (i + r) * columns);
          }
        }
        return result;
      });
    });
  });
}

/** Entries of a panel, a multiple of 4, and its bytes. */
interface Panels {
  readonly depth: number;
  readonly stride: number;
}

/** The columns of m as panels of 4 columns. */
function columnPanels(
  { assembly, heap, scratch }: Engine,
  m: Matrix,
  { target, depth, stride }: Panels & { readonly target: number },
): void {
  const height = stripOf(m.columns);
  scratch(8 * m.columns * Math.min(height, m.rows), (stage) => {
    const numbers = heap.numbers();
    for (let k = 0; k < m.rows; k += height) {
      const count = Math.min(height, m.rows - k);
      numbers.set(m.data.subarray(k * m.columns, (k + count) * m.columns), stage / 8);
      assembly.packColumns(stage, m.columns, count, target, stride, k);
    }
  });
  assembly.clearTail(target, stride, panelsOf(m.columns), m.rows, depth);
}

/** Rows from … from + count − 1 of m as panels of 4 rows. */
function rowPanels(
  { assembly, heap, scratch }: Engine,
  m: Matrix,
  {
    target,
    depth,
    stride,
    from,
    count,
  }: Panels & { readonly target: number; readonly from: number; readonly count: number },
): void {
  const height = stripOf(m.columns);
  scratch(8 * m.columns * Math.min(height, count), (stage) => {
    const numbers = heap.numbers();
    for (let i = 0; i < count; i += height) {
      const taken = Math.min(height, count - i);
      numbers.set(m.data.subarray((from + i) * m.columns, (from + i + taken) * m.columns), stage / 8);
      for (let r = 0; r < taken; r += 4)
        assembly.packRows(
          stage + 8 * r * m.columns,
          m.columns,
          m.columns,
          Math.min(4, taken - r),
          target + ((i + r) / 4) * stride,
        );
    }
  });
  assembly.clearTail(target, stride, panelsOf(count), m.columns, depth);
}

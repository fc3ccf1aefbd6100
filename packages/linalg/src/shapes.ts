import { type Matrix, type MultiplyOptions, ShapeError } from '@foothold/core';

/** Sizes of op(a) · op(b). Throws ShapeError when the inner sizes differ. */
export function productShape(
  a: Matrix,
  b: Matrix,
  { transposeA = false, transposeB = false }: MultiplyOptions,
) {
  const [rows, inner] = transposeA ? [a.columns, a.rows] : [a.rows, a.columns];
  const [innerB, columns] = transposeB ? [b.columns, b.rows] : [b.rows, b.columns];
  if (inner !== innerB)
    throw new ShapeError(`cannot multiply ${rows}×${inner} by ${innerB}×${columns}: inner sizes differ`);
  return { rows, inner, columns };
}

/** Throws ShapeError unless `a` is square; `name` says what it is. */
export function requireSquare(a: Matrix, name: string): void {
  if (a.rows !== a.columns) throw new ShapeError(`${name} is ${a.rows}×${a.columns}, not square`);
}

/** Throws ShapeError unless L is n×n and b n×m. */
export function requireSolvable(l: Matrix, b: Matrix): void {
  requireSquare(l, 'a triangular factor');
  if (l.rows !== b.rows)
    throw new ShapeError(
      `a ${l.rows}×${l.rows} factor cannot solve for ${b.rows}×${b.columns} right-hand sides`,
    );
}

/** Throws ShapeError unless l is n×n and rows k×(n+k). */
export function requireAppendable(l: Matrix, rows: Matrix): void {
  requireSquare(l, 'a triangular factor');
  if (rows.columns !== l.rows + rows.rows)
    throw new ShapeError(
      `${rows.rows} rows appended to a ${l.rows}×${l.rows} factor need ${l.rows + rows.rows} columns, not ${rows.columns}`,
    );
}

import { InvalidArgumentError, type Matrix, type PriorTask, selectRows } from '@foothold/core';

/**
 * The sources with their finite rows; those without any, or of weight 0, are left out. Throws InvalidArgumentError for wrong
 * shapes, and for weights outside [0, 1].
 */
export function usableTasks(sources: readonly PriorTask[], columns?: number): PriorTask[] {
  const d = columns ?? sources[0]?.data.x.columns;
  return sources.flatMap((source) => {
    const { x, y } = source.data;
    if (x.columns !== d)
      throw new InvalidArgumentError(
        `columns of source ${source.name}`,
        x.columns,
        `${d}, as in the new study`,
      );
    if (x.rows !== y.length)
      throw new InvalidArgumentError(`values of source ${source.name}`, y.length, `${x.rows}, one a row`);
    const weight = sourceWeight(source);
    if (!(weight >= 0 && weight <= 1))
      throw new InvalidArgumentError(`weight of source ${source.name}`, weight, 'a number from 0 to 1');
    if (weight === 0) return [];
    const rows = Array.from(y.keys()).filter(
      (i) => Number.isFinite(y[i]!) && x.data.subarray(i * d, (i + 1) * d).every(Number.isFinite),
    );
    if (rows.length === 0) return [];
    return rows.length === y.length ? [source] : [{ ...source, data: selectRows(source.data, rows) }];
  });
}

/** Prior weight of a source, in [0, 1]. */
export function sourceWeight({ weight }: Pick<PriorTask, 'weight'>): number {
  return weight ?? 1;
}

/** True when both hold the same points in the same order. */
export function samePoints(a: Matrix, b: Matrix): boolean {
  if (a === b) return true;
  if (a.rows !== b.rows || a.columns !== b.columns) return false;
  for (let i = 0; i < a.data.length; i++) if (a.data[i] !== b.data[i]) return false;
  return true;
}

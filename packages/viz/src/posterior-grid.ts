import { InvalidArgumentError, levelOf, type Params, positionOf, type SearchSpace } from '@foothold/core';

/** One parameter's axis through the unit cube. */
export interface GridLine {
  readonly index: number;
  readonly name: string;
  /** Unit-cube coordinates, ascending. */
  readonly coordinates: Float64Array;
  /** The parameter's value at each coordinate; texts for levels that are not numbers. */
  readonly values: readonly (number | string)[];
  /** True where equal steps of the coordinate are equal factors of the value. */
  readonly log: boolean;
}

/** Coordinates and values along one column, `count` of them where it has so many. Throws InvalidArgumentError for a name that the space lacks. */
export function gridLine<P extends Params>(
  space: SearchSpace<P>,
  options: {
    readonly name: string;
    readonly count: number;
    readonly ends?: boolean;
    readonly base: Float64Array;
  },
): GridLine {
  const { name, count, base } = options;
  const index = space.columns.findIndex((c) => c.name === name);
  const column = space.columns[index];
  if (column === undefined)
    throw new InvalidArgumentError(
      'parameter',
      name,
      `one of ${space.columns.map((c) => c.name).join(', ')}`,
    );
  const valueAt = (coordinate: number) => {
    const point = Float64Array.from(base);
    point[index] = coordinate;
    const value = space.decode(point)[name];
    return typeof value === 'number' ? value : String(value);
  };
  const coordinates =
    column.kind === 'continuous'
      ? Float64Array.from({ length: count }, (_, i) =>
          options.ends === true ? i / (count - 1) : (i + 0.5) / count,
        )
      : Float64Array.from(
          new Set(
            Array.from(
              { length: Math.min(column.levels, count) },
              (_, i, n = Math.min(column.levels, count)) =>
                levelOf({ kind: 'ordinal', name, levels: column.levels }, (i + 0.5) / n),
            ),
          ),
          (level) => positionOf(column, level),
        );
  const described = space.description?.[name];
  const log =
    described !== undefined && 'log' in described
      ? described.log === true
      : column.kind === 'continuous' && geometric([0.25, 0.5, 0.75].map(valueAt));
  return { index, name, coordinates, values: Array.from(coordinates, valueAt), log };
}

function geometric([low, middle, high]: readonly (number | string)[]): boolean {
  if (typeof low !== 'number' || typeof middle !== 'number' || typeof high !== 'number' || low <= 0)
    return false;
  const isCurved = Math.abs(middle - (low + high) / 2) > 1e-6 * (high - low);
  return isCurved && Math.abs(Math.log(middle / low) - Math.log(high / middle)) < 1e-6 * Math.log(high / low);
}

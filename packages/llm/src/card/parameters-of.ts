import {
  type Column,
  levelOf,
  type ParameterDescription,
  type Params,
  positionOf,
  type SearchSpace,
} from '@foothold/core';

/** A space with more levels in one column than this is not listed. */
const maxChoices = 1000;

/**
 * The parameters of a space, by name: those of its description, or, where it has none (a predicate among its constraints), what its
 * columns decode to. Undefined where neither tells: conditions without a description, columns that are not one parameter each.
 */
export function parametersOf<P extends Params>(
  space: SearchSpace<P>,
): ReadonlyMap<string, ParameterDescription> | undefined {
  if (space.description)
    return new Map(Object.entries(space.description).filter(([name]) => !name.startsWith('$')));
  if (space.features?.includes('conditional')) return undefined;
  const found = space.columns.map((column, j) => parameterOf(space, column, j));
  const known = found.filter((entry) => entry !== undefined);
  const names = new Set(known.map(([name]) => name));
  return names.size === space.columns.length ? new Map(known) : undefined;
}

/** Name and description of the parameter whose column this is: the member of `decode` that the column moves. */
function parameterOf<P extends Params>(
  space: SearchSpace<P>,
  column: Column,
  j: number,
): readonly [string, ParameterDescription] | undefined {
  const at = (coordinate: number) =>
    space.decode(Float64Array.from(space.columns, (_, k) => (k === j ? coordinate : 0.5)));
  const name = nameAt(at, column);
  if (name === undefined) return undefined;
  const value = (coordinate: number) => at(coordinate)[name]!;
  if (column.kind === 'continuous') {
    const [low, middle, high] = [value(0), value(0.5), value(1)];
    if (typeof low !== 'number' || typeof middle !== 'number' || typeof high !== 'number') return undefined;
    // The middle of a logarithmic scale is the geometric mean.
    const isLog = low > 0 && Math.abs(middle / Math.sqrt(low * high) - 1) < 1e-6;
    return [name, { type: 'real', low, high, ...(isLog && { log: true }) }];
  }
  const { levels } = column;
  if (column.kind === 'ordinal' && levels > 1) {
    const [low, next, high] = [0, 1, levels - 1].map((level) => value(positionOf(column, level)));
    if (
      typeof low === 'number' &&
      typeof next === 'number' &&
      typeof high === 'number' &&
      high - low === levels - 1
    )
      if (Number.isInteger(low) && next === low + 1)
        return [name, { type: 'int', low, high, ...(column.logFrom !== undefined && { log: true }) }];
  }
  if (levels > maxChoices) return undefined;
  const choices = Array.from({ length: levels }, (_, level) => value(positionOf(column, level)));
  return [name, { type: 'categorical', choices }];
}

/** The member that differs between the ends of the column; of a constant, the one that has the column's name. */
function nameAt(at: (coordinate: number) => Params, column: Column): string | undefined {
  const ends =
    column.kind === 'continuous' ? [0, 1] : [0, column.levels - 1].map((l) => positionOf(column, l));
  const [low, high] = ends.map(at) as [Params, Params];
  const moved = Object.keys(low).filter((name) => low[name] !== high[name]);
  if (moved.length === 1) return moved[0];
  const isConstant = column.kind !== 'continuous' && column.levels === 1 && levelOf(column, 0) === 0;
  return isConstant && column.name in low ? column.name : undefined;
}

import {
  type Direction,
  datasetOf,
  OutOfSpaceError,
  type Params,
  type SearchSpace,
  type Trial,
} from '@foothold/core';
import type { TransferSource as ModelSource } from '@foothold/gp-models';
import type { TransferSource } from './transfer-source.ts';

export interface MappedSource {
  readonly source: ModelSource;
  /** What of the source could not be used, a sentence each. */
  readonly unused: readonly string[];
}

/**
 * An earlier study as one of the new space: parameters are matched by name and keep their values; numbers outside the
 * new range move to its end, parameters that the source lacks take their default or the middle of their range. Trials
 * with a category that the new space does not have, and parameters that it does not have, are left out and listed.
 */
export function sourceOn<P extends Params>(
  space: SearchSpace<P>,
  source: TransferSource,
  { direction, name }: { readonly direction: Direction; readonly name: string },
): MappedSource {
  const names = space.columns.map((column) => column.name);
  const extra = new Set<string>();
  const missing = new Set<string>();
  let dropped = 0;
  let clipped = 0;
  const trials = source.trials.flatMap((past, number): Trial<P>[] => {
    if (past.state === 'running') return [];
    for (const key of Object.keys(past.params)) if (!names.includes(key)) extra.add(key);
    const coordinates: number[] = [];
    for (const [j, key] of names.entries()) {
      const value = past.params[key];
      if (value === undefined) missing.add(key);
      const place = value === undefined ? defaultPlace(space, j) : placeOf(space, { column: j, value });
      if (!place) {
        dropped++;
        return [];
      }
      if (place.clipped) clipped++;
      coordinates.push(place.coordinate);
    }
    const { params: _, ...outcome } = { ...past, state: past.state ?? 'complete' };
    const params = space.decode(Float64Array.from(coordinates));
    return [{ number, reports: [], ...outcome, params } as Trial<P>];
  });
  const conditional = new Set(space.features?.includes('conditional') ? names : []);
  const unused = [
    ...(extra.size > 0 ? [`${[...extra].join(', ')}: not a parameter of the new study`] : []),
    ...[...missing]
      .filter((key) => !conditional.has(key))
      .map((key) => `${key}: not in the source, taken as its default`),
    ...(dropped > 0 ? [`${dropped} trials with a category that the new study does not have`] : []),
    ...(clipped > 0 ? [`${clipped} values outside the new range, moved to its end`] : []),
  ];
  return { source: { name, data: datasetOf(space, trials, source.direction ?? direction) }, unused };
}

interface Place {
  readonly coordinate: number;
  readonly clipped?: boolean;
}

/** Where a value sits on its column; undefined for a category that the space does not have. */
function placeOf<P extends Params>(
  space: SearchSpace<P>,
  { column, value }: { readonly column: number; readonly value: Params[string] },
): Place | undefined {
  const { name, kind } = space.columns[column]!;
  const at = (v: Params[string]) => space.coordinates?.({ [name]: v } as Partial<P>)[column];
  try {
    const coordinate = at(value);
    return coordinate === undefined || Number.isNaN(coordinate) ? undefined : { coordinate };
  } catch (error) {
    if (!(error instanceof OutOfSpaceError)) throw error;
    const described = space.description?.[name];
    if (kind === 'categorical' || typeof value !== 'number' || !described) return undefined;
    if (described.type === 'real' || described.type === 'int') {
      const rounded = described.type === 'int' ? Math.round(value) : value;
      const inside = Math.min(Math.max(rounded, described.low), described.high);
      return { coordinate: at(inside)!, clipped: inside !== value };
    }
    // Ordered numbers: the nearest one.
    const numbers = described.choices.flatMap((choice) => (typeof choice === 'number' ? [choice] : []));
    if (numbers.length === 0) return undefined;
    const nearest = numbers.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a));
    return { coordinate: at(nearest)!, clipped: true };
  }
}

function defaultPlace<P extends Params>(space: SearchSpace<P>, column: number): Place {
  const { name } = space.columns[column]!;
  const value = space.defaults?.[name];
  const place = value === undefined ? undefined : placeOf(space, { column, value });
  return place ?? { coordinate: 0.5 };
}

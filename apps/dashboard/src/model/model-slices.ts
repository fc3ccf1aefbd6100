import { matrix, type Params } from '@foothold/core';
import { type Beliefs, beliefAt, canonicalPoints, type StudyModel } from '@foothold/study-model';
import { gridLine } from '@foothold/viz';

/** The belief along one parameter while the others stay. */
export interface ModelSlice extends Beliefs {
  readonly name: string;
  /** Values of the parameter, ascending; texts for choices. */
  readonly positions: readonly (number | string)[];
  readonly log: boolean;
}

/** Points along a parameter. */
const points = 101;

/** A slice for each parameter that is active at `at`, in the order of the space. Throws OutOfSpaceError for other parameters. */
export async function modelSlices(model: StudyModel, at: Params): Promise<readonly ModelSlice[]> {
  const { space } = model;
  const base = space.encode(at);
  const active = space.decode(base);
  const names = space.columns.map(({ name }) => name).filter((name) => active[name] !== undefined);
  const slices: ModelSlice[] = [];
  for (const name of names) {
    const line = gridLine(space, { name, count: points, ends: true, base });
    const x = matrix(line.coordinates.length, base.length);
    line.coordinates.forEach((coordinate, i) => {
      x.data.set(base, i * base.length);
      x.data[i * base.length + line.index] = coordinate;
    });
    const beliefs = await beliefAt(model, canonicalPoints(model, x));
    slices.push({ name, positions: line.values, log: line.log, ...beliefs });
  }
  return slices;
}

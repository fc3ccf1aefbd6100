import type { Params, SearchSpace, Trial } from '@foothold/core';
import { rowMapper } from '@foothold/space';
import { withEditValues } from './edit-values.ts';
import { isInCube, outsideOf } from './outside-of.ts';
import { type EditableState, isSpaceEdited, type StudyEdit } from './study-edits.ts';

/**
 * How far outside of the present space, in ranges, a trial may lie that samplers see. Sources of other studies have a tenth;
 * the trials here are of the very function.
 */
const margin = 1;

/** The trials of an edited study as they stand to its present space. */
export interface PresentTrials<P extends Params> {
  /** The space, whose `encode` knows the points of trials outside of it. */
  readonly space: SearchSpace<P>;
  /** What a sampler sees of a trial: its parameters as those of the space; undefined where it is too far outside. */
  seen(trial: Trial<P>): Trial<P> | undefined;
  /** The trial as it was, with `outside` where it is not in the space. */
  marked(trial: Trial<P>): Trial<P>;
  /** The same, with the parameters of the space, and outside of it with what edits say of those that it lacks. */
  past(trial: Trial<P>): Trial<P>;
}

/** Made once for each list of edits, so that a sampler meets the same space and trials at each ask. */
const made = new WeakMap<readonly StudyEdit[], WeakMap<object, PresentTrials<never>>>();

/** How the trials stand to the space; undefined where the space was never edited. */
export function presentTrials<P extends Params>(
  { edits }: EditableState,
  space: SearchSpace<P>,
): PresentTrials<P> | undefined {
  if (!edits || !isSpaceEdited({ edits })) return undefined;
  const known = made.get(edits) ?? new WeakMap<object, PresentTrials<never>>();
  made.set(edits, known);
  const found = (known.get(space) as PresentTrials<P> | undefined) ?? presentIn(edits, space);
  known.set(space, found as unknown as PresentTrials<never>);
  return found;
}

/** The parameters of a trial in the present space. */
interface Placed<P extends Params> {
  readonly params: P;
  readonly outside?: string;
  /** False where no model should learn of it. */
  readonly isNear: boolean;
}

function presentIn<P extends Params>(edits: readonly StudyEdit[], space: SearchSpace<P>): PresentTrials<P> {
  const points = new WeakMap<object, Float64Array>();
  const before = edits.findLast((edit) => edit.space)!.trials;
  const nearest = rowMapper(space, margin);
  const place = (trial: Trial<P>): Placed<P> => {
    const own = withEditValues(trial, edits);
    const row = nearest?.(own) ?? 'the space does not describe itself';
    // The names that are active here: what was removed, or is not active any more, is left out.
    const names = typeof row === 'string' ? Object.keys(space.description ?? own) : Object.keys(row.values);
    const params = Object.fromEntries(
      names.flatMap((name): [string, Params[string]][] => {
        if (Object.hasOwn(own, name)) return [[name, own[name]!]];
        return typeof row === 'string' ? [] : [[name, row.values[name]!]];
      }),
    ) as P;
    const outside = outsideOf(space, params);
    if (outside === undefined || isInCube(space, params))
      return { params, isNear: true, ...(outside !== undefined && { outside }) };
    if (typeof row === 'string') return { params, outside, isNear: false };
    // Of values that the space takes, so that a copy can be encoded as well.
    points.set(row.values, row.point);
    return { params: row.values as P, outside, isNear: true };
  };
  const placed = cachedBy<P, Placed<P>>(place);
  const seen = cachedBy<P, Trial<P> | undefined>((trial) => {
    const { params, outside, isNear } = placed(trial);
    if (!isNear) return undefined;
    // The state of a sampler belongs to the space that it had.
    const { samplerState: _, ...rest } = trial;
    return { ...rest, params, ...(outside !== undefined && { outside }) } as Trial<P>;
  });
  const marked = cachedBy<P, Trial<P>>((trial) => {
    const { outside } = placed(trial);
    return outside === undefined ? trial : { ...trial, outside };
  });
  const past = (trial: Trial<P>): Trial<P> => {
    const { params, outside } = placed(trial);
    return outside === undefined
      ? { ...trial, params }
      : { ...trial, outside, params: withEditValues(trial, edits) as P };
  };
  const isBefore = ({ number, loaded }: Trial<P>) => number < before || loaded === true;
  return {
    space: { ...space, encode: (params) => points.get(params)?.slice() ?? space.encode(params) },
    seen: (trial) => (isBefore(trial) ? seen(trial) : trial),
    marked: (trial) => (isBefore(trial) ? marked(trial) : trial),
    past: (trial) => (isBefore(trial) ? past(trial) : trial),
  };
}

/** A function that computes once for each trial as it is. */
function cachedBy<P extends Params, T>(compute: (trial: Trial<P>) => T): (trial: Trial<P>) => T {
  const known = new WeakMap<Trial<P>, { readonly value: T }>();
  return (trial) => {
    const found = known.get(trial) ?? { value: compute(trial) };
    known.set(trial, found);
    return found.value;
  };
}

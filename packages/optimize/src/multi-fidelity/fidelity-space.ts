import { InvalidArgumentError, type Params, positionOf, type SearchSpace } from '@foothold/core';
import { type ParameterShift, shifted } from '../learning-rate-shift.ts';

/** Parameters with the fidelity at which they are evaluated. */
export type WithFidelity<P extends Params> = P & Params;

export interface FidelitySpace<P extends Params> {
  readonly space: SearchSpace<WithFidelity<P>>;
  /** Index of the column of fidelities, an ordinal one; the last. */
  readonly column: number;
  at(params: P, level: number): WithFidelity<P>;
  /** The parameters without their fidelity, and its level. */
  split(params: WithFidelity<P>): { readonly params: P; readonly level: number };
}

/**
 * The space with one more parameter, the fidelity, an ordinal one with these values. A point of a fidelity with a shift
 * lies, in the unit cube, where its parameters are expected at the target fidelity: so that equal points mean equal settings.
 *
 * Throws InvalidArgumentError where the space has a parameter of that name, or a shift names none.
 */
export function fidelitySpace<P extends Params>(
  base: SearchSpace<P>,
  {
    name,
    fidelities,
    shifts = [],
  }: {
    readonly name: string;
    readonly fidelities: readonly number[];
    readonly shifts?: readonly (ParameterShift | undefined)[];
  },
): FidelitySpace<P> {
  const d = base.columns.length;
  if (base.columns.some((column) => column.name === name))
    throw new InvalidArgumentError('fidelityName', name, 'a name that no parameter of the space has');
  const column = { kind: 'ordinal', name, levels: fidelities.length } as const;
  const place = (level: number) => positionOf(column, level);
  const there = (params: P, level: number) => shifted(base, params, shifts[level]).params;
  const back = (params: P, level: number) => {
    const shift = shifts[level];
    return shifted(base, params, shift && { ...shift, factor: 1 / shift.factor }).params;
  };
  const levelOfFidelity = (fidelity: unknown) => {
    const level = fidelities.indexOf(fidelity as number);
    if (level < 0) throw new InvalidArgumentError(name, fidelity, fidelities.join(', '));
    return level;
  };
  const split = (params: WithFidelity<P>) => {
    const { [name]: fidelity, ...rest } = params as Params;
    return { params: rest as P, level: levelOfFidelity(fidelity) };
  };
  const at = (params: P, level: number) => ({ ...params, [name]: fidelities[level]! }) as WithFidelity<P>;
  for (const shift of shifts) if (shift) shifted(base, base.decode(new Float64Array(d).fill(0.5)), shift);
  return {
    column: d,
    at,
    split,
    space: {
      columns: [...base.columns, column],
      encode(scaled) {
        const { params, level } = split(scaled);
        const point = new Float64Array(d + 1);
        point.set(base.encode(there(params, level)));
        point[d] = place(level);
        return point;
      },
      decode(point) {
        const level = Math.min(Math.max(Math.floor(point[d]! * fidelities.length), 0), fidelities.length - 1);
        return at(back(base.decode(point.slice(0, d)), level), level);
      },
      ...(base.violation && { violation: (scaled) => base.violation!(split(scaled).params) }),
      // A shift moves points off what constraints leave: without one, the base's points are the scaled ones.
      ...(shifts.every((shift) => shift === undefined) && {
        ...(base.project && {
          project(point, given) {
            const near = base.project!(point.slice(0, d), given?.slice(0, d));
            return typeof near === 'string' ? near : Float64Array.of(...near, point[d]!);
          },
        }),
        ...(base.draw && {
          draw(rng, given) {
            const drawn = base.draw!(rng, given?.slice(0, d));
            const last = given?.[d] ?? Number.NaN;
            return (
              drawn &&
              Float64Array.of(
                ...drawn,
                Number.isNaN(last) ? place(Math.floor(rng.next() * fidelities.length)) : last,
              )
            );
          },
        }),
      }),
      ...(base.coordinates && {
        coordinates(values) {
          const { [name]: fidelity, ...rest } = values as Params;
          const point = new Float64Array(d + 1).fill(Number.NaN);
          point.set(base.coordinates!(rest as Partial<P>));
          if (fidelity !== undefined) point[d] = place(levelOfFidelity(fidelity));
          return point;
        },
      }),
      ...(base.withParents && {
        withParents(values, rng) {
          const { [name]: fidelity, ...rest } = values as Params;
          const all = base.withParents!(rest as Partial<P>, rng) as Params;
          return (fidelity === undefined ? all : { ...all, [name]: fidelity }) as Partial<WithFidelity<P>>;
        },
      }),
      ...(base.size !== undefined && { size: base.size * fidelities.length }),
      ...(base.parentsFirst && { parentsFirst: [...base.parentsFirst, d] }),
      ...(base.defaults && { defaults: base.defaults as Partial<WithFidelity<P>> }),
      // Shifted settings are clipped to their range: there many points stand for one setting, as those of conditions do.
      ...(base.features && {
        features: shifts.some((shift) => shift !== undefined)
          ? [...new Set([...base.features, 'conditional' as const])]
          : base.features,
      }),
      ...(base.description && {
        description: { ...base.description, [name]: { type: 'ordinal' as const, choices: fidelities } },
      }),
    },
  };
}

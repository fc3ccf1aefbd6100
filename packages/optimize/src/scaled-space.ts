import { InvalidArgumentError, type Params, positionOf, type SearchSpace } from '@foothold/core';
import { type ParameterShift, shifted } from './learning-rate-shift.ts';

/** Parameters with the scale at which they are evaluated. */
export type Scaled<P extends Params> = P & Params;

export interface ScaledSpace<P extends Params> {
  readonly space: SearchSpace<Scaled<P>>;
  /** Index of the column of scales, an ordinal one; the last. */
  readonly scale: number;
  at(params: P, level: number): Scaled<P>;
  /** The parameters without their scale, and its level. */
  apart(params: Scaled<P>): { readonly params: P; readonly level: number };
}

/**
 * The space with one more parameter, the scale, an ordinal one with these fidelities. A scale with a shift lies, in the
 * unit cube, where its parameters are expected at the last scale: so that equal points mean equal settings.
 *
 * Throws InvalidArgumentError where the space has a parameter of that name, or a shift names none.
 */
export function scaledSpace<P extends Params>(
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
): ScaledSpace<P> {
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
  const apart = (params: Scaled<P>) => {
    const { [name]: fidelity, ...rest } = params as Params;
    return { params: rest as P, level: levelOfFidelity(fidelity) };
  };
  const at = (params: P, level: number) => ({ ...params, [name]: fidelities[level]! }) as Scaled<P>;
  for (const shift of shifts) if (shift) shifted(base, base.decode(new Float64Array(d).fill(0.5)), shift);
  return {
    scale: d,
    at,
    apart,
    space: {
      columns: [...base.columns, column],
      encode(scaled) {
        const { params, level } = apart(scaled);
        const point = new Float64Array(d + 1);
        point.set(base.encode(there(params, level)));
        point[d] = place(level);
        return point;
      },
      decode(point) {
        const level = Math.min(Math.max(Math.floor(point[d]! * fidelities.length), 0), fidelities.length - 1);
        return at(back(base.decode(point.slice(0, d)), level), level);
      },
      ...(base.violation && { violation: (scaled) => base.violation!(apart(scaled).params) }),
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
          return (fidelity === undefined ? all : { ...all, [name]: fidelity }) as Partial<Scaled<P>>;
        },
      }),
      ...(base.size !== undefined && { size: base.size * fidelities.length }),
      ...(base.parentsFirst && { parentsFirst: [...base.parentsFirst, d] }),
      ...(base.defaults && { defaults: base.defaults as Partial<Scaled<P>> }),
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

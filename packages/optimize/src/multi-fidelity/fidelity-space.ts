import { InvalidArgumentError, type Params, positionOf, type Rng, type SearchSpace } from '@foothold/core';
import { checkShift, type ParameterShift, shifted } from '../learning-rate-shift.ts';

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

interface FidelitySpaceOptions {
  /** Name of the parameter that holds the fidelity. */
  readonly name: string;
  readonly fidelities: readonly number[];
  readonly shifts?: readonly (ParameterShift | undefined)[];
}

/** The column of fidelities beside the base space, and what moves parameters between the two. */
interface Extension<P extends Params> extends Required<FidelitySpaceOptions> {
  readonly base: SearchSpace<P>;
  /** Number of the base's columns. */
  readonly d: number;
  readonly positionAt: (level: number) => number;
  readonly levelOfFidelity: (fidelity: unknown) => number;
  readonly at: FidelitySpace<P>['at'];
  readonly split: FidelitySpace<P>['split'];
}

/**
 * The space with one more parameter, the fidelity, an ordinal one with these values. A point of a fidelity with a shift
 * lies, in the unit cube, where its parameters are expected at the target fidelity: so that equal points mean equal settings.
 *
 * Throws InvalidArgumentError where the space has a parameter of that name, or a shift names none.
 */
export function fidelitySpace<P extends Params>(
  base: SearchSpace<P>,
  options: FidelitySpaceOptions,
): FidelitySpace<P> {
  const { name, fidelities, shifts = [] } = options;
  const d = base.columns.length;
  if (base.columns.some((column) => column.name === name))
    throw new InvalidArgumentError('fidelityName', name, 'a name that no parameter of the space has');
  for (const shift of shifts) checkShift(base, shift);
  const column = { kind: 'ordinal', name, levels: fidelities.length } as const;
  const levelOfFidelity = (fidelity: unknown) => {
    const level = fidelities.indexOf(fidelity as number);
    if (level < 0) throw new InvalidArgumentError(name, fidelity, fidelities.join(', '));
    return level;
  };
  const extension: Extension<P> = {
    ...{ base, d, name, fidelities, shifts, levelOfFidelity },
    positionAt: (level) => positionOf(column, level),
    at: (params, level) => ({ ...params, [name]: fidelities[level]! }) as WithFidelity<P>,
    split(params) {
      const { [name]: fidelity, ...rest } = params as Params;
      return { params: rest as P, level: levelOfFidelity(fidelity) };
    },
  };
  const { at, split } = extension;
  const space = {
    columns: [...base.columns, column],
    ...pointsOf(extension),
    ...valuesOf(extension),
    ...factsOf(extension),
  };
  return { column: d, at, split, space };
}

/** Encoding, decoding and constraints. */
function pointsOf<P extends Params>(extension: Extension<P>) {
  const { base, d, shifts, fidelities, positionAt, at, split } = extension;
  const toTarget = (params: P, level: number) => shifted(base, params, shifts[level]).params;
  const fromTarget = (params: P, level: number) => {
    const shift = shifts[level];
    return shifted(base, params, shift && { ...shift, factor: 1 / shift.factor }).params;
  };
  return {
    encode(all: WithFidelity<P>) {
      const { params, level } = split(all);
      const point = new Float64Array(d + 1);
      point.set(base.encode(toTarget(params, level)));
      point[d] = positionAt(level);
      return point;
    },
    decode(point: Float64Array) {
      const level = Math.min(Math.max(Math.floor(point[d]! * fidelities.length), 0), fidelities.length - 1);
      return at(fromTarget(base.decode(point.slice(0, d)), level), level);
    },
    ...(base.violation && {
      violation: (all: WithFidelity<P>) => base.violation!(split(all).params),
    }),
    // A shift moves points off what constraints leave: without one, the base's points are those of every fidelity.
    ...(shifts.every((shift) => shift === undefined) && projectionOf(extension)),
  };
}

/** The base's projection and random points, with the fidelity as it is, or drawn. */
function projectionOf<P extends Params>({ base, d, fidelities, positionAt }: Extension<P>) {
  return {
    ...(base.project && {
      project(point: Float64Array, given?: Float64Array) {
        const near = base.project!(point.slice(0, d), given?.slice(0, d));
        return typeof near === 'string' ? near : Float64Array.of(...near, point[d]!);
      },
    }),
    ...(base.draw && {
      draw(rng: Rng, given?: Float64Array, mixing?: number) {
        const drawn = base.draw!(rng, given?.slice(0, d), mixing);
        const fixed = given?.[d] ?? Number.NaN;
        if (!drawn) return undefined;
        const position = Number.isNaN(fixed) ? positionAt(Math.floor(rng.next() * fidelities.length)) : fixed;
        return Float64Array.of(...drawn, position);
      },
    }),
  };
}

/** What concerns single values. */
function valuesOf<P extends Params>({ base, d, name, positionAt, levelOfFidelity }: Extension<P>) {
  return {
    ...(base.coordinates && {
      coordinates(values: Partial<WithFidelity<P>>) {
        const { [name]: fidelity, ...rest } = values as Params;
        const point = new Float64Array(d + 1).fill(Number.NaN);
        point.set(base.coordinates!(rest as Partial<P>));
        if (fidelity !== undefined) point[d] = positionAt(levelOfFidelity(fidelity));
        return point;
      },
    }),
    ...(base.withParents && {
      withParents(values: Partial<WithFidelity<P>>, rng: Rng) {
        const { [name]: fidelity, ...rest } = values as Params;
        const all = base.withParents!(rest as Partial<P>, rng) as Params;
        return (fidelity === undefined ? all : { ...all, [name]: fidelity }) as Partial<WithFidelity<P>>;
      },
    }),
    ...(base.defaults && { defaults: base.defaults as Partial<WithFidelity<P>> }),
  };
}

/** What is known of the whole space. */
function factsOf<P extends Params>({ base, d, name, fidelities, shifts }: Extension<P>) {
  const isShifted = shifts.some((shift) => shift !== undefined);
  return {
    ...(base.size !== undefined && { size: base.size * fidelities.length }),
    ...(base.parentsFirst && { parentsFirst: [...base.parentsFirst, d] }),
    // Shifted settings are clipped to their range: there many points stand for one setting, as those of conditions do.
    ...(base.features && {
      features: isShifted ? [...new Set([...base.features, 'conditional' as const])] : base.features,
    }),
    ...(base.description && {
      description: { ...base.description, [name]: { type: 'ordinal' as const, choices: fidelities } },
    }),
  };
}

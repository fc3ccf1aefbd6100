import {
  type Column,
  everyFeature,
  InvalidArgumentError,
  type Params,
  type SampleRequest,
  type Sampler,
  type SearchSpace,
} from '@foothold/core';
import { feasibleCandidates } from './feasible-candidates.ts';
import { positiveWhole } from './positive-whole.ts';

export interface GridOptions {
  /** Values of each continuous parameter, from end to end; 5. An object says it for some of them by name. */
  readonly levels?: number | Readonly<Record<string, number>>;
}

const fewLevels = 5;
/** More values would not differ from each other by what coordinates resolve. */
const maxLevels = 1e12;
/** Combinations that constraints may forbid in a row before it is said that none keeps them. */
const maxForbidden = 10_000_000;

/**
 * Every combination once, the last parameter moving fastest: all levels of discrete parameters, `levels` values from end
 * to end of continuous ones. With conditions, parents move slower than what depends on them. No list of the combinations
 * is made, so that any number of levels will do.
 *
 * Throws InvalidArgumentError; `check` and `sample` throw it too for a name in `levels` that is no continuous parameter of
 * the space. `sample` throws SpaceExhaustedError at the end, InfeasibleSpaceError where no combination keeps the constraints.
 */
export function grid(options: GridOptions = {}): Sampler {
  const { levels = fewLevels }: { readonly levels?: unknown } = options;
  const isByName = typeof levels === 'object' && levels !== null && !Array.isArray(levels);
  const byName = new Map(
    Object.entries(isByName ? levels : {})
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, positiveWhole(`levels.${name}`, value, maxLevels)]),
  );
  const otherwise = isByName ? fewLevels : positiveWhole('levels', levels, maxLevels);
  const continuousLevels = ({ name }: Column) => byName.get(name) ?? otherwise;
  const check = ({ space }: { readonly space: Pick<SearchSpace, 'columns'> }) => {
    const names = space.columns.filter(({ kind }) => kind === 'continuous').map(({ name }) => name);
    for (const [name, value] of byName)
      if (!names.includes(name))
        throw new InvalidArgumentError(
          `levels.${name}`,
          value,
          names.length > 0
            ? `given for continuous parameters only: ${names.join(', ')}`
            : 'nothing: no parameter of this space is continuous',
        );
  };
  return {
    name: 'grid',
    options: { levels: isByName ? Object.fromEntries(byName) : otherwise },
    supports: everyFeature,
    check,
    sample<P extends Params>(request: SampleRequest<P>) {
      check(request);
      const open = feasibleCandidates(request, { avoidPending: false, continuousLevels });
      return Array.from({ length: request.count }, () => {
        const point = open.next(maxForbidden);
        open.take(point);
        return { params: request.space.decode(point) };
      });
    },
  };
}

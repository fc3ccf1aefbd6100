import { type Column, type Params, positionOf, type SampleRequest, type Sampler } from '@foothold/core';
import { combination, places } from './places.ts';
import { everyFeature, positiveWhole } from './propose.ts';

/**
 * Every combination once, the last parameter moving fastest: all levels of discrete parameters, `levels` values from end
 * to end of continuous ones (5; also by name). Throws InvalidArgumentError; `sample` throws SpaceExhaustedError at the end,
 * InfeasibleSpaceError where no combination keeps the constraints.
 */
export function grid(options: { readonly levels?: number | Readonly<Record<string, number>> } = {}): Sampler {
  const { levels = 5 } = options;
  if (typeof levels === 'number') positiveWhole('levels', levels);
  else for (const [name, value] of Object.entries(levels)) positiveWhole(`levels.${name}`, value);
  const valuesOf = (column: Column): Float64Array => {
    if (column.kind !== 'continuous')
      return Float64Array.from({ length: column.levels }, (_, i) => positionOf(column, i));
    const k = typeof levels === 'number' ? levels : (levels[column.name] ?? 5);
    return Float64Array.from({ length: k }, (_, i) => (k === 1 ? 0.5 : i / (k - 1)));
  };
  return {
    name: 'grid',
    supports: everyFeature,
    sample<P extends Params>(request: SampleRequest<P>) {
      const axes = request.space.columns.map(valuesOf);
      const size = axes.reduce((product, axis) => product * axis.length, 1);
      const open = places(request, { apart: false });
      const found: { params: P }[] = [];
      for (let index = 0; index < size && found.length < request.count; index++) {
        const point = open.repair(combination(axes, index));
        if (!point) continue;
        open.take(point);
        found.push({ params: request.space.decode(point) });
      }
      if (found.length < request.count) throw open.refusal(size);
      return found;
    },
  };
}

import {
  type Feature,
  InvalidArgumentError,
  type Params,
  type Proposal,
  type SampleRequest,
  type Sampler,
  type Trial,
} from '@foothold/core';
import { everyFeature } from './propose.ts';

/**
 * Samplers one after another: each gives `count` trials, the last `Infinity`. Loaded trials do not count. It supports
 * what all of them do, and refuses what one refuses. Throws InvalidArgumentError for no stages, counts that are not whole, or a finite last count.
 */
export function sequence(stages: readonly (readonly [sampler: Sampler, count: number])[]): Sampler {
  if (!Array.isArray(stages) || stages.length === 0)
    throw new InvalidArgumentError('stages', stages, 'a list of one sampler at least');
  stages.forEach(([, count], i) => {
    const last = i === stages.length - 1;
    if (last ? count !== Infinity : !Number.isInteger(count) || count < 0)
      throw new InvalidArgumentError(
        `stages[${i}]`,
        count,
        last ? 'Infinity for the last' : 'a whole number from 0',
      );
  });
  const supports = everyFeature.filter((feature: Feature) =>
    stages.every(([sampler]) => sampler.supports?.includes(feature)),
  );
  return {
    name: `sequence of ${stages.map(([sampler]) => sampler.name ?? 'unnamed').join(', ')}`,
    supports,
    check(problem) {
      for (const [sampler] of stages) sampler.check?.(problem);
    },
    async sample<P extends Params>(request: SampleRequest<P>) {
      const made: Proposal<P>[] = [];
      const before = request.trials.filter((t) => !t.loaded).length;
      let end = 0;
      for (const [k, [sampler, count]] of stages.entries()) {
        end += count;
        const wanted = Math.min(request.count - made.length, end - before - made.length);
        if (wanted <= 0) continue;
        const trials = [...request.trials, ...pending(made, request.trials)];
        const rng = k === 0 ? request.rng : request.rng.fork(`stage ${k}`);
        made.push(...(await sampler.sample({ ...request, trials, count: wanted, rng })));
      }
      return made;
    },
  };
}

/** Proposals that were just made, as running trials after the others. */
function pending<P extends Params>(
  made: readonly Proposal<P>[],
  trials: readonly Trial<P>[],
): readonly Trial<P>[] {
  const first = 1 + trials.reduce((top, t) => Math.max(top, t.number), -1);
  return made.map(({ params }, i) => ({ number: first + i, params, reports: [], state: 'running' }));
}

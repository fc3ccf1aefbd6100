import {
  everyFeature,
  type Feature,
  InvalidArgumentError,
  type Params,
  type Proposal,
  runningTrials,
  type SampleRequest,
  type Sampler,
} from '@foothold/core';
import { describedSampler } from './described-sampler.ts';

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
  const samplers = stages.map(([sampler]) => sampler);
  return {
    name: `sequence of ${samplers.map(({ name }) => name ?? 'unnamed').join(', ')}`,
    options: {
      stages: stages.map(([sampler, count]) => ({
        ...describedSampler(sampler),
        // JSON has no Infinity.
        ...(count !== Infinity && { count }),
      })),
    },
    supports: commonFeatures(samplers),
    check: (problem) => checkAll(samplers, problem),
    async sample<P extends Params>(request: SampleRequest<P>) {
      const made: Proposal<P>[] = [];
      const before = request.trials.filter((t) => !t.loaded).length;
      let end = 0;
      for (const [k, [sampler, count]] of stages.entries()) {
        end += count;
        const wanted = Math.min(request.count - made.length, end - before - made.length);
        if (wanted <= 0) continue;
        const trials = [...request.trials, ...runningTrials(made, request.trials)];
        const rng = k === 0 ? request.rng : request.rng.fork(`stage ${k}`);
        for (const proposal of await sampler.sample({ ...request, trials, count: wanted, rng }))
          made.push(proposal);
      }
      return made;
    },
  };
}

/** What every one of these samplers supports. */
export function commonFeatures(samplers: readonly Sampler[]): readonly Feature[] {
  return everyFeature.filter((feature) => samplers.every(({ supports }) => supports?.includes(feature)));
}

/** Throws what the first of these samplers throws that refuses the problem. */
export function checkAll(
  samplers: readonly Sampler[],
  problem: Parameters<NonNullable<Sampler['check']>>[0],
): void {
  for (const sampler of samplers) sampler.check?.(problem);
}

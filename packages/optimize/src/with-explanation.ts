import type { Params, SampleRequest, Sampler, Why } from '@foothold/core';

/** The sampler with these facts in every `why`; what it says itself wins. */
export function withExplanation(sampler: Sampler, facts: Why): Sampler {
  return {
    ...sampler,
    async sample<P extends Params>(request: SampleRequest<P>) {
      const proposals = await sampler.sample(request);
      return proposals.map((proposal) => ({ ...proposal, why: { ...facts, ...proposal.why } }));
    },
  };
}

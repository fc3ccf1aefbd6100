import { expect, it } from 'vitest';
import { type AutoSamplerOptions, autoSampler } from './auto-sampler.ts';

it.each(['foo', '', 'whole space', 0, null, {}, ['trust-region']])(
  'refuses %j as search scope at once, and names those that there are',
  (searchScope) => {
    expect(() => autoSampler({ searchScope } as unknown as AutoSamplerOptions)).toThrow(
      /searchScope is .*allowed is one of whole-space, trust-region/,
    );
  },
);

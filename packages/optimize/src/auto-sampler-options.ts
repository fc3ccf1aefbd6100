import type { Json } from '@foothold/core';
import type { ModelOptions } from './model-samplers.ts';
import { isStudy } from './transfer-options.ts';

/**
 * What the log of a study says of the default sampler's options: those that were given. Of an earlier study it has the name and
 * the number of trials, of an acquisition and a backend the name.
 */
export function autoSamplerOptions(
  options: ModelOptions & { readonly searchScope?: string | undefined },
): Json {
  const {
    initialTrials,
    searchScope,
    method,
    gated,
    metaFeatures,
    acquisition,
    linalg,
    transfer = [],
  } = options;
  const given = {
    initialTrials,
    searchScope,
    acquisition: acquisition && (acquisition.name ?? 'unnamed'),
    linalg: typeof linalg === 'object' ? linalg.name : undefined,
    ...(transfer.length > 0 && {
      method,
      gated,
      metaFeatures: metaFeatures && [...metaFeatures],
      transfer: transfer.map((source) => ({
        ...(source.name !== undefined && { name: source.name }),
        ...(!isStudy(source) && {
          trials: source.trials.length,
          ...(source.direction && { direction: source.direction }),
          ...(source.weight !== undefined && { weight: source.weight }),
          ...(source.metaFeatures && { metaFeatures: [...source.metaFeatures] }),
        }),
      })),
    }),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Json;
}

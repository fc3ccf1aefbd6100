import { type Json, type Sampler, UnsupportedError } from '@foothold/core';
import {
  type AutoSamplerOptions,
  autoSampler,
  cmaEs,
  grid,
  latinHypercube,
  nsga2,
  random,
  sobol,
  type TransferMethod,
  type TransferSource,
  tpe,
} from '@foothold/optimize';
import type { ConfiguredSampler } from '@foothold/study';
import { UsageError } from './usage-error.ts';

/** What the command line says of earlier studies. */
export interface GivenSources {
  readonly sources: readonly TransferSource[];
  readonly method?: string | undefined;
  readonly gated?: boolean | undefined;
  readonly metaFeatures?: readonly number[] | undefined;
}

type Options = Readonly<Record<string, Json>>;

/** Samplers whose options the log holds whole. They check these options themselves. */
const whole: Readonly<Record<string, (options: Options) => Sampler>> = {
  random: () => random(),
  sobol: (options) => sobol(options as Parameters<typeof sobol>[0]),
  'latin hypercube': (options) => latinHypercube(options as Parameters<typeof latinHypercube>[0]),
  grid: (options) => grid(options as Parameters<typeof grid>[0]),
  tpe: (options) => tpe(options as Parameters<typeof tpe>[0]),
  nsga2: (options) => nsga2(options as Parameters<typeof nsga2>[0]),
};

const inProgram = 'its own program has it: replaySuggestions of the library takes the sampler itself';

/**
 * The sampler that a log names, with the options that it holds; the default one where it names none. Throws UsageError where
 * the sampler began with earlier studies that are not given, UnsupportedError for one that only a program can make.
 */
export function samplerOfLog(configured: ConfiguredSampler | undefined, given: GivenSources): Sampler {
  const { name = 'auto', options = {} } = configured ?? {};
  const own = options as Options;
  if (name === 'auto') return autoOfLog(own, given);
  if (name === 'cma-es' && own['warmStart'] === undefined) return cmaEs(own as Parameters<typeof cmaEs>[0]);
  const make = Object.hasOwn(whole, name) ? whole[name] : undefined;
  if (!make) throw new UnsupportedError(`the sampler ${name}`, 'foothold replay', inProgram);
  return make(own);
}

function autoOfLog(options: Options, given: GivenSources): Sampler {
  const { acquisition, transfer, ...rest } = options as Options & { readonly transfer?: readonly Json[] };
  if (acquisition !== undefined)
    throw new UnsupportedError(`the acquisition ${String(acquisition)}`, 'foothold replay', inProgram);
  if (transfer !== undefined && given.sources.length === 0)
    throw new UsageError(
      `the suggestions start from ${transfer.length} earlier ${transfer.length === 1 ? 'study' : 'studies'} ` +
        `(${transfer.map(sourceText).join(', ')}), which the log does not hold: name each with --from`,
    );
  const { initialTrials, searchScope, method, gated, metaFeatures } = rest as AutoSamplerOptions;
  const isGiven = transfer !== undefined || given.sources.length > 0;
  return autoSampler({
    initialTrials,
    searchScope,
    ...(isGiven && {
      transfer: given.sources,
      method: (given.method as TransferMethod | undefined) ?? method,
      gated: given.gated ?? gated,
      metaFeatures: given.metaFeatures ?? metaFeatures,
    }),
  });
}

function sourceText(source: Json): string {
  const { name = 'unnamed', trials } = source as Options;
  return trials === undefined ? String(name) : `${name} of ${trials} trials`;
}

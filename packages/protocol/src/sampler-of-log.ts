import { cellSampler, type ScoreMatrix } from '@foothold/checkpoints';
import {
  type Json,
  OptimizationError,
  type Sampler,
  type TrainingFidelity,
  UnsupportedError,
} from '@foothold/core';
import * as optimize from '@foothold/optimize';
import { curveSampler, successiveHalving } from '@foothold/optimize/curve-samplers';
import type { ConfiguredSampler } from '@foothold/study';
import { samplerFactories } from './sampler-named.ts';

/** What is said of earlier studies beside the log. */
export interface GivenSources {
  readonly sources: readonly optimize.TransferSource[];
  readonly method?: string | undefined;
  readonly gated?: boolean | undefined;
  readonly metaFeatures?: readonly number[] | undefined;
  /** What makes the sampler, for messages: `foothold replay`. */
  readonly by: string;
  /** How to give earlier studies: an imperative sentence's end. */
  readonly advice: string;
}

/** The log names earlier studies that nobody gave. Give them. */
export class MissingSourcesError extends OptimizationError {
  static override readonly id: string = 'MissingSourcesError';
}

type Options = Readonly<Record<string, Json>>;

const inProgram = 'its own program has it: replaySuggestions of the library takes the sampler itself';

/**
 * The sampler that a log names, with the options that it holds; the default one where it names none. Throws MissingSourcesError where
 * the sampler began with earlier studies that are not given, UnsupportedError for one that only a program can make.
 */
export function samplerOfLog(configured: ConfiguredSampler | undefined, given: GivenSources): Sampler {
  const { name = 'auto', options = {} } = configured ?? {};
  const own = options as Options;
  if (isOfPieces(own)) return curveSamplerOfLog(name, own, given);
  if (name === 'auto') return autoOfLog(own, given);
  if (name === 'checkpoints') return cellSampler(own as unknown as ScoreMatrix);
  // Trials that a program gives to CMA-ES are not in the log. The other samplers check their options themselves.
  const key = name.replaceAll(' ', '-');
  const factory = Object.hasOwn(samplerFactories, key) ? samplerFactories[key] : undefined;
  if (!factory || factory.isAuto || own['warmStart'] !== undefined)
    throw new UnsupportedError(`the sampler ${name}`, given.by, inProgram);
  return factory.make(optimize, own, {});
}

/** Options of a sampler whose trials are pieces of training, up to a largest fidelity. */
type OfPieces = Options & {
  readonly fidelity: TrainingFidelity;
  readonly budget?: number;
  readonly reductionFactor?: number;
  readonly minFidelity?: number;
  readonly sampler?: { readonly name?: string; readonly options?: Json };
};

function isOfPieces(options: Options): options is OfPieces {
  const { fidelity } = options;
  return typeof fidelity === 'object' && fidelity !== null && 'max' in fidelity;
}

/** The default sampler for learning curves, or successive halving over the sampler that the log names. */
function curveSamplerOfLog(name: string, options: OfPieces, given: GivenSources): Sampler {
  const { fidelity, budget, reductionFactor, minFidelity, sampler: inner } = options;
  if (name === 'auto') return curveSampler({ fidelity, budget });
  if (name !== 'successive-halving') throw new UnsupportedError(`the sampler ${name}`, given.by, inProgram);
  const { name: of = 'random', options: own = {} } = inner ?? {};
  const sampler = samplerOfLog({ name: of, options: own }, given);
  const halving = successiveHalving({ fidelity, reductionFactor, minFidelity, sampler });
  return curveSampler({ fidelity, budget, sampler: halving });
}

function autoOfLog(options: Options, given: GivenSources): Sampler {
  const { acquisition, transfer, ...rest } = options as Options & { readonly transfer?: readonly Json[] };
  if (acquisition !== undefined)
    throw new UnsupportedError(`the acquisition ${String(acquisition)}`, given.by, inProgram);
  if (transfer !== undefined && given.sources.length === 0)
    throw new MissingSourcesError(
      `the suggestions start from ${transfer.length} earlier ${transfer.length === 1 ? 'study' : 'studies'} ` +
        `(${transfer.map(sourceText).join(', ')}), which the log does not hold: ${given.advice}`,
    );
  const { initialTrials, searchScope, method, gated, metaFeatures } = rest as optimize.AutoSamplerOptions;
  const isGiven = transfer !== undefined || given.sources.length > 0;
  return optimize.autoSampler({
    initialTrials,
    searchScope,
    ...(isGiven && {
      transfer: given.sources,
      method: (given.method as optimize.TransferMethod | undefined) ?? method,
      gated: given.gated ?? gated,
      metaFeatures: given.metaFeatures ?? metaFeatures,
    }),
  });
}

function sourceText(source: Json): string {
  const { name = 'unnamed', trials } = source as Options;
  return trials === undefined ? String(name) : `${name} of ${trials} trials`;
}

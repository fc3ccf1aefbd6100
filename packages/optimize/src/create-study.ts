import { everyFeature, InvalidArgumentError, type Params, type Sampler } from '@foothold/core';
import {
  type LocalStudy,
  type StudyOptions as OwnStudyOptions,
  createStudy as withSampler,
} from '@foothold/study';
import { type StorageOrAddress, storageFrom } from './addressed-storage.ts';
import type { AutoSamplerOptions } from './auto-sampler.ts';
import { autoSamplerOptions } from './auto-sampler-options.ts';
import { checkTransfer } from './check-transfer.ts';
import { curveSampler } from './learning-curves/curve-sampler.ts';
import { loadedOnce } from './loaded-once.ts';
import { program } from './program.ts';
import { realClock } from './real-clock.ts';

/** What `createStudy` takes: the sampler may be left out. */
export interface StudyOptions<P extends Params>
  extends Omit<OwnStudyOptions<P>, 'sampler' | 'storage'>,
    Omit<AutoSamplerOptions, 'searchScope'> {
  /** How to propose. Default: `autoSampler()` with the options beside it. */
  readonly sampler?: Sampler | undefined;
  /** A study of this name that it holds already is continued. An address needs Node. Default: memory. */
  readonly storage?: StorageOrAddress | undefined;
}

/**
 * `createStudy` of `@foothold/study` with the default sampler, which may start from earlier studies: `transfer: [studies]`.
 * The default sampler's code is loaded at its first suggestion: a study with another sampler does without it.
 *
 * Events have the time of `Date.now` where no other `clock` is given.
 *
 * With a `fidelity` each trial is a piece of training: the space has the fidelity as a parameter, `integer(1, max)`, and the default sampler is
 * one for learning curves. A sampler of one's own chooses the fidelity too.
 *
 * Throws as both do, and InvalidArgumentError for the default sampler's options beside a sampler of one's own or a fidelity.
 */
export function createStudy<P extends Params>(options: StudyOptions<P>): LocalStudy<P> {
  const { sampler, linalg, transfer, method, gated, metaFeatures, acquisition, initialTrials, ...study } =
    options;
  const own = { linalg, transfer, method, gated, metaFeatures, acquisition, initialTrials };
  if (study.fidelity) refuseBesideFidelity(own);
  if (sampler)
    for (const [name, value] of Object.entries(own))
      if (value !== undefined && name !== 'linalg')
        throw new InvalidArgumentError(
          name,
          Array.isArray(value) ? `${value.length} sources` : value,
          `nothing beside a sampler of your own; autoSampler({ ${name} }) takes it`,
        );
  return withSampler<P>({
    ...study,
    storage: storageFrom(study.storage),
    clock: study.clock ?? realClock,
    program: study.program ?? program,
    sampler:
      sampler ?? (study.fidelity ? curveSampler({ fidelity: study.fidelity, linalg }) : loadedSampler(own)),
  });
}

/** Throws InvalidArgumentError for options that no sampler for learning curves takes. */
function refuseBesideFidelity({ linalg: _, ...own }: AutoSamplerOptions): void {
  for (const [name, value] of Object.entries(own))
    if (value !== undefined)
      throw new InvalidArgumentError(
        name,
        Array.isArray(value) ? `${value.length} sources` : value,
        'nothing beside a fidelity: its default sampler does not take it',
      );
}

/** `autoSampler` of these options, whose code is loaded when it is first asked. Throws at once as `autoSampler` does. */
function loadedSampler(options: AutoSamplerOptions): Sampler {
  checkTransfer(options);
  const { acquisition } = options;
  if (acquisition && typeof acquisition.prepare !== 'function')
    throw new InvalidArgumentError('acquisition', acquisition, 'an object with the function prepare');
  const loaded = loadedOnce(async () => (await import('./default-sampler.ts')).autoSampler(options));
  return {
    name: 'auto',
    options: autoSamplerOptions(options),
    supports: everyFeature,
    sample: async (request) => (await loaded()).sample(request),
  };
}

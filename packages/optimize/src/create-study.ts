import { InvalidArgumentError, type Params, type Sampler } from '@foothold/core';
import {
  type LocalStudy,
  type StudyOptions as OwnStudyOptions,
  createStudy as withSampler,
} from '@foothold/study';
import { type AutoSamplerOptions, autoSampler } from './auto-sampler.ts';
import type { TransferOptions } from './transfer-options.ts';

/** What `createStudy` takes: the sampler may be left out. */
export interface StudyOptions<P extends Params> extends Omit<OwnStudyOptions<P>, 'sampler'>, TransferOptions {
  /** How to propose; `autoSampler()` with the options beside it unless told. */
  readonly sampler?: Sampler | undefined;
  /** Compute backend of the default sampler. */
  readonly linalg?: AutoSamplerOptions['linalg'];
}

/**
 * `createStudy` of `@foothold/study` with the default sampler, which may start from earlier studies: `transfer: [studies]`.
 * Throws as both do, and InvalidArgumentError for earlier studies beside a sampler of one's own.
 */
export function createStudy<P extends Params>(options: StudyOptions<P>): LocalStudy<P> {
  const { sampler, linalg, transfer, method, gated, metaFeatures, ...study } = options;
  if (sampler && transfer)
    throw new InvalidArgumentError(
      'transfer',
      `${transfer.length} sources`,
      'nothing beside a sampler of your own; autoSampler({ transfer }) takes them',
    );
  return withSampler<P>({
    ...study,
    sampler: sampler ?? autoSampler({ linalg, transfer, method, gated, metaFeatures }),
  });
}

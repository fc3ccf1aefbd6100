import type { Acquisition, Column, LinearAlgebra, PriorTask, Sampler, Surrogate } from '@foothold/core';
import type { PreparedSources } from '@foothold/gp-models';
import type { BayesianOptions } from '@foothold/samplers';
import type { SourceOfObjectives } from '../sources-of-objectives.ts';

/** What a method is made of: sources with usable trials, and the plain model and sampler beside it. */
export interface TransferSetting {
  readonly sources: readonly PriorTask[];
  readonly columns: readonly Column[];
  readonly linalg: LinearAlgebra;
  readonly metaFeatures?: readonly number[] | undefined;
  readonly acquisition: Acquisition;
  readonly initialTrials?: number | undefined;
  /** Mixes the method's model with the plain one; refused where a method has no use for it. */
  readonly gated?: boolean | undefined;
  readonly plain: Surrogate;
  /** Takes over where no source has a usable trial. */
  readonly otherwise: Sampler;
  /** Of a study of several objectives that are modelled each. */
  readonly several?:
    | {
        readonly metrics: readonly string[];
        readonly sources: readonly SourceOfObjectives[];
        readonly multiObjective: NonNullable<BayesianOptions['multiObjective']>;
      }
    | undefined;
}

/** The setting with the sources' empirical prior, which warm start and model share. */
export interface PreparedSetting extends TransferSetting {
  readonly prepared: PreparedSources;
  /** The sources of each of several objectives with theirs, by metric; those alone that have a source. */
  readonly objectives?: ReadonlyMap<string, Pick<PreparedSetting, 'sources' | 'prepared'>> | undefined;
}

/** A transfer method: the sampler that it is in this setting. */
export type MethodSampler = (setting: PreparedSetting) => Sampler;

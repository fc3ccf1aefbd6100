/** The sampler of each transfer method: what it is made of. */
import type { Acquisition, Column, LinearAlgebra, PriorTask, Sampler, Surrogate } from '@foothold/core';
import {
  autoTransfer,
  empiricalPrior,
  gated,
  maxCorrelatedTasks,
  multiTask,
  type PreparedSources,
  prepareSources,
  quantileTransfer,
  rankingWeighted,
  stackedResidual,
  twoStage,
  weightedBySimilarity,
} from '@foothold/gp-models';
import { bayesian, warmStart, warmStartRegion } from '@foothold/samplers';
import { alternateWithPlain } from './alternate-with-plain.ts';
import { portfolioPoints } from './transfer-method-names.ts';
import type { TransferMethod } from './transfer-options.ts';

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
}

interface PreparedSetting extends TransferSetting {
  readonly prepared: PreparedSources;
}

type Method = (setting: PreparedSetting) => Sampler;

const methods: Readonly<Record<TransferMethod, Method>> = {
  auto: automatic,
  portfolio,
  'empirical-prior': model(({ prepared }) => empiricalPrior(prepared)),
  residual: model((setting) => stackedResidual(weighted(setting), setting.plain)),
  'ranking-weighted': model((setting) => rankingWeighted(weighted(setting), setting.plain)),
  'two-stage': model((setting) => twoStage(weighted(setting), setting.plain)),
  'multi-task': model((setting) => multiTask(weighted(setting), setting)),
  quantile: model((setting) => quantileTransfer(weighted(setting), setting.plain)),
};

/** The sampler of this method. Its warm start and its model share the sources' empirical prior. */
export function transferSampler(method: TransferMethod, setting: TransferSetting): Sampler {
  const { sources, columns, linalg, metaFeatures } = setting;
  return methods[method]({
    ...setting,
    prepared: prepareSources(sources, { columns, linalg, metaFeatures }),
  });
}

/** Where a study with these sources begins, and the sampler after that. */
function begun({ prepared, otherwise }: PreparedSetting, sampler: Sampler, points: number): Sampler {
  return warmStart(prepared, { sampler, points, fallback: otherwise });
}

function automatic(setting: PreparedSetting): Sampler {
  const { sources, prepared, columns, plain, acquisition, initialTrials = 1 } = setting;
  const informed = bayesian({
    surrogate: autoTransfer(prepared, { plain }),
    metrics: plain,
    acquisition,
    initialTrials,
    // Many sources say enough of where not to look; with few, a corner that none has seen looks promising.
    ...(sources.length <= maxCorrelatedTasks && {
      searchRegion: warmStartRegion(
        sources.map(({ data }) => data),
        columns,
      ),
    }),
  });
  const alone = bayesian({ surrogate: plain, acquisition, initialTrials });
  return begun(setting, alternateWithPlain(informed, alone), 1);
}

function portfolio(setting: PreparedSetting): Sampler {
  const { plain, acquisition, initialTrials = portfolioPoints } = setting;
  return begun(setting, bayesian({ surrogate: plain, acquisition, initialTrials }), portfolioPoints);
}

/** A method that is a surrogate: it begins as `auto` does, with one trial that was good on the sources. */
function model(surrogateOf: (setting: PreparedSetting) => Surrogate): Method {
  return (setting) => {
    const { plain, acquisition, initialTrials = 1 } = setting;
    const informed = surrogateOf(setting);
    const surrogate = setting.gated ? gated(informed, plain) : informed;
    return begun(setting, bayesian({ surrogate, metrics: plain, acquisition, initialTrials }), 1);
  };
}

function weighted({ sources, metaFeatures }: TransferSetting): readonly PriorTask[] {
  return weightedBySimilarity(sources, metaFeatures);
}

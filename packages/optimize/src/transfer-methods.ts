/** Transfer methods by name: what each is made of. */
import {
  type Acquisition,
  type Column,
  InvalidArgumentError,
  type LinearAlgebra,
  type Sampler,
  type Surrogate,
} from '@foothold/core';
import {
  autoTransfer,
  checkMetaFeatures,
  empiricalPrior,
  gated,
  maxCorrelatedTasks,
  multiTask,
  type PreparedSources,
  type PriorTask,
  prepareSources,
  quantileTransfer,
  rankingWeighted,
  stackedResidual,
  twoStage,
  warmStart,
  weightedBySimilarity,
} from '@foothold/gp-models';
import { bayesian, warmStartRegion } from '@foothold/samplers';
import {
  isStudy,
  type TransferMethod,
  type TransferOptions,
  type TransferSource,
} from './transfer-source.ts';

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
  /** Takes over where no source says anything. */
  readonly otherwise: Sampler;
}

interface PreparedSetting extends TransferSetting {
  readonly prepared: PreparedSources;
}

interface Method {
  /** In a few words, for help texts. */
  readonly text: string;
  /** True where `gated` is the user's choice. */
  readonly takesGate: boolean;
  readonly make: (setting: PreparedSetting) => Sampler;
}

/** Points of a portfolio before the plain model: five of them, then a Gaussian process, are hard to beat. */
const portfolioPoints = 5;

const methods: Readonly<Record<TransferMethod, Method>> = {
  auto: { text: 'all of it, weighed by the evidence', takesGate: false, make: automatic },
  portfolio: {
    text: `${portfolioPoints} trials that were good on the sources, then the plain model`,
    takesGate: false,
    make: portfolio,
  },
  'empirical-prior': model("the sources' own mean and covariance as the prior", ({ prepared }) =>
    empiricalPrior(prepared),
  ),
  residual: model("what the sources' mean leaves over", (setting) =>
    stackedResidual(weighed(setting), setting.plain),
  ),
  'ranking-weighted': model('models weighed by how they order the trials (RGPE)', (setting) =>
    rankingWeighted(weighed(setting), setting.plain),
  ),
  'two-stage': model('models weighed by discordant pairs (TST-R)', (setting) =>
    twoStage(weighed(setting), setting.plain),
  ),
  'multi-task': model('one process over all tasks, correlations learned', (setting) =>
    multiTask(weighed(setting), setting),
  ),
  quantile: model('one process over the normal scores of all sources', (setting) =>
    quantileTransfer(weighed(setting), setting.plain),
  ),
};

/** Each method's name with what it does, in a few words. */
export const transferMethods: Readonly<Record<TransferMethod, string>> = Object.fromEntries(
  Object.entries(methods).map(([name, { text }]) => [name, text]),
) as Record<TransferMethod, string>;

/** The sampler of this method. Its warm start and its model share the sources' empirical prior. */
export function transferSampler(method: TransferMethod, setting: TransferSetting): Sampler {
  const { sources, columns, linalg, metaFeatures } = setting;
  return methods[method].make({
    ...setting,
    prepared: prepareSources(sources, { columns, linalg, metaFeatures }),
  });
}

/**
 * Throws InvalidArgumentError for a method that does not exist (with the names of those that do), for `gated` where the
 * method refuses it, for weights outside [0, 1], and for features that are not finite or not equally many.
 */
export function checkTransfer({
  method = 'auto',
  gated: mixed,
  transfer = [],
  metaFeatures,
}: TransferOptions): void {
  if (!Object.hasOwn(methods, method))
    throw new InvalidArgumentError('method', method, `one of ${Object.keys(methods).join(', ')}`);
  if (mixed && !methods[method].takesGate)
    throw new InvalidArgumentError(
      'gated',
      mixed,
      `nothing beside the method ${method}; it goes with ${Object.keys(methods)
        .filter((name) => methods[name as TransferMethod].takesGate)
        .join(', ')}`,
    );
  const given = transfer.map((source, i): Partial<TransferSource> & { readonly name: string } => {
    const name = source.name ?? `source ${i + 1}`;
    return isStudy(source) ? { name } : { ...source, name };
  });
  for (const { name, weight = 1 } of given)
    if (!(weight >= 0 && weight <= 1))
      throw new InvalidArgumentError(`weight of source ${name}`, weight, 'a number from 0 to 1');
  checkMetaFeatures(given, metaFeatures);
}

/** Where a study with these sources begins, and the sampler after that. */
function begun({ prepared, otherwise }: PreparedSetting, sampler: Sampler, points: number): Sampler {
  return warmStart(prepared, { sampler, points, fallback: otherwise });
}

function automatic(setting: PreparedSetting): Sampler {
  const { sources, prepared, columns, plain, acquisition, initialTrials = 1 } = setting;
  const sampler = bayesian({
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
  return begun(setting, sampler, 1);
}

function portfolio(setting: PreparedSetting): Sampler {
  const { plain, acquisition, initialTrials = portfolioPoints } = setting;
  return begun(setting, bayesian({ surrogate: plain, acquisition, initialTrials }), portfolioPoints);
}

/** A method that is a surrogate: it begins as `auto` does, with one trial that was good on the sources. */
function model(text: string, surrogateOf: (setting: PreparedSetting) => Surrogate): Method {
  return {
    text,
    takesGate: true,
    make(setting) {
      const { plain, acquisition, initialTrials = 1 } = setting;
      const informed = surrogateOf(setting);
      const surrogate = setting.gated ? gated(informed, plain) : informed;
      return begun(setting, bayesian({ surrogate, metrics: plain, acquisition, initialTrials }), 1);
    },
  };
}

function weighed({ sources, metaFeatures }: TransferSetting): readonly PriorTask[] {
  return weightedBySimilarity(sources, metaFeatures);
}

/**
 * The one method: an average over hypotheses about the new task, from "an affine image of what the sources showed" to
 * "the sources say nothing", weighed by their evidence.
 */
import type { Column, Dataset, FitContext, LinearAlgebra, Posterior, Surrogate, Why } from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { type Hypothesis, type MixtureModel, mixturePosterior } from './mixture-posterior.ts';
import { type PriorOfSources, priorOfSources, scaled, scaleFor } from './prior-of-sources.ts';
import type { TransferSource } from './transfer-source.ts';
import { shareOrigin, throughScale } from './value-scale.ts';

export interface AutoTransferOptions {
  /** The model without sources: takes turns once there is data to learn from, and stands alone where no source is usable. */
  readonly plain: Surrogate;
  readonly columns?: readonly Column[] | undefined;
  readonly linalg?: LinearAlgebra | undefined;
  readonly metaFeatures?: readonly number[] | undefined;
  readonly tuning?: Partial<Tuning> | undefined;
}

/** Numbers of the method, the same for every problem. */
export interface Tuning {
  /** Shares of the covariance that the sources' differences take. */
  readonly shares: readonly number[];
  /** Lengthscales of the rest, as multiples of the sources' own. */
  readonly stretches: readonly number[];
  /** Prior weight of the hypotheses without sources. */
  readonly doubt: number;
  readonly noise: number;
  readonly trust: number;
  /** From so many rows on, every `turn`-th fit is the plain model's. */
  readonly turnFrom: number;
  readonly turn: number;
}

const tuned: Tuning = {
  shares: [0, 0.5, 0.8, 0.95],
  stretches: [0.5, 1, 2],
  doubt: 0.1,
  noise: 1e-3,
  trust: 0.5,
  turnFrom: 12,
  turn: 3,
};

export function autoTransfer(sources: readonly TransferSource[], options: AutoTransferOptions): Surrogate {
  const { plain, columns, metaFeatures, linalg = cpu } = options;
  const tuning = { ...tuned, ...options.tuning };
  let prepared: Promise<PriorOfSources | undefined> | undefined;
  return {
    async fit(data, context) {
      prepared ??= priorOfSources(sources, { columns, linalg, metaFeatures });
      const prior = await prepared;
      const n = data.y.length;
      if (!prior || (n >= tuning.turnFrom && n % tuning.turn === 0)) return plainTurn(plain, data, context);
      return fitMixture(prior, data, { tuning, linalg });
    },
  };
}

async function plainTurn(plain: Surrogate, data: Dataset, context: FitContext): Promise<Posterior> {
  const posterior = await plain.fit(data, context);
  return { ...posterior, why: { ...posterior.why, transfer: { turn: 'plain' } } };
}

async function fitMixture(
  prior: PriorOfSources,
  data: Dataset,
  { tuning, linalg }: { readonly tuning: Tuning; readonly linalg: LinearAlgebra },
): Promise<Posterior> {
  // Shares only while the new study's values are shares too.
  const same = prior.origin !== undefined && shareOrigin([data]) === prior.origin;
  const scale = scaleFor(same ? prior.origin : undefined, data.y);
  const model = modelOf(prior, { tuning, linalg, sameUnits: same });
  const inner = await mixturePosterior(model, scaled(data, scale), (weights) => whyOf(prior, weights));
  return throughScale(inner, { scale, data, why: inner.why ?? {} });
}

function modelOf(
  { basis, shared }: PriorOfSources,
  {
    tuning,
    linalg,
    sameUnits,
  }: { readonly tuning: Tuning; readonly linalg: LinearAlgebra; readonly sameUnits: boolean },
): MixtureModel {
  const v = basis.variance + 1e-6 * basis.meanSquare + 1e-12;
  const total = v + basis.meanSquare;
  const { shares, stretches, doubt, noise, trust } = tuning;
  const kernels = stretches.map((stretch) =>
    shared.kernel.withTheta(shared.kernel.theta.map((u, k) => (k === 0 ? u : u + Math.log(stretch)))),
  );
  const informed = shares.flatMap((share) =>
    stretches.map(
      (stretch, kernel): Hypothesis => ({
        name: `sources ${share}, smooth ${stretch}`,
        mean: 1,
        lowRank: share,
        residual: (1 - share) * v,
        kernel,
        noise: noise * v,
        logPrior: Math.log((1 - doubt) / (shares.length * stretches.length)),
      }),
    ),
  );
  const doubting = stretches.map(
    (stretch, kernel): Hypothesis => ({
      name: `no sources, smooth ${stretch}`,
      mean: 0,
      lowRank: 0,
      residual: total,
      kernel,
      noise: noise * total,
      logPrior: Math.log(doubt / stretches.length),
    }),
  );
  const steps = sameUnits ? [-1, 0, 1] : [-3, -2, -1, 0, 1, 2, 3];
  const unit = sameUnits ? 1 : 1 / Math.sqrt(total);
  return {
    basis,
    kernels,
    hypotheses: [...informed, ...doubting],
    scales: steps.map((k) => ({ value: unit * 2 ** k, logPrior: -0.5 * (k * Math.LN2) ** 2 })),
    offset: sameUnits
      ? { mean: basis.offset.mean, variance: 4 * basis.offset.variance + v }
      : { mean: 0, variance: 4 * total },
    trust,
    linalg,
  };
}

function whyOf(prior: PriorOfSources, weights: ReadonlyMap<Hypothesis, number>): Why {
  let gate = 0;
  const hypotheses: Record<string, number> = {};
  for (const [h, w] of weights) {
    hypotheses[h.name] = w;
    if (h.mean === 1) gate += w;
  }
  return { transfer: { turn: 'sources', sources: prior.names.length, gate, hypotheses } };
}

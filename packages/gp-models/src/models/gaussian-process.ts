import {
  type Column,
  type Dataset,
  InvalidArgumentError,
  type Kernel,
  type LinearAlgebra,
  type Posterior,
  type Surrogate,
} from '@foothold/core';
import type { FitProblem } from '../inference/log-posterior.ts';
import { matern52 } from '../kernels/matern52.ts';
import { type LogNormal, noisePrior } from '../kernels/priors.ts';
import { untransformPosterior } from '../warps/outcome-transform.ts';
import { outputTransform, warpReferenceOf } from '../warps/output-warp.ts';
import { explanationOf } from './fit-explanation.ts';
import { fitStateIn, stateOf } from './fit-state.ts';
import type { Fitted } from './fitted.ts';
import { gaussianPosterior } from './gaussian-posterior.ts';
import { gaussianProcessDefaults } from './gaussian-process-defaults.ts';
import { keptFit } from './kept-fit.ts';
import { boundsOfFit, factoredAt, newFit } from './new-fit.ts';

export interface GaussianProcessOptions {
  /** Columns of the space. The default kernel is Matérn-5/2 over them. */
  readonly columns?: readonly Column[] | undefined;
  readonly kernel?: Kernel | undefined;
  /** Backend; plain float64 JavaScript without it. */
  readonly linalg?: LinearAlgebra | undefined;
  /** 'auto' warps the outputs as far as the evidence asks; 'none' only standardizes them. Default: 'auto'. */
  readonly outputWarping?: 'auto' | 'none' | undefined;
  /** Warps ordered columns (needs `columns`); 'auto' from 15 rows on. Default: false. */
  readonly inputWarping?: boolean | 'auto' | undefined;
  /** Longest history that is used whole; of a longer one the best values, a part of the others and the latest. Default: 1,200. */
  readonly rows?: number | undefined;
  /**
   * 'mode' takes the hyperparameters of the largest posterior density; `{ samples }`, 2 to 64, averages over as many draws of them while there
   * are at most 100 rows. Default: 'mode'.
   */
  readonly hyperparameters?: 'mode' | { readonly samples: number } | undefined;
  readonly noisePrior?: LogNormal | undefined;
  readonly warpPrior?: LogNormal | undefined;
}

/**
 * Gaussian-process regression: outputs standardized and warped by evidence, constant mean, unknown noise beside the
 * known one, hyperparameters at their posterior's mode, or averaged over.
 *
 * A fit starts from the hyperparameters in `context.previousState`, or of `context.previous`. It keeps them and appends rows,
 * O(n²), while the number of rows changes by less than a fifth and the new rows do not surprise. Data of any kind gives a
 * posterior: where the model cannot be factored, `why` has its simplification. Throws InvalidArgumentError for its options only.
 */
export function gaussianProcess(options: GaussianProcessOptions): Surrogate {
  const kernel = options.kernel ?? (options.columns && matern52(options.columns));
  if (!kernel) throw new InvalidArgumentError('options', options, 'an object with a kernel or columns');
  const samples = samplesOf(options);
  const cache = new WeakMap<Posterior, Fitted>();
  // A state alone may be that of the last fit, made for another sampler on the same model.
  let latest: { readonly text: string; readonly fitted: Fitted } | undefined;
  return {
    async fit(data, context) {
      const problem = await problemOf(kernel, options, data);
      const { previous } = context;
      const given = fitStateIn(context.previousState ?? previous?.state, {
        theta: kernel.theta.length,
        input: 2 * problem.inputWarping.columns.length,
      });
      const known =
        (previous && cache.get(previous)) ??
        (given && latest?.text === JSON.stringify(stateOf(given)) ? latest.fitted : undefined);
      const { fitted, state } =
        (given && (await keptFit(problem, given, known))) ??
        (await newFit(problem, {
          previous: given,
          warpsOutputs: (options.outputWarping ?? 'auto') === 'auto',
          rng: context.rng.fork('fit'),
          signal: context.signal,
        }));
      const { x, y, noise } = problem;
      const isAveraged = samples > 0 && x.rows > 0 && x.rows <= maxAveragedRows && state.fallback === 'none';
      const { averagedLatent } = isAveraged ? await import('./averaged-latent.ts') : {};
      const sampled = await averagedLatent?.(state, {
        samples,
        factoredAt: (at) => factoredAt(problem, at),
        bounds: boundsOfFit(problem),
        posteriorOf: gaussianPosterior,
        rng: context.rng.fork('hyperparameters'),
        signal: context.signal,
      });
      const latent = sampled ? { ...sampled.posterior, fitted } : gaussianPosterior(fitted);
      const averaged = sampled ? { samples: sampled.samples } : 'mode';
      const posterior = untransformPosterior(latent, {
        transform: outputTransform(state.warp),
        data: { x, y, ...(noise && { noise }) },
        why: explanationOf(fitted, state, {
          columns: options.columns,
          hyperparameters: samples > 0 ? averaged : undefined,
        }),
        state: stateOf(state),
      });
      cache.set(posterior, fitted);
      latest = { text: JSON.stringify(posterior.state), fitted };
      return posterior;
    },
  };
}

/** Rows up to which hyperparameters are averaged over: more of them leave little to average over, and a chain takes time with their cube. */
const maxAveragedRows = 100;

/** Draws of the hyperparameters, 0 for their mode. Throws InvalidArgumentError. */
function samplesOf({ hyperparameters = 'mode' }: GaussianProcessOptions): number {
  if (hyperparameters === 'mode') return 0;
  const { samples } = hyperparameters;
  if (!(Number.isInteger(samples) && samples >= 2 && samples <= 64))
    throw new InvalidArgumentError('hyperparameters', hyperparameters, "'mode' or { samples } from 2 to 64");
  return samples;
}

/** Values beyond this, infinite and absent ones count as this: a model is better than an exception. */
const maxValue = 1e300;

/** What is fitted. The code of what few models need is loaded with the first that needs it. */
async function problemOf(kernel: Kernel, options: GaussianProcessOptions, all: Dataset): Promise<FitProblem> {
  const { maxRows, inputWarpingFrom } = gaussianProcessDefaults;
  const { rows = maxRows } = options;
  const data =
    all.y.length > rows ? (await import('./recent-and-best-rows.ts')).recentAndBestRows(all, rows) : all;
  const y = data.y.map((v) => (Number.isNaN(v) ? -maxValue : Math.min(Math.max(v, -maxValue), maxValue)));
  const { inputWarping = false } = options;
  const warps = inputWarping === 'auto' ? data.x.rows >= inputWarpingFrom : inputWarping;
  return {
    kernel,
    linalg: options.linalg ?? (await import('../inference/plain-backend.ts')).cpu,
    x: data.x,
    y,
    noise: data.noise?.map((v) => (v >= 0 ? Math.min(v, maxValue) : 0)),
    reference: warpReferenceOf(y),
    inputWarping: warps
      ? (await import('../warps/input-warp.ts')).inputWarpingOf(options.columns ?? [])
      : { columns: [] },
    priors: {
      noise: options.noisePrior ?? noisePrior,
      mean: { location: 0, standardDeviation: 1 },
      warpParameter: options.warpPrior ?? { location: 0, standardDeviation: 1 },
    },
  };
}

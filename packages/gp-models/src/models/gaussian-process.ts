import {
  type Column,
  type Dataset,
  InvalidArgumentError,
  type Kernel,
  type LinearAlgebra,
  type Matrix,
  matrix,
  NotPositiveDefiniteError,
  type Posterior,
  type Surrogate,
} from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { arithmeticOf } from '../inference/arithmetic.ts';
import { rowsOf } from '../inference/dense.ts';
import { type FitProblem, hyperparametersOf, logPosteriorValue } from '../inference/log-posterior.ts';
import { maximumAPosteriori } from '../inference/maximum-a-posteriori.ts';
import { matern52 } from '../kernels/matern52.ts';
import { type LogNormal, noisePrior } from '../kernels/priors.ts';
import { inputWarpingOf, warpedInputs } from '../warps/input-warp.ts';
import { transform, warpedValues, warpReferenceOf } from '../warps/output-warp.ts';
import { scaledNoise, warpedPosterior } from '../warps/warped-posterior.ts';
import { type FitState, fitStateIn, stateOf } from './fit-state.ts';
import { conditionRowByRow, emptyFit, type Fitted, gaussianPosterior } from './gaussian-posterior.ts';
import { recentAndBestRows } from './recent-and-best-rows.ts';

export interface GaussianProcessOptions {
  /** Columns of the space: the kernel is Matérn-5/2 over them unless `kernel` says otherwise. */
  readonly columns?: readonly Column[] | undefined;
  readonly kernel?: Kernel | undefined;
  /** Backend; plain float64 JavaScript without it. */
  readonly linalg?: LinearAlgebra | undefined;
  /** 'auto' bends the outputs as far as the evidence asks; 'none' only standardizes them. */
  readonly outputWarping?: 'auto' | 'none' | undefined;
  /** Warps ordered columns (needs `columns`); 'auto' from 15 rows on. */
  readonly inputWarping?: boolean | 'auto' | undefined;
  /** Longest history that is used whole, 1,200; of a longer one the best values, a part of the others and the latest. */
  readonly rows?: number | undefined;
  readonly noisePrior?: LogNormal | undefined;
  readonly warpPrior?: LogNormal | undefined;
}

const minNoise = 1e-6;
const jitters = [0, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3];

/**
 * Gaussian-process regression: outputs standardized and warped by evidence, constant mean, unknown noise beside the
 * known one, hyperparameters at their posterior's mode.
 *
 * A fit starts from the hyperparameters that `context.previous` records; it keeps them and appends rows, O(n²), while
 * the data has grown, or a region's part of it shrunk, by less than a fifth and does not surprise. Data of any kind gives a posterior: where the model
 * cannot be factored its simplification is recorded in `why`. Throws InvalidArgumentError for its options only.
 */
export function gaussianProcess(options: GaussianProcessOptions): Surrogate {
  const kernel = options.kernel ?? (options.columns && matern52(options.columns));
  if (!kernel) throw new InvalidArgumentError('options', options, 'an object with a kernel or columns');
  const settings: Settings = {
    kernel,
    linalg: options.linalg ?? cpu,
    columns: options.columns ?? [],
    warpsOutputs: (options.outputWarping ?? 'auto') === 'auto',
    inputWarping: options.inputWarping ?? false,
    rows: options.rows ?? 1200,
    noise: options.noisePrior ?? noisePrior,
    warp: options.warpPrior ?? { location: 0, standardDeviation: 1 },
  };
  const cache: Cache = new WeakMap();
  // A record alone may be that of the last fit, made for another sampler on the same model.
  let latest: { readonly text: string; readonly fitted: Fitted } | undefined;
  return {
    async fit(data, context) {
      const model = problemOf(settings, data);
      const record = fitStateIn(context.previousState ?? context.previous?.state, {
        theta: kernel.theta.length,
        input: 2 * model.inputWarping.columns.length,
      });
      const known =
        (context.previous && cache.get(context.previous)) ??
        (record && latest?.text === JSON.stringify(stateOf(record)) ? latest.fitted : undefined);
      const kept = record && (await refactored(model, record, known));
      const { fitted, record: used } =
        kept ??
        (await refit(settings, model, { record, rng: context.rng.fork('fit'), signal: context.signal }));
      const posterior = warpedPosterior(gaussianPosterior(fitted), {
        warp: used.warp,
        data: { x: model.x, y: model.y, noise: model.noise },
        why: stateOf(used),
        state: stateOf(used),
      });
      cache.set(posterior, fitted);
      latest = { text: JSON.stringify(stateOf(used)), fitted };
      return posterior;
    },
  };
}

interface Settings {
  readonly kernel: Kernel;
  readonly linalg: LinearAlgebra;
  readonly columns: readonly Column[];
  readonly warpsOutputs: boolean;
  readonly rows: number;
  readonly inputWarping: boolean | 'auto';
  readonly noise: LogNormal;
  readonly warp: LogNormal;
}
type Cache = WeakMap<Posterior, Fitted>;
interface Fit {
  readonly fitted: Fitted;
  readonly record: FitState;
}

function problemOf(settings: Settings, all: Dataset): FitProblem {
  const data = recentAndBestRows(all, settings.rows);
  const n = data.x.rows;
  // Infinite or absent values count as the largest finite ones: a model is better than an exception.
  const limit = 1e300;
  const y = data.y.map((v) => (Number.isNaN(v) ? -limit : Math.min(Math.max(v, -limit), limit)));
  const warps = settings.inputWarping === 'auto' ? n >= 15 : settings.inputWarping;
  return {
    kernel: settings.kernel,
    linalg: settings.linalg,
    x: data.x,
    y,
    noise: data.noise?.map((v) => (v >= 0 ? Math.min(v, limit) : 0)),
    reference: warpReferenceOf(y),
    inputWarping: warps ? inputWarpingOf(settings.columns) : { columns: [] },
    priors: {
      noise: settings.noise,
      mean: { location: 0, standardDeviation: 1 },
      warpParameter: settings.warp,
    },
  };
}

/** The posterior of recorded hyperparameters, or undefined when the data asks for new ones. */
async function refactored(
  model: FitProblem,
  record: FitState,
  cached: Fitted | undefined,
): Promise<Fit | undefined> {
  const n = model.x.rows;
  if (n < 30 || n > 1.2 * record.rows || 1.2 * n < record.rows) return undefined;
  const used = { ...record, fitted: Math.min(record.fitted, n) };
  try {
    const fitted = await assembledFit(model, used, cached);
    return n - used.fitted >= Math.sqrt(n) / 4 && isSurprised(fitted, used.fitted)
      ? undefined
      : { fitted, record: used };
  } catch (error) {
    if (error instanceof NotPositiveDefiniteError) return undefined;
    throw error;
  }
}

/** True when the rows after the fit lie further off than the model says: whitened residuals are N(0, 1) under it. */
function isSurprised({ fit, z, mean }: Fitted, from: number): boolean {
  const n = z.length;
  let total = 0;
  const residual = z.map((u) => u - mean);
  for (let i = 0; i < n; i++) {
    let sum = residual[i]!;
    for (let k = 0; k < i; k++) sum -= fit.factor.data[i * n + k]! * residual[k]!;
    residual[i] = sum / fit.factor.data[i * n + i]!;
    if (i < from) continue;
    const square = residual[i]! ** 2;
    if (square > 16) return true;
    total += square;
  }
  return total > 3 * (n - from) + 2;
}

async function refit(
  settings: Settings,
  model: FitProblem,
  context: {
    readonly record: FitState | undefined;
    readonly rng: Parameters<Surrogate['fit']>[1]['rng'];
    readonly signal: AbortSignal | undefined;
  },
): Promise<Fit> {
  const n = model.x.rows;
  const p = settings.kernel.theta.length;
  const floor = Math.max(minNoise, 10 * n * settings.linalg.epsilon);
  const size = p + 3 + 2 * model.inputWarping.columns.length;
  const mode = new Float64Array(size);
  mode.set(settings.kernel.theta);
  mode[p] = Math.max(settings.noise.location, Math.log(floor));
  const { record } = context;
  const start =
    record &&
    Float64Array.of(...record.theta, record.logNoise, record.mean, record.warpParameter, ...record.input);
  const spreads = model.reference.top > model.reference.bottom;
  const peak = spreads
    ? await maximumAPosteriori(model, {
        start,
        logNoiseFloor: Math.log(floor),
        warpsOutputs: settings.warpsOutputs && n >= 4,
        noiseKnown: model.noise?.every((v) => v > 0) ?? false,
        rng: context.rng,
        signal: context.signal,
      })
    : undefined;
  const attempts = [
    ...(peak?.next ? [{ v: peak.next, fallback: 'none' as const, least: peak.value }] : []),
    ...(peak ? [{ v: peak.point, fallback: 'none' as const }] : []),
    { v: mode, fallback: 'prior' as const },
  ];
  for (const { v, fallback, least } of attempts) {
    const parts = hyperparametersOf(v, p);
    const { warp } = warpedValues(model.y, model.reference, parts.warpParameter);
    for (const jitter of least === undefined ? jitters : [0]) {
      const attempt: FitState = {
        ...parts,
        fitted: n,
        rows: n,
        warp,
        jitter,
        evidence: peak && n > 0 ? peak.value / n : 0,
        floored: parts.logNoise <= Math.log(floor) + 1e-9,
        fallback: spreads || n === 0 ? fallback : 'none',
      };
      try {
        const fitted = await assembledFit(model, attempt, undefined);
        if (least === undefined) return { record: attempt, fitted };
        const value = logPosteriorValue(model, v, fitted.fit);
        if (value >= least) return { record: { ...attempt, evidence: value / n }, fitted };
      } catch (error) {
        if (!(error instanceof NotPositiveDefiniteError)) throw error;
      }
    }
  }
  return constantFit(model, {
    ...hyperparametersOf(mode, p),
    fitted: n,
    rows: n,
    warp: warpedValues(model.y, model.reference, 0).warp,
  });
}

/** Factor of the rows at the fit, then rows appended: the same steps, and bits, with and without a cached factor. */
async function assembledFit(
  model: FitProblem,
  record: FitState,
  cached: Fitted | undefined,
): Promise<Fitted> {
  const n = model.x.rows;
  const z = transform(model.y, record.warp);
  const noise = scaledNoise(model, record.warp) ?? new Float64Array(n);
  const tail = (from: number): Dataset => ({
    x: rowsOf(model.x, range(from, n)),
    y: z.slice(from),
    noise: noise.slice(from),
  });
  if (cached && cached.z.length >= record.fitted && isPrefix(cached, model.x, z))
    return conditionRowByRow(cached, tail(cached.z.length));
  const kernel = model.kernel.withTheta(record.theta);
  const level =
    Math.exp(record.logNoise) + record.jitter * (kernel.variance(matrix(1, model.x.columns))[0] ?? 1);
  const x = rowsOf(model.x, range(0, record.fitted));
  const variances = noise.slice(0, record.fitted).map((v) => Math.min(v, 1e6) + level);
  const head = z.slice(0, record.fitted);
  const inside = warpedInputs(model.inputWarping, x, record.input);
  const centred = head.map((u) => u - record.mean);
  const fit =
    record.fitted === 0
      ? emptyFit(x.columns)
      : await arithmeticOf(model.linalg, kernel).factor(kernel, { x: inside, y: centred, noise: variances });
  const base: Fitted = {
    kernel,
    linalg: model.linalg,
    inputWarping: model.inputWarping,
    input: record.input,
    mean: record.mean,
    noise: level,
    x,
    z: head,
    variances,
    fit,
  };
  return conditionRowByRow(base, tail(record.fitted));
}

/** When nothing can be factored: independent points of the prior's variance. */
async function constantFit(
  model: FitProblem,
  parts: Pick<FitState, keyof ReturnType<typeof hyperparametersOf> | 'fitted' | 'rows' | 'warp'>,
): Promise<Fit> {
  const record: FitState = {
    ...parts,
    fitted: 0,
    jitter: 0,
    evidence: 0,
    floored: false,
    fallback: 'constant',
  };
  const empty = { ...model, x: matrix(0, model.x.columns), y: new Float64Array(0), noise: undefined };
  return { record, fitted: await assembledFit(empty, record, undefined) };
}

function isPrefix(cached: Fitted, x: Matrix, z: Float64Array): boolean {
  if (cached.z.length > z.length) return false;
  for (let i = 0; i < cached.z.length; i++) if (cached.z[i] !== z[i]) return false;
  for (let i = 0; i < cached.x.data.length; i++) if (cached.x.data[i] !== x.data[i]) return false;
  return true;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

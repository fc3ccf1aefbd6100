/** A mixture of hypotheses at new points: moments, single normals, and their pullbacks; the notation is that of mixture-posterior.ts. */
import { type Marginals, type Matrix, type MixtureMarginals, matrix } from '@foothold/core';
import { addInPlace } from '../../inference/dense.ts';
import type { FeatureBasis } from '../sources/feature-basis.ts';
import { backpropFeatures, cachedFeatures, type Features } from './cached-features.ts';
import {
  addLowRank,
  backpropComponent,
  type ComponentPrediction,
  covariancesBetween,
  type PredictionDerivatives,
  predictComponent,
} from './component-prediction.ts';
import type { MixtureState } from './mixture-model.ts';

export async function marginalsAt(state: MixtureState, x: Matrix): Promise<Marginals> {
  const { model, data, observed, components: parts } = state;
  const m = x.rows;
  const features = cachedFeatures(x);
  const covariances = covariancesBetween(
    model,
    { points: data.x, features: observed },
    { points: x, features },
  );
  const mean = new Float64Array(m);
  const second = new Float64Array(m);
  const predictions: ComponentPrediction[] = [];
  for (const part of parts) {
    const prediction = await predictComponent(state, part, {
      x,
      features: features(part.hypothesis.basis),
      covariances,
    });
    predictions.push(prediction);
    const { w0, w1, w2 } = prediction;
    for (let i = 0; i < m; i++) {
      const p0 = prediction.p0[i]!;
      const p1 = prediction.p1[i]!;
      mean[i] = mean[i]! + w0 * p0 + w1 * p1;
      second[i] = second[i]! + w2 * (prediction.s[i]! + p1 * p1) + w0 * p0 * p0 + 2 * w1 * p0 * p1;
    }
  }
  const at = { x, features, predictions };
  return {
    mean: mean.map((v) => v + model.offset.mean),
    variance: second.map((v, i) => Math.max(v - mean[i]! ** 2, 1e-12 * Math.max(v, 1e-300))),
    ...(model.hasComponents && { components: () => componentsAt(state, at) }),
    gradient: (dMean, dVariance) =>
      pulledBack(state, at, (prediction) => momentDerivatives(prediction, { mean, dMean, dVariance })),
  };
}

interface Predictions {
  readonly x: Matrix;
  readonly features: Features;
  readonly predictions: readonly ComponentPrediction[];
}

/** One normal for each hypothesis and scale. */
function componentsAt(state: MixtureState, at: Predictions): MixtureMarginals {
  const { scales, offset } = state.model;
  const { predictions } = at;
  const m = at.x.rows;
  const mean = matrix(predictions.length * scales.length, m);
  const variance = matrix(mean.rows, m);
  predictions.forEach(({ p0, p1, s }, h) => {
    scales.forEach(({ value: a }, k) => {
      const row = (h * scales.length + k) * m;
      for (let i = 0; i < m; i++) {
        mean.data[row + i] = offset.mean + p0[i]! + a * p1[i]!;
        variance.data[row + i] = a * a * s[i]!;
      }
    });
  });
  return {
    weights: Float64Array.from(predictions.flatMap(({ part }) => [...part.weights])),
    mean,
    variance,
    gradient: (dMean, dVariance) =>
      pulledBack(state, at, (_, h) => {
        const [d0, d1, ds] = [new Float64Array(m), new Float64Array(m), new Float64Array(m)];
        scales.forEach(({ value: a }, k) => {
          const row = (h * scales.length + k) * m;
          for (let i = 0; i < m; i++) {
            d0[i]! += dMean.data[row + i]!;
            d1[i]! += a * dMean.data[row + i]!;
            ds[i]! += a * a * dVariance.data[row + i]!;
          }
        });
        return { d0, d1, ds };
      }),
  };
}

/** `mean` is that of the mixture without the offset. */
function momentDerivatives(
  { p0, p1, w0, w1, w2 }: ComponentPrediction,
  at: { readonly mean: Float64Array; readonly dMean: Float64Array; readonly dVariance: Float64Array },
): PredictionDerivatives {
  const { mean, dMean, dVariance } = at;
  // variance = second − mean², so that second carries dVariance and the mean also −2·mean·dVariance.
  const first = dMean.map((d, i) => d - 2 * mean[i]! * dVariance[i]!);
  return {
    d0: first.map((d, i) => d * w0 + 2 * dVariance[i]! * (w0 * p0[i]! + w1 * p1[i]!)),
    d1: first.map((d, i) => d * w1 + 2 * dVariance[i]! * (w1 * p0[i]! + w2 * p1[i]!)),
    ds: dVariance.map((d) => d * w2),
  };
}

/** ∂/∂xᵢ of a sum, given its derivatives in the predictions of each hypothesis; m×d. */
async function pulledBack(
  state: MixtureState,
  { x, features, predictions }: Predictions,
  derivativesOf: (prediction: ComponentPrediction, index: number) => PredictionDerivatives,
): Promise<Matrix> {
  const { data, observed } = state;
  const onFeatures = new Map<FeatureBasis, Matrix>();
  const result = matrix(x.rows, x.columns);
  for (const [k, prediction] of predictions.entries()) {
    const { hypothesis } = prediction.part;
    const { basis } = hypothesis;
    const pulled = await backpropComponent(state, prediction, derivativesOf(prediction, k));
    const target = onFeatures.get(basis) ?? matrix(x.rows, features(basis).columns);
    onFeatures.set(basis, target);
    addLowRank(target, hypothesis, { features: features(basis), observed: observed(basis), ...pulled });
    const weight = matrix(
      x.rows,
      data.x.rows,
      pulled.dk.data.map((v) => v * hypothesis.residual),
    );
    addInPlace(result, hypothesis.kernel.inputGradient(x, data.x, weight));
  }
  addInPlace(result, backpropFeatures(x, onFeatures));
  return result;
}

/** Moments of a mixture of hypotheses at new points, and their pullback; the notation is that of mixture-posterior.ts. */
import { type Marginals, type Matrix, matrix } from '@foothold/core';
import { addInPlace } from '../../inference/dense.ts';
import type { FeatureBasis } from '../sources/feature-basis.ts';
import { backpropFeatures, cachedFeatures } from './cached-features.ts';
import {
  addLowRank,
  backpropComponent,
  type ComponentPrediction,
  covariancesBetween,
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
  return {
    mean: mean.map((v) => v + model.offset.mean),
    variance: second.map((v, i) => Math.max(v - mean[i]! ** 2, 1e-12 * Math.max(v, 1e-300))),
    gradient: async (dMean, dVariance) => {
      const onFeatures = new Map<FeatureBasis, Matrix>();
      const result = matrix(m, x.columns);
      for (const prediction of predictions) {
        const { hypothesis } = prediction.part;
        const { basis } = hypothesis;
        const pulled = await backpropComponent(state, prediction, { x, mean, dMean, dVariance });
        const target = onFeatures.get(basis) ?? matrix(m, features(basis).columns);
        onFeatures.set(basis, target);
        addLowRank(target, hypothesis, { features: features(basis), observed: observed(basis), ...pulled });
        const weight = matrix(
          m,
          data.x.rows,
          pulled.dk.data.map((v) => v * hypothesis.residual),
        );
        addInPlace(result, hypothesis.kernel.inputGradient(x, data.x, weight));
      }
      addInPlace(result, backpropFeatures(x, onFeatures));
      return result;
    },
  };
}

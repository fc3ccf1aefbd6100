import {
  type Column,
  type Dataset,
  type LinearAlgebra,
  levelOf,
  type Matrix,
  type Posterior,
  type Surrogate,
  selectRows,
  type Why,
} from '@foothold/core';
import { matern52 } from '../kernels/matern52.ts';
import { fittedKernelOf } from '../models/gaussian-posterior.ts';
import { gaussianProcess } from '../models/gaussian-process.ts';
import { autoregressive, fidelityCovariance } from './autoregressive.ts';
import { fidelityUnits, inFidelityUnits, toCommonUnits } from './fidelity-units.ts';
import { independentPosteriors } from './independent-posteriors.ts';
import { observedRows } from './observed-rows.ts';
import { predictsBetter } from './predicts-better.ts';

export interface MultiFidelityOptions {
  /** With an ordinal column whose levels are the fidelities, the cheapest first. */
  readonly columns: readonly Column[];
  /** Index of that column. */
  readonly fidelityColumn: number;
  readonly linalg?: LinearAlgebra | undefined;
}

/** Rows of the target fidelity from which on a model of these rows alone is compared with the joint one. */
const minTargetRows = 5;
/**
 * A Gaussian process over points and fidelities: each fidelity is a multiple of the next cheaper one plus a difference of its
 * own (`autoregressive`), so that cheap rows inform the expensive fidelities as far as the data agrees.
 *
 * One fit takes the rows of all fidelities, with one output warp. A fidelity whose values are clearly in other units (a range
 * 8 times larger or smaller, or an offset of more than the common range) is brought to the others first. From five rows of
 * the target fidelity on, a process of these alone predicts it where its leave-one-out predictive density is larger, so that
 * misleading cheap fidelities do no lasting harm; the test is asked without the penalties (`Dataset.isPenalty`), which the prediction has. `why.fidelities` has each fidelity's correlation with the target, and
 * `usesCheaper: false` in that case. Throws InvalidArgumentError where `fidelityColumn` is no ordinal column beside others.
 */
export function multiFidelity({ columns, fidelityColumn, linalg }: MultiFidelityOptions): Surrogate {
  const kernel = autoregressive(columns, fidelityColumn);
  const column = columns[fidelityColumn]!;
  const coupled = gaussianProcess({ kernel, linalg });
  const active = columns.flatMap((_, i) => (i === fidelityColumn ? [] : [i]));
  const targetOnly = gaussianProcess({ kernel: matern52(columns, { active }), linalg });
  const steps = (kernel.theta.length - columns.length) / 2;
  const levelsOf = (x: Matrix) =>
    Array.from({ length: x.rows }, (_, i) => levelOf(column, x.data[i * x.columns + fidelityColumn]!));
  const isTarget = (x: Matrix) => levelsOf(x).map((t) => t === steps);
  return {
    async fit(data, context) {
      const levels = levelsOf(data.x);
      const units = fidelityUnits(data, levels, steps + 1);
      const rows = toCommonUnits(data, levels, units);
      const joint = await coupled.fit(rows, context);
      const { state } = joint;
      const why = explanationOf(joint, steps);
      const ofTarget = (of: Dataset) => {
        const at = levelsOf(of.x);
        return Array.from(at.keys()).filter((i) => at[i] === steps);
      };
      const { signal } = context;
      const fitAlone = (of: Dataset, name: string) =>
        targetOnly.fit(selectRows(of, ofTarget(of)), { rng: context.rng.fork(name), signal });
      const observed = observedRows(rows);
      const targetRows = ofTarget(observed);
      if (targetRows.length < minTargetRows) return inFidelityUnits(joint, { units, levelsOf, state, why });
      const isWhole = observed === rows;
      const beside = isWhole
        ? joint
        : await coupled.fit(observed, { rng: context.rng.fork('observed'), signal });
      const alone = await fitAlone(observed, 'alone');
      if (!(await predictsBetter(alone, beside, { rows: observed, targetRows })))
        return inFidelityUnits(joint, { units, levelsOf, state, why });
      const target = isWhole ? alone : await fitAlone(rows, 'alone with penalties');
      const correlations = [...new Array<number>(steps).fill(0), 1];
      const alternative = { ...joint.why, fidelities: { correlations, usesCheaper: false } };
      const independent = independentPosteriors({ others: joint, target, isTarget }, rows, alternative);
      return inFidelityUnits(independent, { units, levelsOf, state, why: alternative });
    },
  };
}

/** The explanation of the fit, with the correlation of each fidelity with the target. */
function explanationOf(posterior: Posterior, steps: number): Why {
  const { why = {} } = posterior;
  const kernel = fittedKernelOf(posterior);
  if (steps === 0 || !kernel) return why;
  const { b } = fidelityCovariance(kernel.theta.slice(-2 * steps));
  const size = steps + 1;
  const target = size * size - 1;
  const correlations = Array.from({ length: size }, (_, t) =>
    t === steps ? 1 : b[t * size + steps]! / Math.sqrt(b[t * size + t]! * b[target]!),
  );
  return { ...why, fidelities: { correlations } };
}

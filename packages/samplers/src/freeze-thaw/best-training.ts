/** The piece of training with the largest gain per unit of the resource. */
import {
  type Acquisition,
  type Dataset,
  type Matrix,
  matrixOf,
  OptimizationError,
  type Params,
  rowOf,
  rowsByValue,
  type SampleRequest,
  type Why,
} from '@foothold/core';
import { fixedColumns } from '@foothold/space';
import { acquisitionSearch } from '../acquisition-optimizer/acquisition-search.ts';
import { rawSamples } from '../acquisition-optimizer/initial-points.ts';
import { finite, inUserUnits } from '../bayesian/explanation.ts';
import { scoreOf } from '../bayesian/score.ts';
import { candidatesAt } from '../multi-fidelity/fidelity-column.ts';
import type { CurveBelief } from './curve-belief.ts';
import { type Arm, type RatedArm, ratedArms } from './training-gain.ts';
import type { TrainingState } from './training-state.ts';

interface Model {
  readonly belief: CurveBelief;
  readonly acquisition: Acquisition;
}

/** The arm and the level to train it to; a random point where no arm is open. */
export async function bestTraining<P extends Params>(
  request: SampleRequest<P>,
  state: TrainingState,
  model: Model,
): Promise<{ readonly params: P; readonly why: Why; readonly isUninformed: boolean }> {
  const { name, column, values, steps, costOf } = state;
  const { fitted, posterior } = model.belief;
  const known = await knownMeans(state, model.belief);
  const fresh = await newConfigurations(request, state, { ...model, known });
  const keepsFixed = keepsGiven(request, column.index);
  const arms: Arm[] = state.configurations.filter((one) => isOpen(state)(one) && keepsFixed(one.point));
  arms.push(...fresh);
  const best = known.ends.reduce((a, b) => Math.max(a, b), -Infinity);
  const rated = await ratedArms(arms, { posterior, steps, placed: column.placed, costOf, best, targets: await targetsOf(known, fresh, posterior) });
  const chosen = chosenArm(rated, state, best);
  if (!chosen) {
    const point = candidatesAt(request, column, column.fixed ?? column.levels - 1).any(request.rng.fork('any'));
    return { params: request.space.decode(point), why: { fallback: 'random point: no configuration is open' }, isUninformed: true };
  }
  const begun = chosen.params ?? request.space.decode(chosen.point);
  const isUninformed = rated.every(({ to, rate }) => to === column.levels - 1 || rate === -Infinity);
  return {
    isUninformed,
    params: { ...begun, [name]: column.valueAt(chosen.to) } as P,
    why: {
      prediction: inUserUnits(request, await fitted.marginals(matrixOf([chosen.point]))),
      training: {
        from: chosen.reached < 0 ? 0 : values[chosen.reached]!,
        to: values[chosen.to]!,
        gainPerUnit: finite(Math.exp(chosen.rate)),
        open: arms.length - fresh.length,
      },
      ...(fitted.why && { model: fitted.why }),
    },
  };
}

const isOpen =
  ({ column }: TrainingState) =>
  ({ reached, running, isStopped }: TrainingState['configurations'][number]) =>
    reached >= 0 && reached < column.levels - 1 && running < 0 && !isStopped;

/** Whether a configuration has the parameters that the request fixes, its fidelity aside. */
function keepsGiven<P extends Params>(
  { space, fixed }: SampleRequest<P>,
  fidelityColumn: number,
): (point: Float64Array) => boolean {
  const given = fixedColumns(space, fixed);
  return (point) => {
    const placed = given.apply(point);
    return point.every((u, j) => j === fidelityColumn || !given.mask[j] || Math.abs(u - placed[j]!) < 1e-9);
  };
}

/** The best rate among what the space and the pace allow; the next step of what is best trained to its end. */
function chosenArm(rated: readonly RatedArm[], state: TrainingState, best: number): RatedArm | undefined {
  const { column, steps, costOf, allowance, exploration } = state;
  const last = column.levels - 1;
  const top = (of: readonly RatedArm[], value: (arm: RatedArm) => number) =>
    of.reduce((a, b) => (value(b) > value(a) ? b : a));
  if (column.fixed !== undefined) {
    const own = rated.filter(({ to }) => to === column.fixed);
    return own.length > 0 ? top(own, ({ rate }) => rate) : undefined;
  }
  if (rated.length === 0) return undefined;
  const ends = rated.filter(({ to }) => to === last);
  const pauses = rated.filter((arm) => arm.to !== last);
  // Where no step says anything of the end, every training goes straight to it.
  if (pauses.every(({ rate }) => rate === -Infinity)) return top(ends, ({ rate }) => rate);
  const nextOf = (arm: RatedArm): RatedArm => {
    const to = steps.find((level) => level > arm.reached)!;
    return costOf(arm.reached, to) <= allowance ? { ...arm, to } : arm;
  };
  const open = pauses.filter((arm) => costOf(arm.reached, arm.to) <= exploration);
  const pause = open.length > 0 ? top(open, ({ rate }) => rate) : undefined;
  const begun = ends.filter(({ reached }) => reached >= 0);
  // With nothing at the target fidelity there is nothing to improve on: what looks best is trained to its end.
  if (best === -Infinity) return pause ?? (begun.length > 0 ? top(begun, ({ mean }) => mean) : top(ends, ({ rate }) => rate));
  // A new configuration is trained step by step: without room for a step, one that was begun goes on.
  const steady = ends.filter((arm) => arm.reached >= 0 || nextOf(arm).to !== last);
  const end = top(steady.length > 0 ? steady : ends, ({ rate }) => rate);
  return pause && pause.rate > end.rate ? pause : nextOf(end);
}

/** Means at the target fidelity of all configurations, and of those that were trained to it. */
async function knownMeans({ column, configurations }: TrainingState, { posterior }: CurveBelief) {
  const x = matrixOf(
    configurations.map(({ point }) => point),
    configurations[0]?.point.length,
  );
  const { mean } = await posterior.marginals(x);
  const isEnd = configurations.map(({ reached }) => reached === column.levels - 1);
  return { x, mean, isEnd, ends: Array.from(mean).filter((_, i) => isEnd[i]) };
}

/** New configurations that are rated beside the one of the largest acquisition. */
const freshCount = 96;
/** Points whose mean may turn out the largest, of begun configurations and of new ones. */
const [begunTargets, freshTargets] = [8, 24];

/** The begun configurations of the largest mean, and the new ones of the largest upper confidence bound. */
async function targetsOf(
  { x, mean }: Awaited<ReturnType<typeof knownMeans>>,
  fresh: readonly Arm[],
  posterior: CurveBelief['posterior'],
): Promise<Matrix> {
  const rows = rowsByValue(mean)
    .slice(0, begunTargets)
    .map((i) => rowOf(x, i));
  if (fresh.length === 0) return matrixOf(rows, x.columns);
  const points = matrixOf(fresh.map(({ point }) => point));
  const belief = await posterior.marginals(points);
  const upper = belief.mean.map((m, i) => m + Math.sqrt(Math.max(belief.variance[i]!, 0)));
  const chosen = rowsByValue(upper).slice(0, freshTargets);
  return matrixOf([...rows, ...chosen.map((i) => fresh[i]!.point)]);
}

/** New configurations: that of the largest acquisition at the target fidelity, and some over the space and near the best. */
async function newConfigurations<P extends Params>(
  request: SampleRequest<P>,
  { column, configurations }: TrainingState,
  { belief: { posterior }, acquisition, known }: Model & { readonly known: Awaited<ReturnType<typeof knownMeans>> },
): Promise<Arm[]> {
  const { columns } = request.space;
  const { repair: repaired, project, draw, fixed } = candidatesAt(request, column, column.levels - 1);
  const repair = (point: Float64Array) => {
    const found = repaired(point);
    return found && !configurations.some((begun) => isCopy(begun.point, found)) ? found : undefined;
  };
  const rows = known.ends.length > 0 ? known.isEnd : known.isEnd.map(() => true);
  const picked = rows.flatMap((is, i) => (is ? [i] : []));
  const data: Dataset = {
    x: matrixOf(picked.map((i) => rowOf(known.x, i)), columns.length),
    y: Float64Array.from(picked, (i) => known.mean[i]!),
  };
  const order = rowsByValue(known.mean);
  const incumbents = matrixOf(order.slice(0, 5).map((i) => rowOf(known.x, i)), columns.length);
  const domain = { columns, repair, project, draw, fixed };
  const rng = request.rng.fork('new');
  const drawn = rawSamples({ columns, incumbents, rng: rng.fork('drawn'), draw }, freshCount);
  const points = Array.from({ length: drawn.rows }, (_, i) => repair(Float64Array.from(rowOf(drawn, i))));
  try {
    const utility = await acquisition.prepare({
      ...{ posterior, data, domain, rng: rng.fork('prepare') },
      pending: matrixOf([], columns.length),
    });
    const score = scoreOf([{ posterior, utility }], columns);
    const optimizer = acquisitionSearch({ candidates: 200, starts: 3, evaluations: 20 });
    points.push(await optimizer.maximize(score, { ...domain, incumbents, rng, signal: request.signal }));
  } catch (error) {
    // No point is left.
    if (!(error instanceof OptimizationError)) throw error;
  }
  return points.flatMap((point) => (point ? [{ point, reached: -1 }] : []));
}

/** Root mean square distance per column below which a configuration is a copy of another: it would teach the same once more. */
const minDistance = 3e-3;

function isCopy(a: Float64Array, b: Float64Array): boolean {
  let square = 0;
  for (let i = 0; i < a.length; i++) square += (a[i]! - b[i]!) ** 2;
  return square < minDistance ** 2 * a.length;
}

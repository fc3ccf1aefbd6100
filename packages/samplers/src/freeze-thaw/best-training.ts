/** The piece of training with the largest gain per unit of the resource. */
import type { Acquisition, Params, SampleRequest, Why } from '@foothold/core';
import { fixedColumns } from '@foothold/space';
import { finite, inUserUnits } from '../bayesian/explanation.ts';
import type { CurveBelief } from './curve-belief.ts';
import { begunMeans, newConfigurations, startable, targetsOf } from './new-configurations.ts';
import { type Arm, type RatedArm, ratedArms } from './training-gain.ts';
import type { TrainingState } from './training-state.ts';

interface Model {
  readonly belief: CurveBelief;
  readonly acquisition: Acquisition;
}

interface BestTraining<P extends Params> {
  /** With the fidelity to train to. */
  readonly params: P;
  readonly why: Why;
  /** True where no step before the target fidelity says anything of it. */
  readonly isUninformed: boolean;
}

/**
 * The arm and the level to train it to; a random point, which no running trial trains, where no arm is open. Throws SpaceExhaustedError where
 * there is none either.
 */
export async function bestTraining<P extends Params>(
  request: SampleRequest<P>,
  state: TrainingState,
  { belief, acquisition }: Model,
): Promise<BestTraining<P>> {
  const { name, column, steps, costOf } = state;
  const { posterior } = belief;
  const begun = await begunMeans(state, belief);
  const fresh = await newConfigurations(request, state, { belief, acquisition, begun });
  const keepsFixed = keepsGiven(request, column.index);
  const paused = state.configurations.filter((one) => isOpen(state)(one) && keepsFixed(one.point));
  const targets = await targetsOf(begun, fresh, posterior);
  const { placed } = column;
  const trained = { posterior, steps, placed, costOf, best: begun.best, targets };
  const rated = await ratedArms([...paused, ...fresh] as readonly Arm[], trained);
  const chosen = chosenArm(rated, state, begun.best);
  if (!chosen) {
    const level = column.fixed ?? column.levels - 1;
    const point = startable(request, state, level).any(request.rng.fork('any'));
    const why = { fallback: 'random point: no configuration is open' };
    return { params: request.space.decode(point), why, isUninformed: true };
  }
  const params = chosen.params ?? request.space.decode(chosen.point);
  return {
    params: { ...params, [name]: column.valueAt(chosen.to) } as P,
    why: await explanationOf(request, state, { belief, chosen, open: paused.length }),
    isUninformed: rated.every(({ to, rate }) => to === column.levels - 1 || rate === -Infinity),
  };
}

async function explanationOf<P extends Params>(
  request: SampleRequest<P>,
  { values, column }: TrainingState,
  {
    belief: { fitted },
    chosen: { point, reached, to, rate },
    open,
  }: { readonly belief: CurveBelief; readonly chosen: RatedArm; readonly open: number },
): Promise<Why> {
  // What the trial itself may come to: at the end of this piece.
  const there = await fitted.marginals(column.placed({ rows: 1, columns: point.length, data: point }, to));
  const from = reached < 0 ? 0 : values[reached]!;
  return {
    prediction: inUserUnits(request, there),
    training: { from, to: values[to]!, gainPerUnit: finite(Math.exp(rate)), open },
    ...(fitted.why && { model: fitted.why }),
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
  if (best === -Infinity)
    return pause ?? (begun.length > 0 ? top(begun, ({ mean }) => mean) : top(ends, ({ rate }) => rate));
  // A new configuration is trained step by step: without room for a step, one that was begun goes on.
  const steady = ends.filter((arm) => arm.reached >= 0 || nextOf(arm).to !== last);
  const end = top(steady.length > 0 ? steady : ends, ({ rate }) => rate);
  return pause && pause.rate > end.rate ? pause : nextOf(end);
}

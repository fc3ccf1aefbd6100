import {
  type Dataset,
  type Matrix,
  matrixOf,
  OptimizationError,
  type Params,
  type Posterior,
  type ProgramState,
  type Proposal,
  rowOf,
  type SampleRequest,
  type Sampler,
  SpaceExhaustedError,
  type Surrogate,
  type Trial,
  type Why,
} from '@foothold/core';
import { candidates } from '../acquisition-optimizer/initial-points.ts';
import { designPoint, designSeed, designSize, guessedPoint } from '../bayesian/initial-design.ts';
import { fitting } from '../bayesian/warm-started-fit.ts';
import { positiveWhole } from '../positive-whole.ts';
import { affordable, candidatesAt, type Ladder, ladderOf, type Purse } from './fidelity-column.ts';
import { scaleData, scaleOutliersWhy } from './fidelity-data.ts';
import { improvementsOf, type Valued, valuesOf } from './knowledge-gradients.ts';

export interface MultiScaleOptions {
  /** Over all columns of the space, the scale too, with a joint belief; such as `multiFidelity`. */
  readonly surrogate: Surrogate;
  /** Name of the ordinal column whose levels are the scales, the cheapest first. The last one is what counts. */
  readonly scale: string;
  readonly purse: (trials: readonly Trial[]) => Purse;
  /** Takes turns with the candidate of the largest value at the last scale: asked with that scale `fixed`. */
  readonly last?: Sampler | undefined;
  /** Trials at the cheapest scale before the first model, past ones included; 2 + half the columns, 5 to 10, unless told. */
  readonly initialTrials?: number | undefined;
}

/** Points looked at in the whole space and then near the best of them; points whose mean an observation may move. */
const [wide, near, targetCount] = [160, 64, 32];

/**
 * Decides where the next evaluation pays most: which parameters, and at which scale. Each candidate is valued at each
 * scale by how much one evaluation is expected to raise the best mean of the last scale (knowledge gradient), divided by
 * its cost; at the last scale an improvement on the best value observed there counts too, because that is what is kept.
 *
 * A cheaper scale is taken only while enough is left for an evaluation at the last one. `why.scales` has the value per
 * cost of each scale's best candidate. Throws InvalidArgumentError where the space has no such ordinal column,
 * UnsupportedError for a surrogate without a joint belief, SpaceExhaustedError as every sampler,
 * and at once InvalidArgumentError for `initialTrials` that is no whole number from 1.
 */
export function multiScale(options: MultiScaleOptions): Sampler {
  const fitted = fitting(options.surrogate);
  if (options.initialTrials !== undefined) positiveWhole('initialTrials', options.initialTrials);
  return {
    name: 'multi-scale',
    supports: ['conditional', 'input-constraints', 'fixed', 'known-noise', 'continuous'],
    async sample<P extends Params>(request: SampleRequest<P>) {
      const ladder = ladderOf(request, options.scale);
      const { space, count } = request;
      const size = options.initialTrials ?? designSize(space.columns.length - 1);
      let trials = [...request.trials];
      const proposals: Proposal<P>[] = [];
      const outliers = scaleOutliersWhy(request, { name: options.scale, ...ladder });
      let belief: Belief | undefined;
      for (let k = 0; k < count; k++) {
        const purse = options.purse(trials as unknown as readonly Trial[]);
        const allowed = ladder.fixed === undefined ? affordable(purse) : [ladder.fixed];
        const now = { ...request, trials, rng: request.rng.fork(`proposal ${k}`) };
        const counts = new Array<number>(ladder.levels).fill(0);
        for (const { params } of trials) counts[ladder.levelOf(space.encode(params))]! += 1;
        const [begun, last] = [counts[0]!, ladder.levels - 1];
        let chosen: Chosen;
        const first =
          begun < size && allowed.includes(0) ? designedAt(now, ladder, { index: begun, size }) : undefined;
        if (first) chosen = first;
        else {
          belief ??= await beliefOf(now, ladder, (data) => fitted(request, data));
          chosen = belief
            ? await proposed(now, belief, { ladder, purse, allowed })
            : anywhereAt(now, ladder, allowed.at(-1)!);
          // Every second time: each finds what the other's model does not see.
          if (options.last && ladder.levelOf(chosen.point) === last && counts[last]! % 2 === 1)
            chosen = await elsewhere(now, ladder, { chosen, sampler: options.last });
          if (belief && k + 1 < count) belief = await withPending(belief, [chosen.point]);
        }
        const params = space.decode(chosen.point);
        const { why, samplerState } = chosen;
        proposals.push({ params, why: { ...why, ...outliers }, ...(samplerState && { samplerState }) });
        trials = [...trials, { number: trials.length, params, reports: [], state: 'running' }];
      }
      return proposals;
    },
  };
}

interface Chosen {
  readonly point: Float64Array;
  readonly why: Why;
  readonly samplerState?: ProgramState;
}

/** A point of the design at the cheapest scale; undefined where that scale has been seen whole. */
function designedAt<P extends Params>(
  request: SampleRequest<P>,
  ladder: Ladder,
  { index, size }: { readonly index: number; readonly size: number },
): Chosen | undefined {
  const seed = designSeed(request);
  const wanted =
    (index === 0 ? guessedPoint(request.space) : undefined) ??
    designPoint(request.space.columns, { index, size, seed });
  wanted[ladder.index] = ladder.position(0);
  const point = candidatesAt(request, ladder, 0).repair(wanted);
  const why = { stage: 'initial', design: seed };
  if (point) return { point, why };
  try {
    return { ...anywhereAt(request, ladder, 0), why };
  } catch (error) {
    if (error instanceof SpaceExhaustedError) return undefined;
    throw error;
  }
}

function anywhereAt<P extends Params>(request: SampleRequest<P>, ladder: Ladder, level: number): Chosen {
  const point = candidatesAt(request, ladder, level).any(request.rng.fork('any'));
  return { point, why: { stage: 'initial' } };
}

/** What the sampler of the last scale proposes there, with what led to that scale. */
async function elsewhere<P extends Params>(
  request: SampleRequest<P>,
  ladder: Ladder,
  { chosen, sampler }: { readonly chosen: Chosen; readonly sampler: Sampler },
): Promise<Chosen> {
  const name = request.space.columns[ladder.index]!.name;
  const fixed = { ...request.fixed, [name]: ladder.valueAt(ladder.levels - 1) } as Partial<P>;
  const rng = request.rng.fork('last');
  const [proposal] = await sampler.sample({ ...request, fixed, rng, count: 1 });
  if (!proposal) return chosen;
  const { why, samplerState } = proposal;
  return {
    point: request.space.encode(proposal.params),
    why: { ...chosen.why, ...(why && { last: why }) },
    samplerState: { ...chosen.samplerState, ...(samplerState && { last: samplerState }) },
  };
}

interface Belief {
  /** Where the belief is Gaussian. */
  readonly posterior: Posterior;
  readonly data: Dataset;
  readonly whole: Posterior;
  readonly model: Why | undefined;
  readonly state: ProgramState | undefined;
}

async function beliefOf<P extends Params>(
  request: SampleRequest<P>,
  ladder: Ladder,
  fit: (data: Dataset) => Promise<Posterior>,
): Promise<Belief | undefined> {
  const data = scaleData(request, ladder);
  if (data.y.length === 0) return undefined;
  const whole = await fit(data);
  const belief = { posterior: whole, data, whole, model: whole.why, state: whole.state, ...whole.latent };
  const running = request.trials.filter(({ state }) => state === 'running');
  return withPending(
    belief,
    running.map(({ params }) => request.space.encode(params)),
  );
}

/** Conditions on the mean at running trials, so that what they will teach is not sought twice. */
async function withPending(belief: Belief, points: readonly Float64Array[]): Promise<Belief> {
  const { whole } = belief;
  if (points.length === 0 || !whole.condition) return belief;
  const x = matrixOf(points);
  const { mean } = await whole.marginals(x);
  try {
    const next = await whole.condition({ x, y: mean });
    return { ...belief, whole: next, posterior: next, ...next.latent };
  } catch (error) {
    // A factor that cannot take the row: the points stay known as taken.
    if (error instanceof OptimizationError) return belief;
    throw error;
  }
}

async function proposed<P extends Params>(
  request: SampleRequest<P>,
  belief: Belief,
  {
    ladder,
    purse,
    allowed,
  }: { readonly ladder: Ladder; readonly purse: Purse; readonly allowed: readonly number[] },
): Promise<Chosen> {
  const { posterior, data } = belief;
  const { columns } = request.space;
  const last = ladder.levels - 1;
  const spots = new Map(allowed.map((level) => [level, candidatesAt(request, ladder, level)]));
  const best = data.y.reduce(
    (most, v, i) => (ladder.levelOf(rowOf(data.x, i)) === last ? Math.max(most, v) : most),
    -Infinity,
  );
  const observed = ladder.placed(data.x, last);
  const known = await posterior.marginals(observed);
  const order = Array.from(known.mean.keys()).sort((a, b) => known.mean[b]! - known.mean[a]!);
  const incumbents = matrixOf(
    order.slice(0, 5).map((i) => rowOf(observed, i)),
    columns.length,
  );
  const looked = candidates({ columns, incumbents, rng: request.rng.fork('wide') }, wide);
  const pool = matrixOf([...rowsOf(observed), ...rowsOf(ladder.placed(looked, last))], columns.length);
  const { mean, variance } = await posterior.marginals(pool);
  const hope = mean.map((m, i) => m + Math.sqrt(variance[i]!));
  const likely = Array.from(mean.keys()).sort((a, b) => hope[b]! - hope[a]!);
  const targets = matrixOf(
    [...order.slice(0, targetCount / 4), ...likely.slice(0, (3 * targetCount) / 4)].map((i) =>
      rowOf(pool, i),
    ),
    columns.length,
  );

  const scored: {
    readonly point: Float64Array;
    readonly level: number;
    readonly value: number;
    readonly rate: number;
  }[] = [];
  const score = async (points: Matrix) => {
    const problem = {
      posterior,
      targets,
      candidates: points,
      placed: ladder.placed,
      levels: allowed,
      last,
      best,
    };
    const values = await valuesOf(problem);
    const improvements =
      best > -Infinity ? await improvementsOf(posterior, ladder.placed(points, last), best) : undefined;
    for (const { index, level, value } of values) {
      const worth = gain({ index, level, value }, last, improvements);
      const point = rowOf(ladder.placed(points, level), index);
      scored.push({ point, level, value: worth, rate: worth / purse.costs[level]! });
    }
    scored.sort((a, b) => b.rate - a.rate);
  };
  // What was seen at one scale may be looked at again at another.
  await score(pool);
  const around = matrixOf(
    scored.slice(0, 4).map(({ point }) => point),
    columns.length,
  );
  await score(candidates({ columns, incumbents: around, rng: request.rng.fork('near') }, near));

  const rates: Record<string, number> = {};
  for (const { level, rate } of scored) rates[String(ladder.valueAt(level))] ??= rate;
  // The first evaluation at the last scale is of what looks best so far: there is nothing yet to improve on.
  if (best === -Infinity && scored[0]!.level === last) {
    const point = rowOf(pool, order[0]!);
    scored.unshift({
      ...(scored.find((s) => s.level === last && same(s.point, point)) ?? scored[0]!),
      point,
    });
  }
  for (const { point, level, rate, value } of scored) {
    const valid = spots.get(level)!.repair(point);
    if (!valid) continue;
    return {
      point: valid,
      why: {
        stage: 'model',
        acquisition: value,
        scales: {
          chosen: ladder.valueAt(level),
          rate,
          rates,
          left: purse.left,
          ...(belief.model?.fidelities as Why | undefined),
        },
        ...(belief.model && { model: belief.model }),
      },
      ...(belief.state && { samplerState: { model: belief.state } }),
    };
  }
  const level = allowed.at(-1)!;
  return {
    point: spots.get(level)!.any(request.rng.fork('any')),
    why: { stage: 'model', fallback: 'random point: every candidate is taken' },
  };
}

/** At the last scale the larger of what is learned and what is gained at once. */
function gain({ index, level, value }: Valued, last: number, improvements: Float64Array | undefined): number {
  return level === last && improvements ? Math.max(value, improvements[index]!) : value;
}

function same(a: Float64Array, b: Float64Array): boolean {
  return a.every((u, i) => u === b[i]);
}

function rowsOf(a: Matrix): Float64Array[] {
  return Array.from({ length: a.rows }, (_, i) => rowOf(a, i));
}

/** Histories that break optimizers: duplicates, constants, 1e±30, infinities, one point, 200 equal points, nothing but failures. */
import type { Goal, Outcome, Params, Rng, SearchSpace, Trial } from '@foothold/core';
import { categorical, integer, linear, logUniform, ordinal, searchSpace, uniform } from '@foothold/space';

export interface NastyHistory {
  readonly kind: string;
  readonly spaceName: string;
  readonly space: SearchSpace;
  /** Points of the space that keep its constraints; undefined where they cannot be counted. */
  readonly allowed: number | undefined;
  readonly goal: Goal;
  readonly trials: readonly Trial[];
  /** What a further trial is told. */
  readonly outcome: (rng: Rng) => Outcome;
}

const three = { a: integer(0, 3), b: categorical('x', 'y', 'z'), c: ordinal(1, 10) };
const switched = {
  model: categorical('tree', 'linear'),
  depth: integer(1, 6).when('model', 'tree'),
  penalty: ordinal('l1', 'l2').when('model', 'linear'),
};
const spaces: Readonly<Record<string, SearchSpace>> = {
  box: searchSpace({ a: uniform(-1, 1), b: uniform(0, 1e-9), c: logUniform(1e-8, 1e8) }),
  line: searchSpace({ a: uniform(0, 1) }),
  mixed: searchSpace({ a: uniform(0, 1), n: integer(1, 100), c: categorical('x', 'y', 'z') }),
  numbers: searchSpace({ a: uniform(0, 1), n: integer(1, 7) }),
  wedge: searchSpace(
    { a: uniform(0, 1), b: uniform(0, 1) },
    { constraints: [linear({ a: 1, b: 1 }, { atMost: 0.5 })] },
  ),
  'branching reals': searchSpace({
    model: categorical('tree', 'linear'),
    rate: logUniform(1e-4, 1).when('model', 'linear'),
    depth: integer(1, 30).when('model', 'tree'),
  }),
  finite: searchSpace(three) as SearchSpace,
  'finite wedge': searchSpace(
    { a: integer(0, 4), b: integer(0, 4) },
    { constraints: [linear({ a: 1, b: 1 }, { atMost: 5 })] },
  ),
  'finite branching': searchSpace(switched) as SearchSpace,
};
/** Counted by hand: 4·3·2; the pairs from 0 to 4 with a sum up to 5 (25 less 6); 6 + 2. */
const sizes: Readonly<Record<string, number>> = { finite: 24, 'finite wedge': 19, 'finite branching': 8 };

const failed: Outcome = { state: 'failed', reason: 'out of memory' };
const pruned: Outcome = { state: 'pruned' };
const complete = (value: number): Outcome => ({ state: 'complete', value });

type Told = (rng: Rng, k: number) => Outcome | { readonly state: 'running' };
const kinds: Readonly<Record<string, Told>> = {
  empty: () => pruned,
  ordinary: (rng) => complete(rng.next()),
  constant: () => complete(3),
  'constant 0': () => complete(0),
  huge: (rng) => complete((rng.next() - 0.5) * 1e30),
  'past huge': (rng) => complete((rng.next() - 0.5) * 1e308),
  tiny: (rng) => complete((rng.next() - 0.5) * 1e-30),
  'all scales': (rng) => complete((rng.next() < 0.5 ? -1 : 1) * 10 ** (60 * rng.next() - 30)),
  infinities: (rng) => complete([Infinity, -Infinity, Number.NaN, rng.next()][Math.floor(4 * rng.next())]!),
  'only infinities': () => complete(Infinity),
  'one outlier': (_, k) => complete(k === 0 ? 1e30 : 1 + k * 1e-9),
  'all failed': () => failed,
  'all pruned': () => pruned,
  'all running': () => ({ state: 'running' }),
  'standard errors': (rng) => ({
    state: 'complete',
    value: rng.next(),
    standardError: [0, 1e-30, 1, 1e30][Math.floor(4 * rng.next())]!,
  }),
  everything: (rng) =>
    [
      failed,
      pruned,
      { state: 'running' as const },
      complete(1e30),
      complete(-Infinity),
      complete(rng.next()),
    ][Math.floor(6 * rng.next())]!,
};

/** History `index` of a reproducible list. */
export function nastyHistory(index: number, rng: Rng): NastyHistory {
  const names = Object.keys(kinds);
  const kind = names[index % names.length]!;
  const told = kinds[kind]!;
  const list = Object.keys(spaces);
  const spaceName = list[Math.floor(rng.next() * list.length)]!;
  const space = spaces[spaceName]!;
  const shape = rng.next();
  const count =
    kind === 'empty' ? 0 : shape < 0.15 ? 1 : shape < 0.18 ? 200 : 2 + Math.floor(rng.next() * 30);
  // Where the points are: all equal, drawn from a few, or all over.
  const spread = count === 200 ? 1 : [1, 3, Infinity, Infinity][Math.floor(4 * rng.next())]!;
  const own = rng.next() < 0.5;
  const drawn: Params[] = [];
  const trials = Array.from({ length: count }, (_, number): Trial => {
    const params =
      drawn.length >= spread ? drawn[Math.floor(rng.next() * drawn.length)]! : anywhere(space, rng);
    drawn.push(params);
    const outcome = told(rng, number);
    return {
      number,
      params,
      reports: [],
      // As if the sampler that is asked had proposed them, so that CMA-ES takes them for its generations.
      ...(own && { why: { sampler: 'cma-es', generation: Math.floor(number / 6), design: 7 } }),
      ...(outcome.state === 'complete' ? { ...outcome, metrics: metricsOf(told, rng) } : outcome),
    };
  });
  const outcome = (next: Rng): Outcome => {
    const answer = told(next, 1);
    if (answer.state === 'running') return pruned;
    return answer.state === 'complete' ? { ...answer, metrics: metricsOf(told, next) } : answer;
  };
  return { kind, spaceName, space, allowed: sizes[spaceName], goal: goalOf(rng), trials, outcome };
}

function goalOf(rng: Rng): Goal {
  const direction = rng.next() < 0.5 ? 'minimize' : 'maximize';
  const u = rng.next();
  if (u < 0.15) return { direction, constraints: [{ metric: 'm', atMost: 0 }] };
  if (u < 0.3)
    return {
      direction,
      objectives: [
        { metric: 'value', direction },
        { metric: 'm', direction: 'minimize' },
      ],
    };
  if (u < 0.4) return { direction, cost: 'm' };
  return { direction };
}

/** A metric as wild as the values; absent now and then. */
function metricsOf(told: Told, rng: Rng): Record<string, number> {
  const outcome = told(rng, 0);
  return outcome.state === 'complete' && rng.next() < 0.9 ? { m: outcome.value } : {};
}

/** A random point that keeps the constraints. */
function anywhere(space: SearchSpace, rng: Rng): Params {
  for (;;) {
    const params = space.decode(Float64Array.from(space.columns, () => rng.next()));
    if (space.violation?.(params) === undefined) return params;
  }
}

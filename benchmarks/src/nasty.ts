/**
 * Every sampler after every kind of nasty history: exceptions, suggestions that may not be evaluated, duplicates.
 *
 * `pnpm bench nasty [--quick] [--seeds HISTORIES] [samplers…]`: 10,000 histories (`--quick`: 300), each asked of the
 * Bayesian sampler and of one other in turn. A history goes on for a few asks with outcomes of its kind; on finite spaces
 * until the last point, after which the sampler has to say that the space is exhausted, and not before.
 */
import { logExpectedImprovement } from '@foothold/acquisitions';
import {
  type Feature,
  OptimizationError,
  type Sampler,
  type SearchSpace,
  SpaceExhaustedError,
  seeded,
  type Trial,
  UnsupportedError,
} from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { bayesian, cmaEs, nsga2, random, thompsonSampling, tpe, trustRegion } from '@foothold/samplers';
import type { BenchOptions } from './bench-options.ts';
import { type NastyHistory, nastyHistory } from './nasty-histories.ts';

interface Count {
  histories: number;
  suggestions: number;
  exceptions: number;
  invalid: number;
  duplicates: number;
  /** Problems that the sampler refuses by `supports` or `check`, as a study would. */
  refused: number;
}

const asksOnReals = 2;

export async function nasty(options: BenchOptions): Promise<void> {
  const { quick, words, emit } = options;
  const histories = options.seeds ?? (quick ? 300 : 10_000);
  const linalg = await wasm();
  const made: Readonly<Record<string, (space: SearchSpace) => Sampler>> = {
    bayesian: ({ columns }) =>
      bayesian({ surrogate: gaussianProcess({ columns, linalg }), acquisition: logExpectedImprovement() }),
    tpe: () => tpe(),
    cmaEs: () => cmaEs(),
    nsga2: () => nsga2({ population: 6 }),
    trustRegion: ({ columns }) =>
      trustRegion({ surrogate: gaussianProcess({ columns, linalg }), acquisition: logExpectedImprovement() }),
    thompsonSampling: ({ columns }) =>
      thompsonSampling({ surrogate: gaussianProcess({ columns, linalg }), candidates: 128 }),
    random: () => random(),
  };
  const names = Object.keys(made).filter((name) => words.length === 0 || words.includes(name));
  const others = names.filter((name) => name !== 'bayesian');
  const counts = Object.fromEntries(names.map((name) => [name, emptyCount()]));
  for (let index = 0; index < histories; index++) {
    const history = nastyHistory(index, seeded('nasty').fork(index));
    // Kinds repeat every 16 histories: the other sampler moves on by one more each time.
    const other = others[(index + Math.floor(index / 16)) % Math.max(others.length, 1)];
    for (const name of ['bayesian', other]) {
      const make = name === undefined ? undefined : made[name];
      const count = name === undefined ? undefined : counts[name];
      if (!make || !count) continue;
      const fault = await tried(make(history.space), history, count);
      if (fault)
        emit({
          bench: 'nasty',
          index,
          sampler: name,
          kind: history.kind,
          spaceName: history.spaceName,
          fault,
        });
    }
  }
  const all = emptyCount();
  for (const [name, count] of Object.entries(counts)) {
    emit({ bench: 'nasty', sampler: name, ...count });
    for (const key of Object.keys(all) as (keyof Count)[]) all[key] += count[key];
  }
  emit({ bench: 'nasty', summary: { generated: histories, ...all } });
}

function emptyCount(): Count {
  return { histories: 0, suggestions: 0, exceptions: 0, invalid: 0, duplicates: 0, refused: 0 };
}

/** Asks until enough is seen; the first fault in words, or undefined. */
async function tried(sampler: Sampler, history: NastyHistory, count: Count): Promise<string | undefined> {
  const { space, goal, allowed } = history;
  if (refuses(sampler, history)) {
    count.refused++;
    return undefined;
  }
  count.histories++;
  const trials: Trial[] = [...history.trials];
  const taken = new Set(trials.map(({ params }) => space.encode(params).join()));
  for (let ask = 0; allowed !== undefined || ask < asksOnReals; ask++) {
    const rng = seeded('ask').fork(ask);
    const left = allowed === undefined ? Infinity : allowed - taken.size;
    const wanted = Math.max(1, Math.min(1 + (ask % 3), left));
    let proposals: Awaited<ReturnType<Sampler['sample']>>;
    try {
      proposals = await sampler.sample({ ...goal, space, trials, count: wanted, rng });
    } catch (error) {
      if (left === 0 && error instanceof SpaceExhaustedError) return undefined;
      count.exceptions++;
      return error instanceof OptimizationError ? `${error.name}: ${error.message}` : String(error);
    }
    if (left === 0 || proposals.length !== wanted) {
      count.invalid++;
      return `${proposals.length} proposals, ${left} points left, ${wanted} wanted`;
    }
    for (const { params, why } of proposals) {
      count.suggestions++;
      const key = keyIn(space, params);
      if (key === undefined) count.invalid++;
      else if (taken.has(key)) count.duplicates++;
      if (key === undefined || taken.has(key)) return `proposed ${JSON.stringify(params)}`;
      taken.add(key);
      const number = trials.length;
      const outcome = history.outcome(rng.fork(number));
      trials.push({ number, params, reports: [], ...(why && { why }), ...outcome });
    }
  }
  return undefined;
}

/** The point as text, or undefined where the parameters may not be evaluated. */
function keyIn(space: SearchSpace, params: Trial['params']): string | undefined {
  try {
    return space.violation?.(params) === undefined ? space.encode(params).join() : undefined;
  } catch (error) {
    if (error instanceof OptimizationError) return undefined;
    throw error;
  }
}

function refuses(sampler: Sampler, { space, goal }: NastyHistory): boolean {
  const needed: Feature[] = [...(space.features ?? [])];
  if (goal.constraints) needed.push('outcome-constraints');
  if (goal.objectives) needed.push('several-objectives');
  if (goal.cost !== undefined) needed.push('cost');
  if (needed.some((feature) => !sampler.supports?.includes(feature))) return true;
  try {
    sampler.check?.({ space, goal });
    return false;
  } catch (error) {
    if (error instanceof UnsupportedError) return true;
    throw error;
  }
}

/**
 * Best-so-far curves of the default sampler beside scrambled-design baselines and the recorded peers.
 *
 * `pnpm bench regret [--quick] [--seeds N] [tasks… | other]`: `--quick` runs Branin and both Hartmanns with 40
 * evaluations; without words the ten tasks of the recorded peers run with 50, `other` runs the further ones.
 */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { logExpectedImprovement } from '@foothold/acquisitions';
import { type LinearAlgebra, rowOf, type Sampler, seeded, type Trial } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { sobol, standardNormal } from '@foothold/numerics';
import { bayesian } from '@foothold/samplers';
import type { BenchOptions } from './bench-options.ts';
import { otherTasks, peerTasks, type RegretTask } from './regret-tasks.ts';

/** Regret below this counts as this, as in the peers' summary. */
const floor = 1e-6;
const peersFile = new URL('../../../shared/peers/peers-regret.jsonl.gz', import.meta.url);

export async function regret(options: BenchOptions): Promise<void> {
  const { quick, words, emit } = options;
  const evaluations = quick ? 40 : 50;
  const seeds = options.seeds ?? 5;
  const linalg = await wasm();
  const results: Record<string, TaskResult> = {};
  for (const task of tasksOf(words, quick)) {
    const result = await taskResult(task, { linalg, seeds, evaluations, emit });
    results[task.name] = result;
    emit({ bench: 'regret', task: task.name, ...plain(result) });
  }
  emit({
    bench: 'regret',
    summary: {
      seeds,
      evaluations,
      tasks: Object.fromEntries(Object.entries(results).map(([name, result]) => [name, plain(result)])),
      meanLogRegret: mean(Object.values(results).map((result) => result.logAt(evaluations))),
      ...(evaluations === 50 && { peers: ranks(results) }),
    },
  });
}

/** The tasks that the words name; without names the further ones or those of the peers. */
function tasksOf(words: readonly string[], quick: boolean): readonly RegretTask[] {
  const named = [...peerTasks, ...otherTasks].filter(({ name }) => words.includes(name));
  if (named.length > 0) return named;
  if (words.includes('other')) return otherTasks;
  return quick ? peerTasks.slice(0, 3) : peerTasks;
}

interface TaskOptions {
  readonly linalg: LinearAlgebra;
  readonly seeds: number;
  readonly evaluations: number;
  readonly emit: BenchOptions['emit'];
}

/** Runs the default sampler and scrambled Sobol points on the task, with a line for each seed. */
async function taskResult(
  task: RegretTask,
  { linalg, seeds, evaluations, emit }: TaskOptions,
): Promise<TaskResult> {
  const curves: number[][] = [];
  const baseline: number[] = [];
  const times: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const sampler = bayesian({
      surrogate: gaussianProcess({ columns: task.space.columns, linalg }),
      acquisition: logExpectedImprovement(),
    });
    const { curve, milliseconds } = await run(sampler, task, { seed, evaluations });
    curves.push(curve);
    times.push(...milliseconds.slice(20));
    baseline.push(sobolRegret(task, { seed, evaluations }));
    emit({ bench: 'regret', task: task.name, seed, regret: curve.at(-1), sobol: baseline.at(-1) });
  }
  const finals = curves.map((curve) => curve.at(-1)!);
  return {
    mean: mean(finals),
    sobol: mean(baseline),
    ratio: mean(baseline) / Math.max(mean(finals), floor),
    logAt: (k) => mean(curves.map((curve) => Math.log10(Math.max(curve[k - 1]!, floor)))),
    meanAt: (k) => mean(curves.map((curve) => curve[k - 1]!)),
    askMilliseconds: median(times),
  };
}

interface TaskResult {
  readonly mean: number;
  readonly sobol: number;
  readonly ratio: number;
  readonly logAt: (k: number) => number;
  readonly meanAt: (k: number) => number;
  readonly askMilliseconds: number;
}

function plain({ mean, sobol, ratio, askMilliseconds }: TaskResult) {
  return { mean, sobol, ratio, askMilliseconds };
}

async function run(
  sampler: Sampler,
  task: RegretTask,
  { seed, evaluations }: { readonly seed: number; readonly evaluations: number },
) {
  const trials: Trial[] = [];
  const curve: number[] = [];
  const milliseconds: number[] = [];
  const noise = seeded(`noise ${seed}`);
  let best = Infinity;
  for (let number = 0; number < evaluations; number++) {
    const start = performance.now();
    const [proposal] = await sampler.sample({
      space: task.space,
      direction: 'minimize',
      trials,
      count: 1,
      rng: seeded(seed).fork(number),
    });
    milliseconds.push(performance.now() - start);
    const { params, why } = proposal!;
    const value = task.f(params);
    best = Math.min(best, value);
    curve.push(Math.max(best - task.minimum, 0));
    const told = value + (task.noise > 0 ? task.noise * standardNormal(noise) : 0);
    trials.push({ number, params, reports: [], state: 'complete', value: told, ...(why && { why }) });
  }
  return { curve, milliseconds };
}

/** Simple regret of scrambled Sobol points. */
function sobolRegret(
  { space, f, minimum }: RegretTask,
  { seed, evaluations }: { readonly seed: number; readonly evaluations: number },
): number {
  const points = sobol({ dimensions: space.columns.length, rng: seeded(`sobol ${seed}`) }).points(
    0,
    evaluations,
  );
  let best = Infinity;
  for (let i = 0; i < evaluations; i++) best = Math.min(best, f(space.decode(rowOf(points, i))));
  return Math.max(best - minimum, 0);
}

/** Our rank on each task by mean log regret among the recorded peers, after 25 and 50 evaluations; undefined without the records. */
function ranks(results: Readonly<Record<string, TaskResult>>) {
  if (!existsSync(peersFile)) return { absent: 'the recorded peers are not on this machine' };
  const curves = new Map<string, Map<string, number[][]>>();
  for (const line of gunzipSync(readFileSync(peersFile)).toString().trim().split('\n')) {
    const row = JSON.parse(line);
    if (typeof row.regret !== 'number') continue;
    const tasks = curves.get(row.peer) ?? new Map<string, number[][]>();
    const seeds = tasks.get(row.task) ?? [];
    seeds[row.seed] = [...(seeds[row.seed] ?? []), row.regret];
    curves.set(row.peer, tasks.set(row.task, seeds));
  }
  const ours = Object.keys(results).filter((name) => curves.get('random')?.has(name));
  const peers = [...curves.values()];
  const rankAt = (name: string, k: number) =>
    1 +
    peers.filter((tasks) => {
      const seeds = tasks.get(name);
      if (!seeds) return false;
      return mean(seeds.map((curve) => Math.log10(Math.max(curve[k - 1]!, floor)))) < results[name]!.logAt(k);
    }).length;
  const medianRatio = (name: string) => {
    const finals = peers.flatMap((tasks) => {
      const seeds = tasks.get(name);
      return seeds ? [mean(seeds.map((curve) => curve.at(-1)!))] : [];
    });
    return results[name]!.meanAt(50) / median(finals);
  };
  return {
    peers: [...curves.keys()],
    rankAt50: mean(ours.map((name) => rankAt(name, 50))),
    rankAt25: mean(ours.map((name) => rankAt(name, 25))),
    ranks: Object.fromEntries(ours.map((name) => [name, [rankAt(name, 25), rankAt(name, 50)]])),
    regretOverMedianPeer: Object.fromEntries(ours.map((name) => [name, medianRatio(name)])),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

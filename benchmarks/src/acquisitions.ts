/**
 * Acquisitions beside each other in the same sampler: regret on the ten tasks of the recorded peers and on the 24 BBOB functions.
 *
 * `pnpm bench acquisitions [--quick] [--seeds N] [--python PROGRAM] [tasks | bbob] [batches | averaged] [acquisitions…]`: 50 trials, d = 5 on BBOB,
 * where a seed is an instance; the Python needs ioh, without it BBOB is left out. `batches` evaluates four trials at a time; `averaged`
 * compares hyperparameters at their mode with an average over eight draws.
 * Ranks are of the regret of one task and seed, ties in the middle; `difference` is that of log10 of the regret to the first acquisition,
 * by task, with its standard error over the tasks.
 */
import {
  logExpectedImprovement,
  logKnowledgeGradient,
  logMaxValueEntropySearch,
  logProbabilityOfImprovement,
  qLogExpectedImprovement,
  qLogNoisyExpectedImprovement,
  qLowerBoundMaxValueEntropy,
  qUpperConfidenceBound,
  upperConfidenceBound,
} from '@foothold/acquisitions';
import type { Acquisition, Awaitable, LinearAlgebra, Params, Sampler, Trial } from '@foothold/core';
import { seeded } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { standardNormal } from '@foothold/numerics';
import { bayesian, thompsonSampling } from '@foothold/samplers';
import { type ParameterSpace, searchSpace, uniform } from '@foothold/space';
import { bbob } from './bbob.ts';
import type { BenchOptions } from './bench-options.ts';
import { peerTasks } from './regret-tasks.ts';

type Open = (model: Parameters<typeof bayesian>[0]['surrogate']) => Sampler;
const by =
  (acquisition: Acquisition, batches?: 'joint'): Open =>
  (surrogate) =>
    bayesian({ surrogate, acquisition, ...(batches && { batches }) });

/** One point at a time; the first is what the others are compared with. */
const sequential: Readonly<Record<string, Open>> = {
  logExpectedImprovement: by(logExpectedImprovement()),
  qLogNoisyExpectedImprovement: by(qLogNoisyExpectedImprovement()),
  logProbabilityOfImprovement: by(logProbabilityOfImprovement()),
  upperConfidenceBound: by(upperConfidenceBound()),
  logKnowledgeGradient: by(logKnowledgeGradient()),
  logMaxValueEntropySearch: by(logMaxValueEntropySearch()),
  'logMaxValueEntropySearch joint draws': by(logMaxValueEntropySearch({ sampling: 'joint' })),
  qLowerBoundMaxValueEntropy: by(qLowerBoundMaxValueEntropy()),
  thompsonSampling: (surrogate) => thompsonSampling({ surrogate, candidates: 256 }),
};

/** Four at a time: fantasies at the mean first. */
const batched: Readonly<Record<string, Open>> = {
  logExpectedImprovement: by(logExpectedImprovement()),
  qLogExpectedImprovement: by(qLogExpectedImprovement({ samples: 128 })),
  'qLogExpectedImprovement joint': by(qLogExpectedImprovement({ samples: 128 }), 'joint'),
  'qUpperConfidenceBound joint': by(qUpperConfidenceBound({ samples: 128 }), 'joint'),
  qLowerBoundMaxValueEntropy: by(qLowerBoundMaxValueEntropy()),
  'qLowerBoundMaxValueEntropy joint': by(qLowerBoundMaxValueEntropy(), 'joint'),
  thompsonSampling: (surrogate) => thompsonSampling({ surrogate, candidates: 256 }),
};

/** The hyperparameters' mode, and their average. */
const modelled: Readonly<Record<string, Open>> = {
  mode: by(logExpectedImprovement()),
  'averaged over 8': by(logExpectedImprovement()),
};

interface Task {
  readonly name: string;
  readonly space: ParameterSpace;
  readonly noise: number;
  /** Value less the minimum. */
  readonly gap: (params: Params, seed: number) => Awaitable<number>;
}

interface Run {
  readonly group: string;
  readonly acquisition: string;
  readonly task: string;
  readonly seed: number;
  /** After half of the trials, and after all. */
  readonly half: number;
  readonly regret: number;
  readonly seconds: number;
}

export async function acquisitions({ quick, seeds, python, words, emit }: BenchOptions): Promise<void> {
  const isBatch = words.includes('batches');
  const isAveraged = words.includes('averaged');
  const all = isBatch ? batched : isAveraged ? modelled : sequential;
  const named = Object.keys(all).filter((name) => words.includes(name));
  const names = named.length > 0 ? named : Object.keys(all);
  const linalg = await wasm();
  const setting = {
    seeds: seeds ?? (quick ? 1 : 3),
    trials: quick ? 20 : 50,
    batch: isBatch ? 4 : 1,
    linalg,
  };
  const rows: Run[] = [];
  const measured = async (group: string, tasks: readonly Task[]) => {
    for (let seed = 0; seed < setting.seeds; seed++)
      for (const task of tasks)
        for (const acquisition of names) {
          const result = await run(all[acquisition]!, task, {
            ...{ ...setting, seed },
            hyperparameters: acquisition.startsWith('averaged') ? { samples: 8 } : 'mode',
          });
          const row = { group, acquisition, task: task.name, seed, ...result };
          rows.push(row);
          emit({ bench: 'acquisitions', ...row });
        }
  };
  if (!words.includes('bbob')) await measured('tasks', quick ? peerTasks10.slice(0, 2) : peerTasks10);
  const functions = words.includes('tasks')
    ? 'not asked for'
    : await bbob(python ?? process.env['FOOTHOLD_PYTHON']);
  if (typeof functions !== 'string') {
    await measured('bbob', bbobTasks(functions).slice(0, quick ? 2 : 24));
    await functions.close();
  }
  const groups = [...new Set(rows.map(({ group }) => group))];
  emit({
    bench: 'acquisitions',
    summary: {
      ...{ seeds: setting.seeds, trials: setting.trials, batch: setting.batch },
      ...(typeof functions === 'string' && { bbob: functions }),
      ...Object.fromEntries(
        groups.map((group) => [
          group,
          summary(
            rows.filter((row) => row.group === group),
            names,
          ),
        ]),
      ),
    },
  });
}

const peerTasks10: readonly Task[] = peerTasks.map(({ name, space, noise, f, minimum }) => ({
  ...{ name, space, noise },
  gap: (params) => Math.max(f(params) - minimum, 0),
}));

function bbobTasks(functions: Exclude<Awaited<ReturnType<typeof bbob>>, string>): readonly Task[] {
  const names = Array.from({ length: 5 }, (_, j) => `x${j}`);
  const space = searchSpace(
    Object.fromEntries(names.map((name) => [name, uniform(-5, 5)])),
  ) as ParameterSpace;
  return Array.from({ length: 24 }, (_, k) => ({
    ...{ name: `f${k + 1}`, space, noise: 0 },
    gap: (params, seed) =>
      functions.gap({ f: k + 1, i: seed + 1, x: names.map((name) => Number(params[name])) }),
  }));
}

interface Setting {
  readonly seed: number;
  readonly trials: number;
  readonly batch: number;
  readonly linalg: LinearAlgebra;
  readonly hyperparameters: 'mode' | { readonly samples: number };
}

async function run(
  open: Open,
  { space, noise, gap }: Task,
  { seed, trials: budget, batch, linalg, hyperparameters }: Setting,
) {
  const sampler = open(gaussianProcess({ columns: space.columns, linalg, hyperparameters }));
  const noises = seeded(`noise ${seed}`);
  const trials: Trial[] = [];
  const curve: number[] = [];
  let milliseconds = 0;
  while (trials.length < budget) {
    const rng = seeded(seed).fork(trials.length);
    const start = performance.now();
    const count = Math.min(batch, budget - trials.length);
    const made = await sampler.sample({ space, direction: 'minimize', trials, count, rng });
    milliseconds += performance.now() - start;
    for (const { params, why, samplerState } of made) {
      const value = await gap(params, seed);
      curve.push(Math.min(curve.at(-1) ?? Infinity, value));
      const told = value + (noise > 0 ? noise * standardNormal(noises) : 0);
      trials.push({
        number: trials.length,
        params,
        reports: [],
        state: 'complete',
        value: told,
        ...(why && { why }),
        ...(samplerState && { samplerState }),
      });
    }
  }
  return { half: curve[(budget >> 1) - 1]!, regret: curve.at(-1)!, seconds: milliseconds / 1000 };
}

/** Regret below this counts as this, as in the peers' summary. */
const floor = 1e-6;

function summary(rows: readonly Run[], names: readonly string[]) {
  const log = (row: Run) => Math.log10(Math.max(row.regret, floor));
  const tasks = [...new Set(rows.map(({ task }) => task))];
  const meanLog = (acquisition: string, task: string) =>
    mean(rows.filter((row) => row.acquisition === acquisition && row.task === task).map(log));
  return Object.fromEntries(
    names.map((name) => {
      const own = rows.filter(({ acquisition }) => acquisition === name);
      const ranks = own.map((row) => {
        const others = rows.filter(({ task, seed }) => task === row.task && seed === row.seed);
        const better = others.filter((other) => log(other) < log(row)).length;
        return better + (others.filter((other) => log(other) === log(row)).length + 1) / 2;
      });
      const differences = tasks.map((task) => meanLog(name, task) - meanLog(names[0]!, task));
      const won = tasks.filter((task) => names.every((other) => meanLog(name, task) <= meanLog(other, task)));
      return [
        name,
        {
          meanRank: mean(ranks),
          logRegret: mean(own.map(log)),
          difference: mean(differences),
          standardError: standardError(differences),
          won,
          secondsPerRun: mean(own.map(({ seconds }) => seconds)),
        },
      ];
    }),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function standardError(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(
    values.reduce((sum, v) => sum + (v - middle) ** 2, 0) / (values.length - 1) / values.length,
  );
}

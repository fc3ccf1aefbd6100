/**
 * Spaces of 50, 100 and 300 columns, 300 trials: the default sampler beside CMA-ES, random points, samplers of Optuna and TuRBO-1 on BoTorch.
 *
 * `pnpm bench columns [--quick] [--seeds N] [--python PROGRAM] [problems…] [methods…]`: the Python needs ioh, numpy, scikit-learn, optuna,
 * cmaes, torch and botorch (default: FOOTHOLD_PYTHON). Problems are those of `columns.py`, methods those listed here and in
 * `columns-peers.py`; the settings on which the default was chosen are in decisions/2026-11-30-many-columns.md, on other functions than these.
 * Ranks are of the best value of one problem and seed after the last trial, ties in the middle. `logGap` is the mean of log10 of the best
 * value; `difference` is that of a method less that of the first method, by problem, with its standard error over the problems.
 *
 * FOOTHOLD_ROWS names a file of runs: those in it are not run again, new ones are added, so that hours of peers can be stopped and continued.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError, type Sampler, seeded, type Trial } from '@foothold/core';
import { cmaEs, random } from '@foothold/samplers';
import { type ParameterSpace, searchSpace, uniform } from '@foothold/space';
import { autoSampler } from 'foothold';
import type { BenchOptions } from './bench-options.ts';
import { type ColumnsRun, columnsSummary } from './columns-summary.ts';
import { type LineProcess, lineProcess } from './line-process.ts';

const problems = [
  ...['bbob-8-50', 'bbob-21-50'],
  ...['bbob-15-100', 'bbob-10-100', 'hartmann6-100', 'lasso-100-5'],
  ...['bbob-8-300', 'lasso-300-15'],
];

const ours: Readonly<Record<string, () => Sampler>> = {
  foothold: autoSampler,
  'cma-es': cmaEs,
  random,
};
const defaultMethods = [...Object.keys(ours), 'optuna-cma-es', 'optuna-tpe', 'turbo'];
const allMethods = [...defaultMethods, 'optuna-tpe-multivariate'];

export async function columns({ quick, seeds, python, words, emit }: BenchOptions): Promise<void> {
  const program = python ?? process.env['FOOTHOLD_PYTHON'];
  if (program === undefined)
    throw new InvalidArgumentError('--python', program, 'a Python with the packages of this benchmark');
  const given = allMethods.filter((method) => words.includes(method));
  const methods = given.length > 0 ? given : defaultMethods;
  const named = words.filter((word) => !allMethods.includes(word));
  const setting = {
    seeds: seeds ?? 1,
    trials: quick ? 40 : 300,
    problems: named.length > 0 ? named : problems.slice(0, quick ? 1 : undefined),
    methods: quick ? methods.filter((method) => method !== 'turbo') : methods,
  };
  const start = (file: string, ...words: readonly string[]) =>
    lineProcess(program, [join(import.meta.dirname, file), ...words], { OMP_NUM_THREADS: '1' });
  const functions = start('columns.py');
  const others = start('columns-peers.py', `${setting.trials}`);
  try {
    await functions.read();
    const versions = await others.read<object>();
    const runs = await columnsRuns(setting, { functions, others, emit });
    emit({
      bench: 'columns',
      summary: { ...setting, versions, ...columnsSummary(runs, setting.methods) },
    });
  } finally {
    await Promise.all([functions.end(), others.end()]);
  }
}

interface Setting {
  readonly seeds: number;
  readonly trials: number;
  readonly problems: readonly string[];
  readonly methods: readonly string[];
}

async function columnsRuns(
  setting: Setting,
  {
    functions,
    others,
    emit,
  }: { readonly functions: LineProcess; readonly others: LineProcess } & Pick<BenchOptions, 'emit'>,
): Promise<readonly ColumnsRun[]> {
  const rows = keptRows(process.env['FOOTHOLD_ROWS']);
  const runs: ColumnsRun[] = [];
  for (let seed = 0; seed < setting.seeds; seed++)
    for (const problem of setting.problems)
      for (const method of setting.methods) {
        const of = { problem, seed, method };
        const sampler = ours[method]?.();
        const run =
          rows.found(of) ??
          rows.added({
            ...of,
            ...(sampler
              ? await ownRun(sampler, functions, { ...of, trials: setting.trials })
              : await others.ask<Pick<ColumnsRun, 'values' | 'seconds'>>(of)),
          });
        runs.push(run);
        const { values, seconds } = run;
        const best = (count: number) => Math.min(...values.slice(0, count));
        emit({
          bench: 'columns',
          ...of,
          third: best(setting.trials / 3),
          best: best(setting.trials),
          seconds,
        });
      }
  return runs;
}

/** Asks a sampler of ours for every trial, and times it. */
async function ownRun(
  sampler: Sampler,
  functions: LineProcess,
  { problem, seed, trials: budget }: Pick<ColumnsRun, 'problem' | 'seed'> & { readonly trials: number },
): Promise<Pick<ColumnsRun, 'values' | 'seconds'>> {
  const names = Array.from({ length: columnsOf(problem) }, (_, j) => `x${j}`);
  const space = searchSpace(Object.fromEntries(names.map((name) => [name, uniform(0, 1)]))) as ParameterSpace;
  const trials: Trial[] = [];
  const values: number[] = [];
  let milliseconds = 0;
  for (let number = 0; number < budget; number++) {
    const rng = seeded(seed).fork(number);
    const start = performance.now();
    const [proposal] = await sampler.sample({ space, direction: 'minimize', trials, count: 1, rng });
    milliseconds += performance.now() - start;
    const u = names.map((name) => Number(proposal!.params[name]));
    const value = await functions.ask<number>({ problem, seed, u });
    values.push(value);
    trials.push({ number, ...proposal!, reports: [], state: 'complete', value });
  }
  return { values, seconds: milliseconds / 1000 };
}

/** bbob-F-D has its columns last, the others first. */
export function columnsOf(problem: string): number {
  const [name, first, second] = problem.split('-');
  return Number(name === 'bbob' ? second : first);
}

function keptRows(file: string | undefined) {
  const lines = file && existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const known = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as ColumnsRun);
  return {
    found: ({ problem, seed, method }: Pick<ColumnsRun, 'problem' | 'seed' | 'method'>) =>
      known.find((run) => run.problem === problem && run.seed === seed && run.method === method),
    added(run: ColumnsRun): ColumnsRun {
      if (file) appendFileSync(file, `${JSON.stringify(run)}\n`);
      return run;
    },
  };
}

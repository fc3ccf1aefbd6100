/**
 * Optuna with FootholdSampler beside its own samplers, the same code otherwise: regret, time in the sampler, and what the bridge to
 * the engine costs.
 *
 * `pnpm bench optuna [--quick] [--seeds N] [--python PROGRAM] [tasks…] [samplers…]`: the Python needs Optuna, and torch and scipy for
 * its GPSampler (default: FOOTHOLD_PYTHON). Ten tasks, 50 trials, 5 seeds, in one process of Python. Ranks are of the regret after the
 * last trial, among the samplers of a task and seed; ties share the mean of their ranks.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { InvalidArgumentError } from '@foothold/core';
import type { BenchOptions } from './bench-options.ts';
import { builtCommand } from './built-command.ts';

const tasks = [
  'branin',
  'hartmann3',
  'hartmann6',
  'ackley5s',
  'rosenbrock4',
  'levy8',
  'michalewicz5',
  'styblinski6',
  'branin_noise1',
  'mixed',
];
const defaultSamplers = ['foothold', 'optuna-gp', 'optuna-tpe', 'random'];
const samplers = [...defaultSamplers, 'optuna-tpe-multivariate'];
const root = join(import.meta.dirname, '../..');

interface Run {
  readonly kind: 'run' | 'bridge';
  readonly sampler: string;
  readonly task: string;
  readonly seed: number;
  readonly trials: number;
  /** Of the best value so far, after the last trial and after half of them. */
  readonly regret: number;
  readonly half: number;
  /** In all calls of the sampler. */
  readonly seconds: number;
  /** Milliseconds in the sampler without those of the engine's suggestion, of the last ten trials. */
  readonly bridge?: readonly number[];
  /** Of these trials, the processor's milliseconds in Python: what others do on the machine is not in them. */
  readonly cpu?: readonly number[];
}

export async function optuna({ quick, seeds, python, words, emit }: BenchOptions): Promise<void> {
  const program = python ?? process.env['FOOTHOLD_PYTHON'];
  if (program === undefined)
    throw new InvalidArgumentError('--python', program, 'a Python with optuna, torch and scipy');
  const odd = words.find((word) => !tasks.includes(word) && !samplers.includes(word));
  if (odd !== undefined)
    throw new InvalidArgumentError('a word', odd, `one of ${[...tasks, ...samplers].join(', ')}`);
  const chosen = (all: readonly string[], otherwise: readonly string[]) => {
    const named = all.filter((name) => words.includes(name));
    return named.length > 0 ? named : otherwise;
  };
  const of = {
    seeds: seeds ?? (quick ? 1 : 5),
    trials: quick ? 20 : 50,
    tasks: chosen(tasks, quick ? tasks.slice(0, 2) : tasks),
    samplers: chosen(samplers, defaultSamplers),
  };
  const rows: Run[] = [];
  let versions: object | undefined;
  for await (const line of linesOf(program, of)) {
    const row = JSON.parse(line);
    if (versions === undefined) versions = row;
    else {
      rows.push(row);
      emit({ bench: 'optuna', ...row });
    }
  }
  emit({ bench: 'optuna', summary: { ...of, versions, ...summary(rows, of.samplers) } });
}

/** The lines that the script prints. Throws where it fails. */
async function* linesOf(
  program: string,
  of: {
    readonly seeds: number;
    readonly trials: number;
    readonly tasks: readonly string[];
    readonly samplers: readonly string[];
  },
): AsyncGenerator<string> {
  const script = join(import.meta.dirname, 'optuna-samplers.py');
  const words = [script, `${of.seeds}`, `${of.trials}`, of.tasks.join(), of.samplers.join()];
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      // What Optuna's documentation advises for GPSampler.
      OMP_NUM_THREADS: '1',
      PYTHONPATH: join(root, 'integrations/python/src'),
      FOOTHOLD_ENGINE: `"${process.execPath}" "${builtCommand}"`,
    },
  });
  const ended = once(child, 'close');
  yield* createInterface({ input: child.stdout });
  const [code] = await ended;
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}

function summary(rows: readonly Run[], names: readonly string[]) {
  const runs = rows.filter(({ kind }) => kind === 'run');
  const bridged = rows.filter(({ kind }) => kind === 'bridge');
  const bridge = bridged.flatMap((row) => row.bridge ?? []);
  const cpu = bridged.flatMap((row) => row.cpu ?? []);
  const seconds = (name: string) => mean(runs.filter((r) => r.sampler === name).map((r) => r.seconds));
  const ranks = new Map(names.map((name) => [name, [] as number[]]));
  for (const row of runs) {
    const others = runs.filter(({ task, seed }) => task === row.task && seed === row.seed);
    const better = others.filter(({ regret }) => regret < row.regret).length;
    const same = others.filter(({ regret }) => regret === row.regret).length;
    ranks.get(row.sampler)!.push(better + (same + 1) / 2);
  }
  return {
    meanRank: rounded(names, (name) => mean(ranks.get(name)!)),
    /** Mean over the runs of log10 of the regret, at least 1e-6. */
    logRegret: rounded(names, (name) =>
      mean(
        runs
          .filter(({ sampler }) => sampler === name)
          .map(({ regret }) => Math.log10(Math.max(regret, 1e-6))),
      ),
    ),
    secondsPerRun: rounded(names, seconds),
    timesFaster: rounded(names, (name) => seconds(name) / seconds('foothold')),
    bridgeMs: { median: median(bridge), least: Math.min(...bridge), cpuMedian: median(cpu) },
  };
}

function rounded(names: readonly string[], of: (name: string) => number) {
  return Object.fromEntries(names.map((name) => [name, Number(of(name).toPrecision(3))]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

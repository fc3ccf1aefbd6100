/**
 * Epochs spent on LCBench curves until a trial has ended that is as good as the best of 100 trials without pruning.
 *
 * `pnpm bench pruning [--quick] [--seeds N] [tasks… | other] [noise:SHARE]`: random settings, the same for every pruner. A run may
 * spend what no pruning spends on the 100 trials, 5,200 epochs; one that has not got there counts as that and is `missed`.
 * FOOTHOLD_PYTHON names a Python with Optuna, which runs on the same curves; without it only our pruners run. `other` takes
 * the tasks that defaults were chosen on. `noise:0.1` multiplies each value but the last one of a curve by 1 + 0.1 · N(0, 1):
 * the surrogate's curves are smoother than measured ones.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError, type Params, type Pruner, seeded } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { createStudy, pruners } from 'foothold';
import type { BenchOptions } from './bench-options.ts';
import { lcbenchCurves, lcbenchSpace, smallLargeTasks } from './lcbench.ts';
import { bestOfOthers } from './lcbench-others.ts';

const epochs = 52;
/** Trials without pruning whose best value is to be reached. */
const trials = 100;
const budget = trials * epochs;
/** Settings of a task; a run takes them in an order of its own. No run can begin more. */
const settings = budget;

const { asha, hyperbandPruner, medianPruner, patientPruner, percentilePruner } = pruners;
const compared: Readonly<Record<string, Pruner | undefined>> = {
  'no pruning': undefined,
  asha: asha(),
  hyperband: hyperbandPruner({ maxResource: epochs }),
  median: medianPruner(),
  'median, warm-up 4': medianPruner({ warmupSteps: 4 }),
  'percentile 25': percentilePruner(),
  'percentile 25, warm-up 4': percentilePruner({ warmupSteps: 4 }),
  'patient asha': patientPruner(asha(), { patience: 3 }),
};

/** One random sequence of settings. */
interface Run {
  readonly task: string;
  readonly seed: number;
  readonly order: readonly number[];
  /** Error to be reached. */
  readonly target: number;
}
/** What a pruner needed. */
interface Needed {
  readonly pruner: string;
  readonly task: string;
  readonly seed: number;
  readonly epochs: number;
  readonly missed: boolean;
  /** Trials begun. */
  readonly trials: number;
}

export async function pruning(options: BenchOptions): Promise<void> {
  const { quick, words, emit } = options;
  const seeds = options.seeds ?? (quick ? 1 : 5);
  const other = Object.keys(bestOfOthers);
  const named = [...smallLargeTasks, ...other].filter((task) => words.includes(task));
  const all = named.length > 0 ? named : words.includes('other') ? other : smallLargeTasks;
  const tasks = quick ? all.slice(0, 2) : all;
  const curves: Record<string, (readonly number[])[]> = {};
  const noise = noiseOf(words);
  for (const task of tasks) curves[task] = noisy(await curvesOf(task), { noise, task });
  const runs = tasks.flatMap((task) => Array.from({ length: seeds }, (_, seed) => runOf(curves, task, seed)));
  const results: Needed[] = [];
  const add = (result: Needed) => {
    results.push(result);
    emit({ bench: 'pruning', ...result });
  };
  for (const [name, pruner] of Object.entries(compared))
    for (const run of runs) add(await needed(curves[run.task]!, run, { name, pruner }));
  const optuna = optunaResults(curves, runs);
  for (const result of optuna.results) add(result);
  emit({
    bench: 'pruning',
    summary: { seeds, tasks, noise, trials, budget, optuna: optuna.version, ...summary(results) },
  });
}

async function curvesOf(task: string): Promise<(readonly number[])[]> {
  const curve = await lcbenchCurves();
  const settingsSpace = lcbenchSpace();
  const rng = seeded(`pruning ${task}`);
  const steps = Array.from({ length: epochs }, (_, i) => i + 1);
  const all: (readonly number[])[] = [];
  for (let k = 0; k < settings; k++) {
    const params = settingsSpace.decode(Float64Array.from(settingsSpace.columns, () => rng.next())) as Params;
    all.push((await curve(task, steps, params)).map((error) => Math.round(error * 1e6) / 1e6));
  }
  return all;
}

/** The share of a word `noise:0.1`; 0 without one. */
function noiseOf(words: readonly string[]): number {
  const word = words.find((text) => text.startsWith('noise:'));
  const noise = Number(word?.slice('noise:'.length) ?? 0);
  if (!(noise >= 0 && noise < Infinity)) throw new InvalidArgumentError('noise', word, 'noise:SHARE, from 0');
  return noise;
}

/** The last value of each curve stays: it is what counts in the end. */
function noisy(
  curves: (readonly number[])[],
  { noise, task }: { readonly noise: number; readonly task: string },
): (readonly number[])[] {
  if (noise === 0) return curves;
  const rng = seeded(`noise of ${task}`);
  const normal = () => Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
  return curves.map((curve) => curve.map((v, i) => (i === epochs - 1 ? v : v * (1 + noise * normal()))));
}

function runOf(
  curves: Readonly<Record<string, readonly (readonly number[])[]>>,
  task: string,
  seed: number,
): Run {
  const rng = seeded(`pruning ${task} ${seed}`);
  const order = Array.from({ length: settings }, (_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(rng.next() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const target = Math.min(...order.slice(0, trials).map((k) => curves[task]![k]!.at(-1)!));
  return { task, seed, order, target };
}

/** The values are what counts: every trial has the same parameters. */
const space = searchSpace({ x: uniform(0, 1) });
const sampler = { supports: ['continuous'] as const, sample: () => [{ params: { x: 0.5 } as never }] };

async function needed(
  curves: readonly (readonly number[])[],
  { task, seed, order, target }: Run,
  { name, pruner }: { readonly name: string; readonly pruner: Pruner | undefined },
): Promise<Needed> {
  const study = createStudy({ space, sampler, direction: 'minimize', pruner });
  let spent = 0;
  for (const [index, k] of order.entries()) {
    const curve = curves[k]!;
    const ended = { pruner: name, task, seed, trials: index + 1 };
    const { number } = await study.ask();
    let isPruned = false;
    for (let i = 0; i < epochs && !isPruned; i++) {
      if (spent === budget) return { ...ended, epochs: budget, missed: true };
      spent++;
      isPruned = (await study.report(number, i + 1, curve[i]!)) === 'prune';
    }
    const value = curve.at(-1)!;
    if (!isPruned && value <= target) return { ...ended, epochs: spent, missed: false };
    await study.tell(number, isPruned ? { state: 'pruned' } : { state: 'complete', value });
  }
  throw new Error(`${settings} settings are too few for ${name}`);
}

/** What the pruners of Optuna need on the same curves in the same order. */
function optunaResults(
  curves: Readonly<Record<string, unknown>>,
  runs: readonly Run[],
): { readonly version: string; readonly results: readonly Needed[] } {
  const python = process.env['FOOTHOLD_PYTHON'];
  if (python === undefined)
    return { version: 'absent: FOOTHOLD_PYTHON names no Python with Optuna', results: [] };
  const folder = mkdtempSync(join(tmpdir(), 'foothold-pruning-'));
  try {
    const file = join(folder, 'curves.json');
    writeFileSync(file, JSON.stringify({ curves, runs, budget }));
    const script = join(import.meta.dirname, 'pruning-optuna.py');
    const output = execFileSync(python, [script, file], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const [version, ...results] = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    return { version, results };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Names of Optuna's pruners with our defaults end in this. */
const ourSettings = ', our settings';

/** For each pruner the mean and the geometric mean of the epochs, and how many runs did not get there. */
function summary(results: readonly Needed[]) {
  const names = [...new Set(results.map(({ pruner }) => pruner))];
  const rows = names.map((name) => {
    const own = results.filter(({ pruner }) => pruner === name);
    const mean = (of: (result: Needed) => number) =>
      own.reduce((sum, result) => sum + of(result), 0) / own.length;
    return [
      name,
      {
        epochs: Math.round(mean((result) => result.epochs)),
        geometric: Math.round(Math.exp(mean((result) => Math.log(result.epochs)))),
        missed: own.filter(({ missed }) => missed).length,
      },
    ] as const;
  });
  const epochsOf = new Map(rows.map(([name, { epochs: mean }]) => [name, mean]));
  const best = (isOurs: boolean) =>
    Math.min(
      ...[...epochsOf].flatMap(([name, mean]) =>
        name.startsWith('optuna') && name.endsWith(ourSettings) === isOurs ? [mean] : [],
      ),
    );
  const hyperbandOfOptuna = epochsOf.get('optuna hyperband');
  return {
    runs: results.filter(({ pruner }) => pruner === names[0]).length,
    pruners: Object.fromEntries(rows),
    noMoreThanOptuna:
      hyperbandOfOptuna === undefined
        ? null
        : {
            ashaWithItsDefaults: epochsOf.get('asha')! <= best(false),
            ashaWithOurSettings: epochsOf.get('asha')! <= best(true),
            hyperband: epochsOf.get('hyperband')! <= hyperbandOfOptuna,
          },
  };
}

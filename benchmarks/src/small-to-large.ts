/**
 * A small stage (epoch 5) that speeds up a large one (epoch 52) on LCBench, 6 tasks × 3 seeds, as in the shared figures.
 *
 * `pnpm bench small-to-large [--seeds N] [given] [own] [cold] [misleading] [others]`: `others` runs the 29 other tasks of
 * the surrogate, to choose on; their `given` is the settings of the recorded histories, evaluated there.
 */
import { type Params, seeded, type Trial } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { autoSampler } from 'foothold';
import type { BenchOptions } from './bench-options.ts';
import {
  type LcbenchError,
  lcbench,
  lcbenchReference,
  lcbenchSpace,
  smallHistories,
  smallLargeTasks,
} from './lcbench.ts';
import { bestOfOthers } from './lcbench-others.ts';

const shownAfter = [1, 2, 3, 5, 7, 10] as const;
const smallEpoch = 5;
const largeEpoch = 52;
const smallTrials = 21;
const largeTrials = 10;

/** Recorded means after `shownAfter` evaluations; null where the source gives none. */
const references: Readonly<Record<string, readonly (readonly [string, readonly (number | null)[]])[]>> = {
  given: [
    ['small best, then random', [0.559, 0.488, 0.485, 0.468, 0.45, 0.358]],
    ['scaleup-optimizer 1.0.6', [0.559, 0.343, 0.282, 0.242, 0.233, 0.222]],
    ['RGPE', [0.559, 0.426, 0.393, 0.363, 0.304, 0.257]],
    ['BoTorch MultiTaskGP', [0.559, 0.43, 0.319, 0.251, 0.239, 0.213]],
  ],
  own: [['BoTorch MultiTaskGP, small stage by BoTorch too', [0.236, 0.217, 0.213, 0.175, 0.161, 0.145]]],
  cold: [['BO from scratch', [0.811, 0.487, 0.436, 0.288, 0.262, 0.231]]],
  misleading: [
    ['scaleup-optimizer 1.0.6', [1.44, 0.328, null, null, null, 0.288]],
    ['BoTorch MultiTaskGP', [1.44, 0.446, null, null, null, 0.183]],
    ['from scratch', [0.73, 0.389, null, null, null, 0.214]],
  ],
};

type Source = { readonly params: Params; readonly value: number };
interface Bench {
  readonly error: LcbenchError;
  readonly linalg: Awaited<ReturnType<typeof wasm>>;
}

export async function smallToLarge(options: BenchOptions): Promise<void> {
  const bench = { error: await lcbench(), linalg: await wasm() };
  const others = options.words.includes('others');
  const reference = lcbenchReference();
  const given = smallHistories();
  const all: readonly string[] = others ? Object.keys(bestOfOthers) : smallLargeTasks;
  const tasks = options.quick ? all.slice(0, 2) : all;
  const seeds = options.seeds ?? (options.quick ? 1 : 3);
  const named = options.words.filter((word) => word !== 'others');
  const wanted = named.length > 0 ? named : ['given', 'own', 'cold', 'misleading'];
  /** The recorded history, or another task's settings evaluated on this one. */
  const givenOf = async (task: string, seed: number): Promise<readonly Source[]> => {
    const own = given.find((h) => h.task === task && h.seed === seed % 3);
    if (own) return own.trials;
    const { trials } = given.filter((h) => h.seed === seed % 3)[
      tasks.indexOf(task) % smallLargeTasks.length
    ]!;
    return Promise.all(
      trials.map(async ({ params }) => ({ params, value: await bench.error(task, smallEpoch, params) })),
    );
  };
  const summary: Record<string, unknown> = {};
  for (const kind of wanted) {
    const curves: number[][] = [];
    for (const [t, task] of tasks.entries())
      for (let seed = 0; seed < seeds; seed++) {
        const started = performance.now();
        let source: readonly Source[] | undefined;
        if (kind === 'given') source = await givenOf(task, seed);
        if (kind === 'own')
          source = await stage(bench, { task, seed, epoch: smallEpoch, trials: smallTrials });
        if (kind === 'misleading') {
          const other = tasks[(t + 1) % tasks.length]!;
          source = await stage(bench, {
            task: other,
            seed: 100 + seed,
            epoch: largeEpoch,
            trials: smallTrials,
          });
        }
        const large = await stage(bench, { task, seed, epoch: largeEpoch, trials: largeTrials, source });
        const { best, best_local = bestOfOthers[task] ?? best, median } = reference[task]!;
        let least = Infinity;
        const curve = large.map(({ value }) => {
          least = Math.min(least, value);
          return (least - best_local) / (median - best_local);
        });
        curves.push(curve);
        options.emit({
          bench: 'small-to-large',
          kind,
          task,
          seed,
          regret: at(curve),
          curve: curve.map((r) => Math.round(1e4 * r) / 1e4),
          milliseconds: Math.round(performance.now() - started),
        });
      }
    const mean = curves[0]!.map((_, k) => curves.reduce((sum, c) => sum + c[k]! / curves.length, 0));
    summary[kind] = { after: shownAfter, regret: at(mean) };
    options.emit({
      bench: 'small-to-large',
      kind,
      method: 'autoSampler',
      after: shownAfter,
      regret: at(mean),
    });
    for (const [method, regret] of others ? [] : (references[kind] ?? []))
      options.emit({ bench: 'small-to-large', kind, method, recorded: true, after: shownAfter, regret });
  }
  options.emit({ bench: 'small-to-large', summary });
}

function at(curve: readonly number[]): number[] {
  return shownAfter.map((k) => Math.round(1000 * curve[k - 1]!) / 1000);
}

/** One study by the defaults, from a source where there is one. */
async function stage(
  { error, linalg }: Bench,
  run: {
    readonly task: string;
    readonly seed: number;
    readonly epoch: number;
    readonly trials: number;
    readonly source?: readonly Source[] | undefined;
  },
): Promise<Source[]> {
  const space = lcbenchSpace();
  const transfer = run.source && [{ name: 'small', trials: run.source, direction: 'minimize' as const }];
  const sampler = autoSampler({ linalg, transfer });
  const trials: Trial[] = [];
  const rng = seeded(run.seed).fork(`${run.task} ${run.epoch}`);
  const result: Source[] = [];
  for (let k = 0; k < run.trials; k++) {
    const [proposal] = await sampler.sample({
      space,
      direction: 'minimize',
      trials,
      count: 1,
      rng: rng.fork(k),
      plannedTrials: run.trials,
    });
    const { params, why, samplerState } = proposal!;
    const value = await error(run.task, run.epoch, params);
    trials.push({
      number: k,
      params,
      reports: [],
      ...(why && { why }),
      ...(samplerState && { samplerState }),
      state: 'complete',
      value,
    });
    result.push({ params, value });
  }
  return result;
}

/**
 * What `npm start` shows, for many seeds: stock settings, random search, a cold start and small to large on digits.
 *
 * `pnpm bench first-run [--seeds N] [--quick] [from=SEED]`. Each row has the best share of misread digits by
 * search, on the digits that trainings are judged on and on new ones, and the large trainings that small to large needs
 * for the cold start's last value.
 */
import {
  budgets,
  type Comparison,
  compareSearches,
  digitTask,
  type Stage,
  usualTrials,
} from '@foothold/app-demo/tuning';
import { bestOf, trialsToReach, verdict } from '@foothold/app-demo/verdict';
import { wasm } from '@foothold/linalg';
import type { BenchOptions } from './bench-options.ts';
import { median } from './median.ts';

const compared = ['stock', 'random', 'cold', 'large'] as const satisfies readonly Stage[];

export async function firstRun({ quick, seeds = quick ? 1 : 10, words, emit }: BenchOptions): Promise<void> {
  const trials = quick ? 6 : usualTrials;
  const from = Number(words.find((word) => word.startsWith('from='))?.slice(5) ?? 0);
  const linalg = await wasm();
  const task = digitTask();
  const rows: Row[] = [];
  for (let seed = from; seed < from + seeds; seed++) {
    const before = process.cpuUsage();
    const comparison = await compareSearches(task, { trials, seed, linalg });
    const { user, system } = process.cpuUsage(before);
    const row = rowOf(comparison, { task, seed, cpuSeconds: (user + system) / 1e6 });
    rows.push(row);
    const values = (stage: Stage) => comparison[stage].map((t) => (t.state === 'complete' ? t.value : null));
    emit({
      bench: 'first-run',
      ...row,
      values: { random: values('random'), cold: values('cold'), large: values('large') },
      verdict: verdict(comparison, row.newDigits),
    });
  }
  emit({ bench: 'first-run', summary: summaryOf(rows, trials) });
}

/** The figures of one seed. */
function rowOf(
  comparison: Comparison,
  {
    task,
    seed,
    cpuSeconds,
  }: { readonly task: ReturnType<typeof digitTask>; readonly seed: number; readonly cpuSeconds: number },
): Row {
  const figures = (of: (stage: (typeof compared)[number]) => number) =>
    Object.fromEntries(compared.map((stage) => [stage, of(stage)])) as Figures;
  const misread = figures((stage) => bestOf(comparison, stage).value);
  const newDigits = figures((stage) => task.newDigits(bestOf(comparison, stage).params));
  const reached = trialsToReach(comparison.large, bestOf(comparison, 'cold').value);
  return {
    ...{ seed, misread, newDigits, reached: reached ?? null, gain: 1 - misread.large / misread.stock },
    coldGain: 1 - misread.cold / misread.stock,
    closed: (misread.stock - misread.random) / (misread.stock - misread.large),
    closedCold: (misread.stock - misread.random) / (misread.stock - misread.cold),
    trainingSeconds: {
      cold: seconds(comparison, ['cold']),
      smallToLarge: seconds(comparison, ['small', 'large']),
    },
    cpuSeconds,
  };
}

/** Medians over the seeds, and on how many of them the order is as expected. */
function summaryOf(rows: readonly Row[], trials: number) {
  const { large } = budgets(trials);
  const medianOf = (of: (row: Row) => number) => median(rows.map(of));
  const each = (key: 'misread' | 'newDigits') =>
    Object.fromEntries(compared.map((stage) => [stage, medianOf((row) => row[key][stage])]));
  return {
    ...{ seeds: rows.length, trials, largeTrials: large },
    ...{ misread: each('misread'), newDigits: each('newDigits') },
    gain: medianOf((row) => row.gain),
    minGain: Math.min(...rows.map((row) => row.gain)),
    coldGain: medianOf((row) => row.coldGain),
    newDigitsGain: medianOf((row) => 1 - row.newDigits.large / row.newDigits.stock),
    closedByRandom: medianOf((row) => row.closed),
    closedByRandomOfCold: medianOf((row) => row.closedCold),
    /** Large trainings until the cold start's last value, as a share of its own; one more than given where not reached. */
    reachedShare: medianOf((row) => (row.reached ?? large + 1) / trials),
    reachedSeeds: rows.filter((row) => row.reached !== null).length,
    /** Seeds on which the table shows stock ≥ random > cold > small to large, by one decimal of a percentage. */
    orderedSeeds: rows.filter(({ misread: m }) => {
      const [stock, random, cold, large] = compared.map((stage) => Math.round(1000 * m[stage]));
      return stock! >= random! && random! > cold! && cold! > large!;
    }).length,
    /** Seeds on which both tuned results show as lower than random search's. */
    tunedBeatsRandomSeeds: rows.filter(({ misread: m }) => Math.max(m.cold, m.large) < m.random - 5e-4)
      .length,
    coldSeconds: medianOf((row) => row.trainingSeconds.cold),
    smallToLargeSeconds: medianOf((row) => row.trainingSeconds.smallToLarge),
    cpuSeconds: medianOf((row) => row.cpuSeconds),
  };
}

type Figures = Readonly<Record<(typeof compared)[number], number>>;
interface Row {
  readonly seed: number;
  readonly misread: Figures;
  readonly newDigits: Figures;
  readonly reached: number | null;
  readonly gain: number;
  readonly coldGain: number;
  readonly closed: number;
  readonly closedCold: number;
  /** CPU seconds of the trainings. */
  readonly trainingSeconds: { readonly cold: number; readonly smallToLarge: number };
  readonly cpuSeconds: number;
}

function seconds(comparison: Comparison, of: readonly Stage[]): number {
  const trials = of.flatMap((stage) => comparison[stage]);
  return trials.reduce((sum, t) => sum + (t.state === 'complete' ? (t.metrics?.['seconds'] ?? 0) : 0), 0);
}

/**
 * What an adviser gains and costs: the default model with fake language models, good and bad, beside itself without one, with the
 * same seeds in one run.
 *
 * `pnpm bench adviser [--quick] [--seeds N] [words…]`: 25 evaluations and 20 seeds of the ten tasks; `--quick` runs three tasks with 3
 * seeds. Words name tasks, or `other` for those that nothing is reported on, and advisers; `from=1000` is the first seed,
 * `mean-shift` and `strength=5` are options of the sampler.
 *
 * `ratio` is the geometric mean of the regret after 25 trials over that without adviser; `meanRatio` that of the arithmetic means; `at12` the
 * geometric mean after 12 over that after 25 without; `reached` the first trial at which that is 1 at most. `same` counts the
 * seeds whose trials are those without adviser. Regrets below 1e-6 count as that.
 */
import type { LanguageModel } from '@foothold/core';
import { adviserFakes } from './adviser-fakes.ts';
import { type AdviserRun, type AdviserSettings, adviserRun, evaluations } from './adviser-run.ts';
import type { BenchOptions } from './bench-options.ts';
import { otherTasks, peerTasks, type RegretTask } from './regret-tasks.ts';

const early = 12;
/** Regrets below this are rounding. */
const floor = 1e-6;

export async function adviser({ quick, words, seeds: wanted, emit }: BenchOptions): Promise<void> {
  const count = wanted ?? (quick ? 3 : 20);
  const first = Number(wordAfter(words, 'from') ?? 0);
  const seeds = Array.from({ length: count }, (_, i) => first + i);
  const settings = settingsOf(words);
  const all = new Map<string, Row[]>();
  for (const task of tasksOf(words, quick)) {
    const plain: AdviserRun[] = [];
    for (const seed of seeds) plain.push(await adviserRun(task, seed));
    for (const [name, model] of wantedFakes(task, words)) {
      const row = await compared(task, { plain, seeds, model, settings });
      all.set(name, [...(all.get(name) ?? []), row]);
      emit({ bench: 'adviser', task: task.name, adviser: name, seeds: count, ...row });
    }
  }
  emit({ bench: 'adviser', summary: { seeds: count, ...settings, ...summaryOf(all) } });
}

function tasksOf(words: readonly string[], quick: boolean): readonly RegretTask[] {
  const named = [...peerTasks, ...otherTasks].filter(({ name }) => words.includes(name));
  if (named.length > 0) return named;
  return words.includes('other') ? otherTasks : peerTasks.slice(0, quick ? 3 : 10);
}

function wantedFakes(task: RegretTask, words: readonly string[]) {
  const fakes = Object.entries(adviserFakes(task));
  const named = fakes.filter(([name]) => words.includes(name));
  return named.length > 0 ? named : fakes;
}

function wordAfter(words: readonly string[], name: string): string | undefined {
  return words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

function settingsOf(words: readonly string[]): AdviserSettings {
  const strength = wordAfter(words, 'strength');
  return {
    ...(words.includes('mean-shift') && { influence: 'mean-shift' }),
    ...(strength !== undefined && { strength: Number(strength) }),
  };
}

interface Row {
  readonly ratio: number;
  readonly meanRatio: number;
  readonly at12: number;
  readonly reached: number | null;
  readonly same: number;
  readonly followed: number;
  readonly tokens: number;
  readonly tokensAboveBudget: number;
}

interface Comparison {
  readonly plain: readonly AdviserRun[];
  readonly seeds: readonly number[];
  readonly model: () => LanguageModel;
  readonly settings: AdviserSettings;
}

async function compared(task: RegretTask, { plain, seeds, model, settings }: Comparison): Promise<Row> {
  const runs: AdviserRun[] = [];
  for (const seed of seeds) runs.push(await adviserRun(task, seed, { model: model(), ...settings }));
  const goal = logRegret(plain, evaluations);
  const reached = Array.from({ length: evaluations }, (_, k) => k + 1).find(
    (k) => logRegret(runs, k) <= goal,
  );
  return {
    ratio: Math.exp(logRegret(runs, evaluations) - goal),
    meanRatio: mean(runs.map(lastRegret)) / mean(plain.map(lastRegret)),
    at12: Math.exp(logRegret(runs, early) - goal),
    reached: reached ?? null,
    same: runs.filter((run, i) => paramsOf(run) === paramsOf(plain[i]!)).length,
    followed: mean(runs.map(({ followed }) => followed)),
    tokens: mean(runs.map(({ tokens }) => tokens)),
    tokensAboveBudget: runs.reduce((sum, { above }) => sum + above, 0),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const lastRegret = ({ regrets }: AdviserRun) => Math.max(regrets[evaluations - 1]!, floor);
const logRegret = (runs: readonly AdviserRun[], k: number) =>
  mean(runs.map(({ regrets }) => Math.log(Math.max(regrets[k - 1]!, floor))));
const paramsOf = ({ trials }: AdviserRun) => JSON.stringify(trials.map(({ params }) => params));

function summaryOf(all: ReadonlyMap<string, readonly Row[]>) {
  const means = (of: (row: Row) => number) =>
    Object.fromEntries(
      [...all].map(([name, rows]) => [name, Math.exp(mean(rows.map((r) => Math.log(of(r)))))]),
    );
  const every = [...all.values()].flat();
  return {
    tasks: largest([...all.values()].map((rows) => rows.length)),
    ratio: means(({ ratio }) => ratio),
    at12: means(({ at12 }) => at12),
    tokensAboveBudget: every.reduce((sum, row) => sum + row.tokensAboveBudget, 0),
  };
}

const largest = (values: readonly number[]) => values.reduce((top, v) => Math.max(top, v), 0);

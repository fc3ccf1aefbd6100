/** One run of a task with an adviser, or without one. */
import { logExpectedImprovement } from '@foothold/acquisitions';
import { type LanguageModel, type Sampler, seeded, type Trial } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { type AdvisedOptions, advised, ledger, limitedModel, parametersOf, taskCard } from '@foothold/llm';
import { bayesian } from '@foothold/samplers';
import type { RegretTask } from './regret-tasks.ts';

export const evaluations = 25;
/** Tokens of a run; above what 20 answers of most fakes need. */
const maxTokens = 200_000;

export interface AdviserRun {
  /** Gap of the best noiseless value to the minimum after each evaluation. */
  readonly regrets: readonly number[];
  readonly trials: readonly Trial[];
  /** Trials that were the adviser's. */
  readonly followed: number;
  readonly tokens: number;
  /** Tokens beyond the budget. */
  readonly above: number;
}

export type AdviserSettings = Pick<AdvisedOptions, 'influence' | 'strength'>;

export async function adviserRun(
  task: RegretTask,
  seed: number,
  { model, ...settings }: AdviserSettings & { readonly model?: LanguageModel } = {},
): Promise<AdviserRun> {
  const account = ledger({ maxTokens });
  const limits = { ledger: account, retry: { retries: 0 }, clock: immediateClock() };
  const sampler = await samplerOf(task, model && limitedModel(model, limits), settings);
  const trials: Trial[] = [];
  const regrets: number[] = [];
  let followed = 0;
  for (let number = 0; number < evaluations; number++) {
    const rng = seeded(`adviser ${seed}`).fork(number);
    const [made] = await sampler.sample({
      ...{ space: task.space, direction: 'minimize', trials, count: 1, rng },
    });
    const { params, samplerState, why } = made!;
    if ((why?.['adviser'] as { readonly followed?: boolean } | undefined)?.followed) followed++;
    const exact = task.f(params);
    const value = exact + task.noise * (seeded(`noise ${seed} ${number}`).next() - 0.5) * Math.sqrt(12);
    const kept = { ...(samplerState && { samplerState }) };
    trials.push({ number, params, reports: [], state: 'complete', value, ...kept });
    regrets.push(Math.min(regrets.at(-1) ?? Infinity, exact - task.minimum));
  }
  const { promptTokens, completionTokens } = account.state();
  const tokens = promptTokens + completionTokens;
  return { regrets, trials, followed, tokens, above: Math.max(tokens - maxTokens, 0) };
}

async function samplerOf(
  { space }: RegretTask,
  model: LanguageModel | undefined,
  settings: AdviserSettings,
): Promise<Sampler> {
  const beneath = bayesian({
    surrogate: gaussianProcess({ columns: space.columns, linalg: await wasm() }),
    acquisition: logExpectedImprovement(),
  });
  if (!model) return beneath;
  const card = taskCard({
    model: 'function',
    task: 'minimization',
    metric: 'value',
    direction: 'minimize',
    hyperparameters: Object.fromEntries([...parametersOf(space)!.keys()].map((name) => [name, {}])),
  });
  return advised(beneath, { model, card, ...settings });
}

/** Time passes at once when all that follows from promises is done: a call that does not end is out of time. */
function immediateClock() {
  let now = 0;
  return {
    now: () => now,
    async sleep(milliseconds: number, signal?: AbortSignal) {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      now += milliseconds;
    },
  };
}

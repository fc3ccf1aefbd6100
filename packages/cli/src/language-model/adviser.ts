import { randomBytes } from 'node:crypto';
import type { Direction, Sampler, TokenUsage } from '@foothold/core';
import {
  advised,
  BudgetExceededError,
  checkLanguageModel,
  ledger,
  type Prices,
  type TaskCard,
  taskCard,
} from '@foothold/llm';
import type { ParameterSpace } from '@foothold/space';
import type { StudyRecord } from '@foothold/study';
import { json } from '../json-text.ts';
import { readText } from '../read-text.ts';
import type { AdviserFlags } from './adviser-flags.ts';
import { modelOfFlags } from './model-of-flags.ts';
import { type StudyBudget, studyBudget } from './study-budget.ts';

/** The adviser of a study: a language model with a budget that all runs of the study share. */
export interface Adviser {
  advised(sampler: Sampler): Sampler;
  /**
   * Throws, before the study is made, what the first call would: a missing key, nobody at the address, an unknown model, a budget that is too
   * small. Where the provider does not list the model, one token is asked for.
   */
  check(signal: AbortSignal): Promise<void>;
  /** Writes down what that cost where there was no study yet. */
  remember(): Promise<void>;
  /** What was spent so far, and what of it by other runs, as one line. */
  spent(): Promise<string>;
}

export interface AdvisedStudy {
  readonly space: ParameterSpace;
  readonly direction: Direction;
  readonly metric: string | undefined;
  readonly record: StudyRecord;
}

/**
 * The adviser that the flags name. Nothing is sent. Throws UsageError for flags that do not go together
 * and a file that is not there, InvalidArgumentError for one that is no JSON, TaskCardError for a card that contradicts the space.
 */
export async function adviserOf(
  flags: AdviserFlags & { readonly adviser: string },
  study: AdvisedStudy,
): Promise<Adviser> {
  const { adviser: name, maxCost } = flags;
  const card = await cardOf(flags.card, study);
  const { limited, budgets } = modelOfFlags({
    ...{ name, flag: '--adviser', flags },
    maxCost: { flag: '--max-cost', value: maxCost },
  });
  const budget = studyBudget(study.record, { ...budgets, run: `run ${randomBytes(4).toString('hex')}` });
  const model = limited(budget);
  const before = ledger(budgets);
  const { prices } = budgets;
  const context = flags.card === undefined ? 'none' : 'full';
  return {
    advised: (sampler) => advised(sampler, { model, card, context, prices }),
    async check(signal) {
      const { created } = await study.record.state();
      try {
        await checkLanguageModel(created ? model : limited(before), { signal });
      } catch (error) {
        // A study whose budget is spent goes on without the model.
        if (!(error instanceof BudgetExceededError && error.spent > 0)) throw error;
      }
    },
    async remember() {
      const spent = before.state();
      if (spent.requests > 0) await budget.add(spent);
    },
    spent: async () => spentText(name, await budget.spent(), prices),
  };
}

function spentText(
  name: string,
  { own, others }: Awaited<ReturnType<StudyBudget['spent']>>,
  prices: Prices | undefined,
): string {
  const text = (tokens: number, cost: number) =>
    `${tokens} tokens${prices ? `, cost ${Number(cost.toPrecision(6))}` : ''}`;
  const tokensOf = ({ promptTokens, completionTokens }: TokenUsage) => promptTokens + completionTokens;
  const calls = `${own.requests} ${own.requests === 1 ? 'call' : 'calls'}`;
  const all = text(tokensOf(own) + tokensOf(others), own.cost + others.cost);
  const rest = tokensOf(others) > 0 ? `, ${text(tokensOf(others), others.cost)} of them in other runs` : '';
  return `adviser ${name}: ${calls}, ${all} in all${rest}`;
}

async function cardOf(
  file: string | undefined,
  { space, direction, metric }: AdvisedStudy,
): Promise<TaskCard> {
  const problem = { space, direction };
  if (file !== undefined) return taskCard(json(file, await readText('--card', file)), problem);
  const names = Object.keys(space.description ?? {}).filter((name) => !name.startsWith('$'));
  return taskCard(
    {
      ...{ model: 'a program', task: 'search for good parameters', metric: metric ?? 'value', direction },
      hyperparameters: Object.fromEntries(names.map((name) => [name, {}])),
    },
    problem,
  );
}

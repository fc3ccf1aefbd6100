import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Terminal, table } from '@foothold/app-small-to-large/terminal';
import { InvalidArgumentError, largestOf } from '@foothold/core';
import { LanguageModelError } from '@foothold/llm';
import { fileStorage } from '@foothold/study';
import { armName, armsOf, hasModel, samplerOf } from './arms.ts';
import { BudgetSpentError } from './budget-spent-error.ts';
import { experiment, finishedTrials } from './experiment.ts';
import { checkObjective, objectiveOf } from './objective.ts';
import { type OpenModel, openModel, pricesOf } from './open-model.ts';
import type { Flags } from './options.ts';
import { progress } from './progress.ts';
import { type ArmResult, regretsOf, resultsOf, wholeComparisons } from './results.ts';
import { studyNameOf } from './study-name.ts';
import { tasksOf } from './tasks.ts';
import { writeResults } from './write-results.ts';

export interface RunOptions {
  readonly to: Terminal;
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/**
 * The whole comparison: checks, searches, files, table. Evaluations that the folder has already are not made again. Rejects with what is
 * wrong before the first trial, with the signal's reason, and with BudgetSpentError after the files of the comparisons that are whole.
 */
export async function run(flags: Flags, { to, signal, now }: RunOptions): Promise<readonly ArmResult[]> {
  const command = { command: flags.objective, timeout: flags.timeout, keyEnv: flags.keyEnvironment };
  const tasks = tasksOf(flags.learners, flags.datasets);
  const arms = armsOf(flags.methods, flags.contexts);
  await makeFolder(flags.dir);
  await checkObjective(tasks, command, signal);
  const open = flags.methods.some(hasModel) ? await openModel(flags, signal) : undefined;
  const until = open ? AbortSignal.any([signal, open.stopped]) : signal;
  const evaluations = flags.initial + flags.trials;
  const storage = fileStorage(join(flags.dir, 'studies'));
  const common = {
    ...{ tasks, arms, repeats: flags.repeats, evaluations, storage },
    nameOf: studyNameOf(flags, open?.model.name),
  };
  const total = tasks.length * arms.length * flags.repeats * evaluations;
  const show = progress(to, { evaluations, total, now, spent: () => spentText(open) });
  to.line(
    `${tasks.length} tasks, ${arms.length} methods and contexts, ${flags.repeats} repeats: ${total} evaluations.`,
  );
  const prices = pricesOf(flags);
  const report = async () => {
    const whole = wholeComparisons(await finishedTrials(common), evaluations);
    return reported(to, flags, whole);
  };
  try {
    await experiment({
      ...common,
      ...{ seed: flags.seed, signal: until },
      objective: (task) => objectiveOf(task, command),
      sampler: ({ task, arm }) => samplerOf(arm, { ...flags, task, model: open?.model, prices }),
      onTaken: show.taken,
      onTrial: show.trial,
    });
  } catch (error) {
    if (error instanceof BudgetSpentError || error instanceof LanguageModelError) await report();
    throw error;
  } finally {
    await open?.close();
  }
  return report();
}

/** Writes the files and the table of whole comparisons. */
async function reported(
  to: Terminal,
  { dir, initial }: Flags,
  whole: Parameters<typeof regretsOf>[0],
): Promise<readonly ArmResult[]> {
  if (whole.length === 0) {
    to.line('No task has been searched to the end by every method yet.');
    return [];
  }
  const searches = regretsOf(whole);
  const results = resultsOf(searches);
  const files = await writeResults(dir, { searches, results });
  to.line();
  for (const line of table(rowsOf(results, initial))) to.line(line);
  to.line();
  const { searches: count } = results[0]!.regrets[0]!;
  to.line(
    `Average normalized regret of ${count} ${count === 1 ? 'search' : 'searches'}. In ${dir}: ${files.join(', ')}.`,
  );
  return results;
}

function rowsOf(results: readonly ArmResult[], initial: number): readonly (readonly string[])[] {
  const last = largestOf(results.map(({ regrets }) => regrets.length));
  const shown = [...new Set([initial, initial + 5, initial + 10, last])].filter((n) => n <= last);
  return [
    ['method', ...shown.map((n) => `after ${n}`), 'calls', 'tokens', 'without an answer'],
    ...results.map(({ arm, regrets, spent }) => [
      armName(arm),
      ...shown.map((n) => regrets[n - 1]!.mean.toFixed(4)),
      ...[spent.calls, spent.promptTokens + spent.completionTokens, spent.failures].map(String),
    ]),
  ];
}

function spentText(open: OpenModel | undefined): string {
  if (!open) return '';
  const { promptTokens, completionTokens, cost } = open.account.state();
  return `, ${promptTokens + completionTokens} tokens${cost > 0 ? `, cost ${cost.toFixed(4)}` : ''}`;
}

async function makeFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true }).catch((error: Error) => {
    throw new InvalidArgumentError('--dir', dir, `a folder that can be written (${error.message})`);
  });
}

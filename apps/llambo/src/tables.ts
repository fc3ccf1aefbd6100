import { stringify } from 'csv-stringify/sync';
import { type ArmResult, type RegretOfSearch, spentOn } from './results.ts';

/** One line an evaluation. */
export function trialsCsv(searches: readonly RegretOfSearch[]): string {
  const columns = [
    ...['dataset', 'learner', 'method', 'context', 'repeat', 'evaluation', 'state', 'value'],
    ...['generalization', 'regret', 'calls', 'prompt tokens', 'completion tokens', 'cost', 'params'],
  ];
  const rows = searches.flatMap(({ task, arm, repeat, trials, regrets }) =>
    trials.map((trial, k) => {
      const { calls, promptTokens, completionTokens, cost } = spentOn(trial);
      const complete = trial.state === 'complete' ? trial : undefined;
      return [
        ...[task.dataset, task.learner, arm.method, arm.context ?? '', repeat + 1, k + 1, trial.state],
        ...[complete?.value ?? '', complete?.metrics?.['generalization'] ?? '', regrets[k]!],
        ...[calls, promptTokens, completionTokens, cost, JSON.stringify(trial.params)],
      ];
    }),
  );
  return stringify([columns, ...rows]);
}

/** One line an arm and number of evaluations: the average over tasks and repeats. */
export function regretCsv(results: readonly ArmResult[]): string {
  const columns = ['method', 'context', 'evaluation', 'average regret', 'standard error', 'searches'];
  const rows = results.flatMap(({ arm, regrets }) =>
    regrets.map(({ mean, standardError, searches }, k) => [
      ...[arm.method, arm.context ?? '', k + 1, mean],
      ...[Number.isNaN(standardError) ? '' : standardError, searches],
    ]),
  );
  return stringify([columns, ...rows]);
}

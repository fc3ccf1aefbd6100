import {
  comparison,
  convergence,
  parallelCoordinates,
  type ReportSection,
  report,
  transferSection,
} from '@foothold/viz';
import { type Experiment, methods, type TaskTrial } from './experiment.ts';
import { space } from './settings.ts';
import { bestOf, type MethodSummary, methodNames, percent, settingsText, shownCounts } from './summary.ts';

const error = 'validation error';

/** The comparison as one HTML file: methods side by side, the first repeat's trials, and the earlier tasks. */
export function reportOf(
  experiment: Experiment,
  { summary, sizes }: { readonly summary: readonly MethodSummary[]; readonly sizes: readonly string[] },
): Promise<string> {
  const { runs, earlier } = experiment;
  const first = runs.filter(({ repeat }) => repeat === 0);
  const sources = transferSection(first.find(({ method }) => method === 'transfer')?.trials ?? []);
  const repeats = runs.length / methods.length;
  return report({
    title: 'What earlier tasks are worth to a new one',
    summary: `Small networks on sets of articles of Fashion-MNIST: transfer, plain Bayesian optimization and random search with the same number of evaluations, medians of ${repeats} ${repeats === 1 ? 'search' : 'searches'} each.`,
    sections: [
      {
        title: 'The new task',
        text: sizes,
        charts: [
          {
            spec: comparison({
              groups: methods.map((method) => ({
                name: methodNames[method],
                runs: runs.filter((run) => run.method === method).map(({ trials }) => trials.map(scored)),
              })),
              direction: 'minimize',
              value: `lowest ${error} so far`,
            }),
            caption: 'Medians as lines, quartiles as bands.',
          },
        ],
        table: errorsTable(summary),
      },
      {
        title: 'The chosen settings on the test images',
        text: 'The setting with the lowest validation error of each search, judged on images that no choice has seen.',
        table: testTable(summary),
      },
      {
        title: 'Every evaluation of the first repeat',
        charts: [
          {
            spec: convergence({
              series: first.map(({ method, trials }) => ({ name: methodNames[method], trials })),
              direction: 'minimize',
              value: error,
            }),
          },
        ],
      },
      ...(sources ? [{ ...sources, title: `${sources.title}, first repeat` }] : []),
      ...earlier.map(earlierSection),
    ],
  });
}

const scored = (trial: TaskTrial) => (trial.state === 'complete' ? trial.value : Number.NaN);

function errorsTable(summary: readonly MethodSummary[]) {
  const shown = shownCounts(summary[0]?.evaluations ?? 0);
  return {
    caption: `${error} of the best setting so far, by evaluations on the new task`,
    columns: ['method', ...shown.map((n) => `after ${n}`), 'as good as random at its end after'],
    rows: summary.map((s) => [
      methodNames[s.method],
      ...shown.map((n) => s.errors[n - 1]),
      s.needed === Infinity ? 'not reached' : s.needed,
    ]),
  };
}

function testTable(summary: readonly MethodSummary[]) {
  return {
    caption: 'medians; seconds of one search',
    columns: [
      ...['method', 'accuracy', 'macro F1', 'AUC-ROC', 'MSE', 'evaluations', 'training (s)', 'choosing (s)'],
    ],
    rows: summary.map((s) => [
      methodNames[s.method],
      ...[s.accuracy, s.f1, s.auc, s.mse, s.evaluations, s.trainingSeconds, s.choosingSeconds],
    ]),
  };
}

function earlierSection({ task, trials }: Experiment['earlier'][number]): ReportSection {
  const best = bestOf(trials);
  return {
    title: `Earlier task: ${task}`,
    text: best
      ? `Best: ${percent(best.value)} with ${settingsText(best.params)}.`
      : 'No evaluation is complete.',
    charts: [
      {
        spec: parallelCoordinates({ space: space.description, trials, direction: 'minimize', value: error }),
      },
    ],
  };
}

import {
  comparison,
  convergence,
  parallelCoordinates,
  type ReportSection,
  report,
  transferSection,
} from '@foothold/viz';
import type { Configuration } from './configuration.ts';
import { type Examples, space } from './objective.ts';
import {
  bestOf,
  comparisonOf,
  type NetworkTrial,
  percent,
  type Story,
  settingsText,
  sizesText,
} from './summary.ts';

const error = 'validation error';

/** The story as one HTML file: how the errors fell with and without the small network, and every trial. */
export function reportOf(
  story: Story,
  { configuration, examples }: { readonly configuration: Configuration; readonly examples: Examples },
): Promise<string> {
  const { small, large, cold } = story;
  const groups = [
    { name: 'after the small network', runs: [valuesOf(large)] },
    ...(cold ? [{ name: 'cold start', runs: [valuesOf(cold)] }] : []),
  ];
  const sources = transferSection(large);
  const overview: ReportSection = {
    title: 'The large network',
    text: comparisonOf(story),
    facts: [
      fact('small network, best', small),
      fact('large network, best', large),
      ...(cold ? [fact('cold start, best', cold)] : []),
    ],
    charts: [{ spec: comparison({ groups, direction: 'minimize', value: `lowest ${error} so far` }) }],
  };
  return report({
    title: 'Small to large on Fashion-MNIST',
    summary: `A small network's tuning history speeds up the tuning of a large one. Backend ${configuration.backend}, seed ${configuration.seed}.`,
    sections: [
      overview,
      ...(sources ? [sources] : []),
      { title: 'Sizes', text: sizesText(configuration, examples) },
      stage('Trials of the small network', small),
      stage('Trials of the large network, after the small one', large),
      ...(cold ? [stage('Trials of the large network, cold start', cold)] : []),
    ],
  });
}

const valuesOf = (trials: readonly NetworkTrial[]) =>
  trials.map((t) => (t.state === 'complete' ? t.value : Number.NaN));

function fact(name: string, trials: readonly NetworkTrial[]) {
  const best = bestOf(trials);
  return { name, value: best ? percent(best.value) : '–' };
}

function stage(title: string, trials: readonly NetworkTrial[]): ReportSection {
  const best = bestOf(trials);
  const rows = trials.map((t, i) => [
    i + 1,
    t.state === 'complete' ? t.value : undefined,
    t.params.dropout,
    t.params.learningRate,
    t.params.convolutionKernel,
    t.params.poolingKernel,
    remarkOf(t),
  ]);
  const columns = ['trial', error, 'dropout', 'learning rate', 'convolution', 'pooling', 'remark'];
  return {
    title,
    text: best ? `Best: ${percent(best.value)} with ${settingsText(best.params)}.` : 'No trial is complete.',
    charts: [
      { spec: convergence({ series: [{ name: '', trials }], direction: 'minimize', value: error }) },
      {
        spec: parallelCoordinates({
          space: space.description,
          trials,
          direction: 'minimize',
          value: error,
        }),
      },
    ],
    table: { columns, rows, ...(best ? { best: trials.indexOf(best) } : {}) },
  };
}

function remarkOf(trial: NetworkTrial): string | undefined {
  if (trial.state === 'failed') return trial.reason;
  if (trial.state !== 'complete') return trial.state;
  return trial.metrics?.diverged ? 'diverged: counts as guessing' : undefined;
}

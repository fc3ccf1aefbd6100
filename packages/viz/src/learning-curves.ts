import type { Direction, Trial } from '@foothold/core';
import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { bestTrial, finiteTrials } from './finite-trials.ts';
import { crossPath } from './mark-shapes.ts';
import { isDrawable, numberScale, shortNumber } from './number-scale.ts';
import { accent, chart, ink, primary, seriesColors, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';

export interface LearningCurvesOptions extends ChartOptions {
  readonly trials: readonly Trial[];
  readonly direction: Direction;
  /** Title of the value's axis with its unit. Default: 'value'. */
  readonly value?: string;
  /** Title of the step's axis: epochs, samples. Default: 'step'. */
  readonly step?: string;
  /** Whether a trial may be the best one, such as one that was trained to the end. Default: each may. */
  readonly competes?: (trial: Trial) => boolean;
  /** Logarithmic value axis. Default: decided by the values. */
  readonly log?: boolean;
}

/** Curves that can still be distinguished, and points of each. */
const maxCurves = 200;
const maxPoints = 60;

const kinds = ['complete', 'pruned', 'failed', 'running', 'best'] as const;
type Kind = (typeof kinds)[number];
const colors: Readonly<Record<Kind, string>> = {
  complete: primary,
  pruned: seriesColors[7],
  failed: ink.failed,
  running: seriesColors[2],
  best: accent,
};

/**
 * What each trial reported over its steps: a line a trial, coloured by what became of it, with a cross where a pruned or
 * failed one ended. Beyond 200 trials an even selection is shown, with the best and those that run.
 */
export function learningCurves(options: LearningCurvesOptions): ChartSpec {
  const reported = options.trials.filter(({ reports }) => reports.some(({ value }) => isDrawable(value)));
  const rivals = options.competes ? reported.filter(options.competes) : reported;
  const best = bestTrial(finiteTrials(rivals), options.direction);
  const shown = thinned(reported, (trial) => trial === best || trial.state === 'running', maxCurves);
  const kindOf = (trial: Trial): Kind => (trial === best ? 'best' : trial.state);
  const points = shown.flatMap((trial) => curveOf(trial, kindOf(trial)));
  const ends = shown
    .filter(({ state }) => state === 'pruned' || state === 'failed')
    .flatMap((trial) => curveOf(trial, kindOf(trial)).slice(-1));
  const { scale, axis } = numberScale(
    points.map(({ y }) => y),
    { log: options.log },
  );
  const domain = kinds.filter((kind) => points.some(({ k }) => k === kind));
  const color = {
    field: 'k',
    type: 'nominal',
    scale: { domain, range: domain.map((kind) => colors[kind]) },
    legend: reported.length > 1 ? { title: null, symbolType: 'stroke', symbolOpacity: 1 } : null,
  };
  const { width, height } = sizeOf(options);
  const x = {
    field: 'x',
    type: 'quantitative',
    title: options.step ?? 'step',
    axis: { tickMinStep: 1, format: ',~d' },
    scale: { zero: false, nice: false },
  };
  const y = { field: 'y', type: 'quantitative', title: options.value ?? 'value', scale, axis };
  const encoding = { x, y, color, detail: { field: 't' }, description: { field: 'd' } };
  return chart(
    { width, height, layer: layersOf({ points, ends }, { encoding, width, height }) },
    {
      ...options,
      subtitle: options.subtitle ?? selectionNote(reported.length, shown.length),
      description: `curves of ${reported.length} trials`,
    },
  );
}

type Point = ReturnType<typeof curveOf>[number];

function layersOf(
  { points, ends }: { readonly points: readonly Point[]; readonly ends: readonly Point[] },
  {
    encoding,
    width,
    height,
  }: { readonly encoding: SpecPart; readonly width: number; readonly height: number },
): readonly SpecPart[] {
  const line = { type: 'line', strokeJoin: 'round' };
  if (points.length === 0)
    return [
      {
        data: { values: [{}] },
        mark: { type: 'text', text: 'no reports yet', color: ink.muted, fontSize: 13, aria: false },
        encoding: { x: { value: width / 2 }, y: { value: height / 2 } },
      },
    ];
  return [
    {
      data: { values: points.filter(({ k }) => k !== 'best') },
      mark: { ...line, strokeWidth: 1.2, opacity: 0.5 },
      encoding,
    },
    {
      data: { values: ends },
      mark: { type: 'point', shape: crossPath, size: 34, strokeWidth: 1.4 },
      encoding,
    },
    {
      data: { values: points.filter(({ k }) => k === 'best') },
      mark: { ...line, strokeWidth: 2.6 },
      encoding,
    },
  ];
}

/** The reports of a trial in the order of their steps. */
function curveOf(trial: Trial, k: Kind) {
  const drawable = trial.reports.filter(({ value }) => isDrawable(value));
  const ordered = [...drawable].sort((a, b) => a.step - b.step);
  return thinned(ordered, () => false, maxPoints).map(({ step, value }) => ({
    t: trial.number,
    x: step,
    y: value,
    k,
    d: `trial ${trial.number} (${k}), step ${step}: ${shortNumber(value)}`,
  }));
}

function selectionNote(all: number, shown: number): string | undefined {
  return shown < all ? `${shown} of ${all} trials, evenly selected` : undefined;
}

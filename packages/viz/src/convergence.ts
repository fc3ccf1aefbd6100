import type { Direction, Trial } from '@foothold/core';
import { axisLimit } from './axis-limit.ts';
import { bestSoFar } from './best-so-far.ts';
import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { crossPath } from './mark-shapes.ts';
import { isDrawable, numberScale, shortNumber } from './number-scale.ts';
import { distinct, seriesColor } from './series-color.ts';
import { chart, ink, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';

/** A study to draw: its name in the legend and its trials in order. */
export interface Series {
  readonly name: string;
  readonly trials: readonly Trial[];
}

export interface ConvergenceOptions extends ChartOptions {
  readonly series: readonly Series[];
  readonly direction: Direction;
  /** Title of the value's axis with its unit. Default: 'value'. */
  readonly value?: string;
  /** Logarithmic value axis, ignored where a value is not positive. Default: decided by the values. */
  readonly log?: boolean;
  /** Where a finished trial lies on the other axis (cost so far, seconds), and that axis's title. Default: its count. */
  readonly along?: { readonly title: string; readonly of: (trial: Trial) => number } | undefined;
  /** Whether a trial has no value because it breaks a limit of the goal: the subtitle counts these too. Default: none has. */
  readonly breaksLimit?: ((trial: Trial) => boolean) | undefined;
  /** Points of trials that are drawn at most, evenly spread; the steps of the best are drawn all. Default: 2,000. */
  readonly maxPoints?: number | undefined;
}

/**
 * Best value so far against the number of finished trials (or their cost), a step line a series, with every trial as a point.
 * Trials that failed, or whose value is not finite, are crosses along the edge of bad values. Running trials are left out.
 * Values so far beyond the others that nothing else would be seen are triangles along that edge, which the subtitle counts.
 */
export function convergence(options: ConvergenceOptions): ChartSpec {
  const { direction } = options;
  const names = distinct(options.series.map((s) => s.name));
  const { width, height } = sizeOf(options);
  // Along the edge of bad values, where the line of the best never is; a row a series.
  const edge = (index: number) => (direction === 'minimize' ? 7 + 10 * index : height - 7 - 10 * index);
  const { points, steps, failures, longest } = historyOf(options, names, edge);
  const all = points.map((p) => p.y);
  const limit = numberScale(all, { log: options.log }).log ? undefined : axisLimit(all, direction);
  const isBeyond = (v: number) => limit !== undefined && (direction === 'minimize' ? v > limit : v < limit);
  const shown = points.filter((p) => !isBeyond(p.y));
  const beyond = points.filter((p) => isBeyond(p.y)).map((p) => ({ ...p, row: edge(names.indexOf(p.s)) }));
  const y = numberScale(
    shown.map((p) => p.y),
    { log: options.log },
  );
  const color = seriesColor(names);
  const x = {
    field: 'x',
    type: 'quantitative',
    title: options.along?.title ?? 'finished trials',
    scale: { domain: [0, longest], nice: false },
    axis: options.along ? {} : { tickMinStep: 1, format: ',d' },
  };
  const yOf = {
    field: 'y',
    type: 'quantitative',
    title: options.value ?? 'value',
    scale: y.scale,
    axis: y.axis,
  };
  const layer: SpecPart[] = [
    {
      data: { values: thinned(shown, undefined, options.maxPoints) },
      // Not clipped: all of them lie within the axes, and those on the edge would lose a half.
      mark: { type: 'circle', size: 26, opacity: points.length > 400 ? 0.25 : 0.4 },
      encoding: { x, y: yOf, color, description: { field: 'd' } },
    },
    {
      data: { values: steps },
      mark: {
        ...{ type: 'line', interpolate: 'step-after', strokeWidth: 2.5, strokeJoin: 'round', aria: false },
        clip: limit !== undefined,
      },
      encoding: { x, y: yOf, color },
    },
    failureMarks(failures, { x, color: names.length > 1 ? { color } : { stroke: { value: ink.failed } } }),
    ...(beyond.length > 0 ? [beyondMarks(beyond, { x, color, direction })] : []),
  ];
  if (points.length === 0) layer.push(noteInTheMiddle('no values yet', { width, height }));
  return chart(
    { width, height, layer },
    {
      ...options,
      subtitle: options.subtitle ?? edgeNote({ failures, beyond: beyond.length, direction }),
      description: summary(names, steps),
    },
  );
}

interface Point {
  readonly s: string;
  readonly x: number;
  readonly y: number;
  readonly d: string;
}
/** A mark along the edge of bad values. */
interface EdgeMark {
  readonly s: string;
  readonly x: number;
  readonly row: number;
  readonly d: string;
}
/** A trial without a value, and why it has none. */
interface FailureMark extends EdgeMark {
  readonly kind: (typeof failureKinds)[number];
}
const failureKinds = ['failed', 'pruned', 'beyond a limit', 'not finite'] as const;

/** The finished trials of each series as points or marks along the edge, and the steps of its best value. */
function historyOf(
  { series, direction, along, breaksLimit }: ConvergenceOptions,
  names: readonly string[],
  edge: (index: number) => number,
) {
  const points: Point[] = [];
  const steps: Omit<Point, 'd'>[] = [];
  const failures: FailureMark[] = [];
  let longest = 1;
  series.forEach(({ name, trials }, index) => {
    const s = names[index]!;
    const finished = trials.filter((t) => t.state !== 'running');
    const best = bestSoFar(finished, direction);
    finished.forEach((trial, i) => {
      const x = along ? along.of(trial) : i + 1;
      longest = Math.max(longest, x);
      const who = `trial ${trial.number}${name === '' ? '' : `, ${name}`}`;
      if (trial.state === 'complete' && isDrawable(trial.value))
        points.push({ s, x, y: trial.value, d: `${who}: ${shortNumber(trial.value)}` });
      else {
        const kind = breaksLimit?.(trial) ? 'beyond a limit' : kindOf(trial);
        failures.push({ s, x, kind, row: edge(index), d: `${who}: ${reasonOf(trial)}` });
      }
      const y = best[i]!;
      if (isDrawable(y) && (i === 0 || y !== best[i - 1] || i === finished.length - 1))
        steps.push({ s, x, y });
    });
  });
  return { points, steps, failures, longest };
}

const edgeChannel = { field: 'row', type: 'quantitative', scale: null, axis: null };

function noteInTheMiddle(
  text: string,
  { width, height }: { readonly width: number; readonly height: number },
): SpecPart {
  return {
    data: { values: [{}] },
    mark: { type: 'text', text, color: ink.muted, fontSize: 13, aria: false },
    encoding: { x: { value: width / 2 }, y: { value: height / 2 } },
  };
}

function failureMarks(
  failures: readonly FailureMark[],
  { x, color }: { readonly x: SpecPart; readonly color: SpecPart },
): SpecPart {
  return {
    data: { values: thinned(failures) },
    mark: { type: 'point', shape: crossPath, size: 40, strokeWidth: 1.5, opacity: 0.9 },
    encoding: { x, y: edgeChannel, description: { field: 'd' }, ...color },
  };
}

function beyondMarks(
  beyond: readonly EdgeMark[],
  { x, color, direction }: { readonly x: SpecPart; readonly color: SpecPart; readonly direction: Direction },
): SpecPart {
  return {
    data: { values: thinned(beyond) },
    mark: {
      ...{ type: 'point', size: 34, strokeWidth: 1.3, opacity: 0.8 },
      shape: direction === 'minimize' ? 'triangle-up' : 'triangle-down',
    },
    encoding: { x, y: edgeChannel, color, description: { field: 'd' } },
  };
}

function kindOf({ state }: Trial): FailureMark['kind'] {
  return state === 'failed' || state === 'pruned' ? state : 'not finite';
}

function reasonOf(trial: Trial): string {
  if (trial.state === 'failed') return `failed, ${trial.reason}`;
  if (trial.state === 'pruned') return 'pruned';
  return trial.state === 'complete' ? `value ${shortNumber(trial.value)}` : trial.state;
}

/** What stands along the edge; undefined when nothing does. */
function edgeNote({
  failures,
  beyond,
  direction,
}: {
  readonly failures: readonly FailureMark[];
  readonly beyond: number;
  readonly direction: Direction;
}): string | undefined {
  const kinds = failureKinds.flatMap((kind) => {
    const count = failures.filter((mark) => mark.kind === kind).length;
    return count > 0 ? [`${count} ${kind}`] : [];
  });
  const trials = (count: number) => `${count} ${count === 1 ? 'trial' : 'trials'}`;
  const parts = [
    failures.length > 0 && `× ${trials(failures.length)} without a value: ${kinds.join(', ')}`,
    beyond > 0 && `${direction === 'minimize' ? '△' : '▽'} ${trials(beyond)} beyond the axis`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join('; ') : undefined;
}

function summary(
  names: readonly string[],
  steps: readonly { readonly s: string; readonly y: number }[],
): string {
  const parts = names.map((name) => {
    const last = steps.findLast((step) => step.s === name);
    return `${name || 'best so far'} ${last === undefined ? 'has no value yet' : `reaches ${shortNumber(last.y)}`}`;
  });
  return parts.length === 0 ? 'no trials' : parts.join('; ');
}

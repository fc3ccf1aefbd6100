import { figureOf, type Objective, type Trial } from '@foothold/core';
import { type ChartSpec, convergence } from '@foothold/viz';

/** The area that the front of two objectives dominates, after each trial that made it larger. */
export function hypervolumeChart(
  trials: readonly Trial[],
  objectives: readonly [Objective, Objective],
  width: number,
): ChartSpec {
  const volumes = hypervolumes(trials, objectives);
  const series = trials.map(
    (trial, i): Trial => (trial.state === 'complete' ? { ...trial, value: volumes[i]! } : trial),
  );
  return convergence({
    width,
    height: 200,
    direction: 'maximize',
    value: 'hypervolume',
    subtitle: '',
    series: [{ name: '', trials: series.filter((t) => t.state === 'complete') }],
  });
}

/**
 * Hypervolume after each trial, of two objectives, up to the worst value of each among all complete trials (Zitzler and Thiele
 * 1999, "Multiobjective Evolutionary Algorithms: A Comparative Case Study and the Strength Pareto Approach").
 */
export function hypervolumes(
  trials: readonly Trial[],
  [first, second]: readonly [Objective, Objective],
): readonly number[] {
  const minimized = (trial: Trial, { metric, direction }: Objective) =>
    trial.state === 'complete' ? (direction === 'minimize' ? 1 : -1) * figureOf(trial, metric) : Number.NaN;
  const points = trials.map((trial) => [minimized(trial, first), minimized(trial, second)] as const);
  const isPoint = ([x, y]: readonly [number, number]) => Number.isFinite(x) && Number.isFinite(y);
  const worst = points
    .filter(isPoint)
    .reduce(([a, b], [x, y]) => [Math.max(a, x), Math.max(b, y)] as const, [-Infinity, -Infinity] as const);
  /** By the first objective, the second falling. */
  let front: (readonly [number, number])[] = [];
  let volume = 0;
  return points.map((point) => {
    if (isPoint(point) && !front.some(([x, y]) => x <= point[0] && y <= point[1])) {
      front = [...front.filter(([x, y]) => !(point[0] <= x && point[1] <= y)), point].sort(
        (a, b) => a[0] - b[0],
      );
      volume = front.reduce(
        (sum, [x, y], i) => sum + ((front[i + 1]?.[0] ?? worst[0]) - x) * (worst[1] - y),
        0,
      );
    }
    return volume;
  });
}

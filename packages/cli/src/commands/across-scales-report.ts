import type { Direction, Params, SpaceDescription, Trial } from '@foothold/core';
import type { MultiFidelityResult } from '@foothold/optimize';
import { convergence, report, slices, trialTable } from '@foothold/viz';
import { short } from '../trial-text.ts';

/** One-file HTML of a run over several scales: values along the cost, then each scale, the last one first. */
export function acrossScalesReport(
  { fidelities: scales, best, spent }: MultiFidelityResult<Params>,
  {
    name,
    direction,
    space,
    measured,
  }: {
    readonly name: string;
    readonly direction: Direction;
    readonly space: SpaceDescription | undefined;
    readonly measured: boolean;
  },
): Promise<string> {
  const cost = costsSoFar(scales, measured);
  const last = scales.at(-1)!;
  const has = (trials: readonly Trial[]) => trials.some((t) => t.state === 'complete');
  return report({
    title: name,
    summary: `Best value at scale ${last.name} ${short(best.value)}, in trial ${best.number}, for a cost of ${short(spent)} in all.`,
    sections: [
      {
        title: 'All scales',
        facts: scales.map((s) => ({
          name: `scale ${s.name}`,
          value: `${s.trials.length} trials, cost ${short(s.spent)}`,
        })),
        charts: [
          {
            spec: convergence({
              series: scales
                .filter(({ trials }) => has(trials))
                .map((s) => ({ name: `scale ${s.name}`, trials: s.trials })),
              direction,
              along: {
                title: measured ? 'seconds so far' : 'cost so far',
                of: (trial) => cost.get(trial.number) ?? 0,
              },
            }),
          },
        ],
      },
      ...[...scales].reverse().map(({ name: of, trials }) => ({
        title: `Scale ${of}`,
        charts: has(trials) ? [{ spec: slices({ trials, direction, space }) }] : [],
        table: trialTable(trials, direction),
      })),
    ],
  });
}

/** What was spent when each trial had ended, by its number. */
function costsSoFar(
  scales: MultiFidelityResult<Params>['fidelities'],
  measured: boolean,
): ReadonlyMap<number, number> {
  const all = scales.flatMap(({ trials, cost }) => trials.map((trial) => ({ trial, cost })));
  const result = new Map<number, number>();
  let sum = 0;
  for (const { trial, cost } of all.sort((a, b) => a.trial.number - b.trial.number)) {
    const seconds = trial.state === 'complete' ? trial.metrics?.['seconds'] : undefined;
    if (!trial.loaded) sum += measured ? (seconds ?? cost) : cost;
    result.set(trial.number, sum);
  }
  return result;
}

import type { Direction, Params, SpaceDescription, Trial } from '@foothold/core';
import type { MultiFidelityResult } from '@foothold/optimize';
import { report, trialTable } from '@foothold/viz';
import { short } from '../trial-text.ts';
import { convergenceChart, slicesChart } from './study-charts.ts';

/** One-file HTML of a run over several fidelities: values along the cost, then each fidelity, the last one first. */
export function multiFidelityReport(
  { fidelities, best, spent }: MultiFidelityResult<Params>,
  {
    name,
    direction,
    space,
    measured,
    value = 'value',
  }: {
    readonly name: string;
    readonly direction: Direction;
    readonly space: SpaceDescription | undefined;
    readonly measured: boolean;
    /** What the value is, such as the metric's name. Default: 'value'. */
    readonly value?: string | undefined;
  },
): Promise<string> {
  const cost = costsSoFar(fidelities, measured);
  const last = fidelities.at(-1)!;
  const has = (trials: readonly Trial[]) => trials.some((t) => t.state === 'complete');
  const along = {
    title: measured ? 'seconds so far' : 'cost so far',
    of: (trial: Trial) => cost.get(trial.number) ?? 0,
  };
  const series = fidelities
    .filter(({ trials }) => has(trials))
    .map((f) => ({ name: `fidelity ${f.name}`, trials: f.trials }));
  return report({
    title: name,
    summary: `Best ${value} at fidelity ${last.name} ${short(best.value)}, in trial ${best.number}, for a cost of ${short(spent)} in all.`,
    sections: [
      {
        title: 'All fidelities',
        facts: fidelities.map((f) => ({
          name: `fidelity ${f.name}`,
          value: `${f.trials.length} trials, cost ${short(f.spent)}`,
        })),
        charts: [convergenceChart({ series, direction, value, along })],
      },
      ...[...fidelities].reverse().map(({ name: of, trials }) => ({
        title: `Fidelity ${of}`,
        charts: has(trials) ? [slicesChart({ trials, direction, space, value })] : [],
        table: trialTable(trials, direction, value),
      })),
    ],
  });
}

/** What was spent when each trial had ended, by its number. */
function costsSoFar(
  fidelities: MultiFidelityResult<Params>['fidelities'],
  measured: boolean,
): ReadonlyMap<number, number> {
  const all = fidelities.flatMap(({ trials, cost }) => trials.map((trial) => ({ trial, cost })));
  const result = new Map<number, number>();
  let sum = 0;
  for (const { trial, cost } of all.sort((a, b) => a.trial.number - b.trial.number)) {
    const seconds = trial.state === 'complete' ? trial.metrics?.['seconds'] : undefined;
    if (!trial.loaded) sum += measured ? (seconds ?? cost) : cost;
    result.set(trial.number, sum);
  }
  return result;
}

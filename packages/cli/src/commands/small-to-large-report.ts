import type { Direction, Params, SpaceDescription } from '@foothold/core';
import type { SmallToLargeResult } from '@foothold/optimize';
import { report, transferSection, trialTable } from '@foothold/viz';
import { convergenceChart, slicesChart } from './study-charts.ts';

/** One-file HTML of both stages. */
export function smallToLargeReport(
  { small, large, best }: SmallToLargeResult<Params>,
  {
    name,
    direction,
    space,
    value = 'value',
  }: {
    readonly name: string;
    readonly direction: Direction;
    readonly space: SpaceDescription | undefined;
    /** What the value is, such as the metric's name. Default: 'value'. */
    readonly value?: string | undefined;
  },
): Promise<string> {
  const stage = (title: string, trials: typeof small.trials) => ({
    title,
    charts: [
      convergenceChart({ series: [{ name: title, trials }], direction, value }),
      ...(trials.some((t) => t.state === 'complete')
        ? [slicesChart({ trials, direction, space, value })]
        : []),
    ],
    table: trialTable(trials, direction, value),
  });
  const sources = transferSection(large.trials);
  return report({
    title: name,
    summary: `Best ${value} of the large problem ${Number(best.value.toPrecision(6))}, in trial ${best.number} of ${large.trials.length}, after ${small.trials.length} evaluations of the small one.`,
    sections: [
      stage('Large problem', large.trials),
      ...(sources ? [sources] : []),
      stage('Small problem', small.trials),
    ],
  });
}

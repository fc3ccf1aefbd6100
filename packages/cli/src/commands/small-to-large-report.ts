import type { Direction, Params, SpaceDescription } from '@foothold/core';
import type { SmallToLargeResult } from '@foothold/optimize';
import { convergence, report, slices, transferSection, trialTable } from '@foothold/viz';

/** One-file HTML of both stages. */
export function smallToLargeReport(
  { small, large, best }: SmallToLargeResult<Params>,
  {
    name,
    direction,
    space,
  }: { readonly name: string; readonly direction: Direction; readonly space: SpaceDescription | undefined },
): Promise<string> {
  const stage = (title: string, trials: typeof small.trials) => ({
    title,
    charts: [
      { spec: convergence({ series: [{ name: title, trials }], direction }) },
      ...(trials.some((t) => t.state === 'complete') ? [{ spec: slices({ trials, direction, space }) }] : []),
    ],
    table: trialTable(trials, direction),
  });
  const sources = transferSection(large.trials);
  return report({
    title: name,
    summary: `Best value of the large problem ${Number(best.value.toPrecision(6))}, in trial ${best.number} of ${large.trials.length}, after ${small.trials.length} evaluations of the small one.`,
    sections: [
      stage('Large problem', large.trials),
      ...(sources ? [sources] : []),
      stage('Small problem', small.trials),
    ],
  });
}

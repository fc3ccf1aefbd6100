import { type ChartSpec, comparison } from '@foothold/viz';
import { hasModel, type MethodName } from './arms.ts';
import type { ArmResult } from './results.ts';

/** Charts of the average regret by their files: all methods, those with a model at their last context; and each of these by context. */
export function chartsOf(results: readonly ArmResult[]): Readonly<Record<string, ChartSpec>> {
  const last = new Map(results.map((result) => [result.arm.method, result]));
  const plain = results.filter(({ arm }) => !hasModel(arm.method));
  const byContext = (method: MethodName) => {
    const own = results.filter(({ arm }) => arm.method === method);
    const nameOf = ({ arm }: ArmResult) =>
      arm.context === undefined ? arm.method : `context ${arm.context}`;
    return regretChart([...own, ...plain], { title: `Average regret of ${method} by context`, nameOf });
  };
  const advised = [...last.keys()].filter(hasModel);
  return {
    'methods.svg': regretChart([...last.values()], {
      title: 'Average regret by method',
      nameOf: ({ arm: { method, context } }) => [method, context ?? []].flat().join(', '),
    }),
    ...Object.fromEntries(advised.map((method) => [`contexts-${method}.svg`, byContext(method)])),
  };
}

function regretChart(
  results: readonly ArmResult[],
  { title, nameOf }: { readonly title: string; readonly nameOf: (result: ArmResult) => string },
): ChartSpec {
  const searches = results[0]?.regrets[0]?.searches ?? 0;
  return comparison({
    ...{ title, subtitle: `means of ${searches} ${searches === 1 ? 'search' : 'searches'}` },
    // The means are the one run of their group.
    groups: results.map((result) => ({
      name: nameOf(result),
      runs: [result.regrets.map(({ mean }) => mean)],
    })),
    direction: 'minimize',
    value: 'average normalized regret',
  });
}

import {
  comparison as comparisonChart,
  parallelCoordinates,
  report,
  slices,
  trialTable,
} from '@foothold/viz';
import { type Comparison, type Stage, trainingSpace } from './tuning.ts';

/** The page of charts and tables of one comparison, as HTML. */
export function digitsReport(comparison: Comparison, verdict: string): Promise<string> {
  const direction = 'minimize';
  const value = 'share of misread digits';
  const space = trainingSpace.description;
  const values = (stage: Stage) =>
    comparison[stage].map((trial) => (trial.state === 'complete' ? trial.value : Number.NaN));
  return report({
    title: 'Handwritten digits, small to large',
    summary: verdict,
    sections: [
      {
        title: 'The network',
        charts: [
          {
            spec: comparisonChart({
              groups: [
                { name: 'small to large', runs: [values('large')] },
                { name: 'random search', runs: [values('random')] },
                { name: 'cold start', runs: [values('cold')] },
              ],
              direction,
              value,
            }),
          },
        ],
        table: trialTable(comparison.large, direction),
      },
      {
        title: 'The small network',
        charts: [
          { spec: slices({ trials: comparison.small, direction, space, value }) },
          { spec: parallelCoordinates({ trials: comparison.small, direction, space, value }) },
        ],
        table: trialTable(comparison.small, direction),
      },
      { title: 'Cold start', table: trialTable(comparison.cold, direction) },
      { title: 'Random search', table: trialTable(comparison.random, direction) },
    ],
  });
}

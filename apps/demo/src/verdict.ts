import { bestTrial, type CompleteTrial } from '@foothold/study';
import type { Comparison, Settings, Stage } from './tuning.ts';

/** Number of trials until the values first reach `target`; undefined where they never do. */
export function trialsToReach(trials: Comparison[Stage], target: number): number | undefined {
  const index = trials.findIndex((trial) => trial.state === 'complete' && trial.value <= target);
  return index < 0 ? undefined : index + 1;
}

/** The stage's best trial. */
export function bestOf(comparison: Comparison, stage: Stage): CompleteTrial<Settings> {
  const best = bestTrial(comparison[stage], { direction: 'minimize' });
  if (!best) throw new Error(`${stage} has no complete trial`);
  return best;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** What tuning was worth, in one sentence; `newDigits` are the shares of misread digits that nothing was tuned on. */
export function verdict(
  comparison: Comparison,
  newDigits: Readonly<Record<Exclude<Stage, 'small'>, number>>,
): string {
  const { stock, random, large } = newDigits;
  const often = (share: number) => `one new digit in ${Math.round(1 / Math.max(share, 1e-4))}`;
  const cold = comparison.cold.length;
  const reached = trialsToReach(comparison.large, bestOf(comparison, 'cold').value);
  if (large >= stock)
    return `${cold} trainings were too few: the stock settings misread ${often(stock)}, the tuned ones ${often(large)}.`;
  const full = (n: number, one: string, many: string) => `${n} full ${n === 1 ? one : many}`;
  const carried =
    reached === undefined
      ? `after a small network, ${full(comparison.large.length, 'training', 'trainings')} misread ${percent(bestOf(comparison, 'large').value)} where ${cold} from a cold start misread ${percent(bestOf(comparison, 'cold').value)}`
      : `after a small network, ${full(reached, 'training was', 'trainings were')} as good as ${cold} from a cold start`;
  return `The stock settings misread ${often(stock)}, random search ${often(random)}, the tuned ones ${often(large)}; and ${carried}.`;
}

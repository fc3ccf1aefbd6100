import { bestTrial, type CompleteTrial } from '@foothold/study';
import type { Comparison, Settings, Stage } from './tuning.ts';

/** Number of trials until the values first reach `target`; undefined where they never do. */
export function trialsToReach(trials: Comparison[Stage], target: number): number | undefined {
  const index = trials.findIndex((trial) => trial.state === 'complete' && trial.value <= target);
  return index < 0 ? undefined : index + 1;
}

/** The best trial of a stage and of the stock settings, which every search knows. */
export function bestOf(comparison: Comparison, stage: Stage): CompleteTrial<Settings> {
  const known = stage === 'small' ? [] : comparison.stock;
  const best = bestTrial([...known, ...comparison[stage]], { direction: 'minimize' });
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
  const trials = comparison.cold.length;
  const reached = trialsToReach(comparison.large, bestOf(comparison, 'cold').value);
  if (large >= stock)
    return `${trials} trainings were too few: the stock settings misread ${percent(stock)} of new digits, the tuned ones ${percent(large)}.`;
  const full = (n: number, one: string, many: string) => `${n} full ${n === 1 ? one : many}`;
  const carried =
    reached === undefined
      ? `${full(comparison.large.length, 'training', 'trainings')} misread ${percent(bestOf(comparison, 'large').value)} where ${trials} from a cold start misread ${percent(bestOf(comparison, 'cold').value)}`
      : `${full(reached, 'training was', 'trainings were')} as good as ${trials} from a cold start`;
  const nothing = bestOf(comparison, 'random').value >= bestOf(comparison, 'stock').value;
  const atRandom = nothing
    ? 'random search found none better, the tuned ones misread'
    : `those of random search ${percent(random)}, the tuned ones`;
  return `The stock settings misread ${percent(stock)} of new digits, ${atRandom} ${percent(large)}; and with a small network first, ${carried}.`;
}

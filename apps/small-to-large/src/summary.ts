import type { Trial } from '@foothold/core';
import type { Configuration } from './configuration.ts';
import type { Settings } from './network/networks.ts';
import type { Examples, NetworkParams } from './objective.ts';
import { table } from './terminal.ts';

export type NetworkTrial = Trial<NetworkParams>;
type Complete = Extract<NetworkTrial, { readonly state: 'complete' }>;

/** The trials of the whole story; without `cold` where it was not asked for. */
export interface Story {
  readonly small: readonly NetworkTrial[];
  readonly large: readonly NetworkTrial[];
  readonly cold?: readonly NetworkTrial[] | undefined;
}

/** The complete trial of the lowest error, the earliest of equals. */
export function bestOf(trials: readonly NetworkTrial[]): Complete | undefined {
  const complete = trials.filter((t): t is Complete => t.state === 'complete');
  return complete.reduce<Complete | undefined>((a, b) => (a && a.value <= b.value ? a : b), undefined);
}

/** Evaluations, counted from 1 and failed ones included, until `trials` reach this error; undefined when they never do. */
export function evaluationsUntil(trials: readonly NetworkTrial[], error: number): number | undefined {
  const at = trials.findIndex((t) => t.state === 'complete' && t.value <= error);
  return at < 0 ? undefined : at + 1;
}

/** Settings as a person reads them. */
export function settingsText(s: Settings): string {
  return `dropout ${s.dropout.toFixed(2)}, learning rate ${s.learningRate.toPrecision(2)}, convolution ${s.convolutionKernel}, pooling ${s.poolingKernel}`;
}

/** An error of 0–1 in per cent. */
export const percent = (error: number) => `${(100 * error).toFixed(1)} %`;

/** The sizes that this run works with, beside the full ones where they are smaller. */
export function sizesText(c: Configuration, examples: Examples): string[] {
  const { train, validation } = examples;
  const reducedFrom = [
    train.count < 60_000 && '60,000 images',
    c.channelsScale < 1 && 'full channels (64; 32 and 64, dense 128)',
    c.epochs < 30 && '30 epochs',
  ].filter((part) => part !== false);
  return [
    `${train.count} training images, ${c.epochs} epochs at most (patience ${c.patience}), batches of ${c.batch}, channels × ${c.channelsScale}`,
    `validation on ${validation.small.count} test images (small network) and ${validation.large.count} (large)`,
    ...(reducedFrom.length > 0
      ? [`reduced sizes: the full ones are ${reducedFrom.join(', ')} (--full)`]
      : []),
  ];
}

/** The closing table and the sentence that compares the two ways to the large network. */
export function summaryOf(story: Story): string[] {
  const row = (name: string, trials: readonly NetworkTrial[]) => {
    const best = bestOf(trials);
    const failed = trials.filter((t) => t.state === 'failed').length;
    const seconds = trials.reduce(
      (sum, t) => sum + (t.state === 'complete' ? (t.metrics?.seconds ?? 0) : 0),
      0,
    );
    return [
      name,
      best ? percent(best.value) : '–',
      String(trials.length),
      String(failed),
      best ? String(trials.indexOf(best) + 1) : '–',
      seconds.toFixed(0),
      best ? settingsText(best.params) : 'no trial is complete',
    ];
  };
  const given = story.small.some(({ loaded }) => loaded);
  const rows = [
    row(given ? 'small network, as given' : 'small network', story.small),
    row('large, after the small one', story.large),
  ];
  if (story.cold) rows.push(row('large, cold start', story.cold));
  const head = ['', 'best error', 'evaluations', 'failed', 'best at', 'seconds', 'best settings'];
  return [...table([head, ...rows]), '', ...comparisonOf(story)];
}

/** What the small network's history was worth, in evaluations of the large one. */
export function comparisonOf({ large, cold }: Story): string[] {
  if (!cold) return [];
  const [warm, target] = [bestOf(large), bestOf(cold)];
  if (!warm || !target) return ['No comparison: one of the two has no complete trial.'];
  const reached = evaluationsUntil(large, target.value);
  const took = cold.indexOf(target) + 1;
  if (reached === undefined)
    return [
      `The cold start's best (${percent(target.value)}, found at evaluation ${took} of ${cold.length}) was not matched in ${large.length} evaluations after the small network; the best was ${percent(warm.value)}.`,
    ];
  return [
    `The cold start's best (${percent(target.value)}, found at evaluation ${took} of ${cold.length}) was matched at evaluation ${reached} of ${large.length} after the small network.`,
  ];
}

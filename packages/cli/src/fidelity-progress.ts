import type { Direction, Trial } from '@foothold/core';
import type { StudyState } from '@foothold/study';
import { liveStudy } from './live/live-study.ts';
import { isLive, type Terminal } from './live/terminal.ts';
import { type BegunTrial, type Progress, shown } from './progress.ts';
import { trialLine } from './trial-line.ts';
import { paramsText, short } from './trial-text.ts';

export interface FidelityProgressOptions {
  /** The study as its log says it now. */
  readonly read: () => Promise<StudyState>;
  readonly budget: number;
  readonly direction: Direction;
  /** Those of earlier runs. */
  readonly earlier: readonly Trial[];
  /** The fidelity that counts: its index, and its value of the parameter of this name. */
  readonly last: { readonly index: number; readonly parameter: string; readonly value: number };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A fidelity, and what all evaluations have cost together. */
interface Spent {
  readonly index: number;
  readonly name: string;
  readonly spent: number;
}

export interface FidelityProgress extends Omit<Progress, 'trial'> {
  /** A trial has ended, at this fidelity and after so much cost. */
  trial(trial: Trial, fidelity: Spent): void;
}

/** Progress of a run over several fidelities, along the cost. */
export function fidelityProgress(terminal: Terminal, options: FidelityProgressOptions): FidelityProgress {
  const { budget, direction, last, now, read } = options;
  const since = now();
  const slots = new Map<number, number>();
  const competes = (trial: Trial) => trial.params[last.parameter] === last.value;
  let spent = 0;
  /** What had been spent when the first trial of this run ended, and when that was. */
  let first: { readonly spent: number; readonly at: number } | undefined;
  const left = () =>
    first === undefined || spent === first.spent
      ? undefined
      : ((budget - spent) / (spent - first.spent)) * ((now() - first.at) / 1000);
  const live = liveStudy(terminal, {
    read,
    view: () => ({
      ...{ label: '', now: now(), since, direction, competes, slotOf: (number) => slots.get(number) },
      done: { share: spent / budget, text: `cost ${short(spent)}/${short(budget)}`, left: left() },
    }),
  });
  const rows = shown(live, slots);
  const lines = costLines(terminal, options);
  return {
    ...rows,
    begin: isLive(terminal) ? rows.begin : lines.begin,
    trial: (trial, fidelity) => {
      spent = fidelity.spent;
      first ??= { spent, at: now() };
      if (isLive(terminal)) rows.trial(trial);
      else lines.trial(trial, fidelity);
    },
  };
}

function costLines(terminal: Terminal, { budget, direction, last, earlier }: FidelityProgressOptions) {
  const better = (a: number, b: number) => (direction === 'minimize' ? a < b : a > b);
  let best: number | undefined;
  const count = (trial: Trial, isLast: boolean) => {
    if (isLast && trial.state === 'complete' && (best === undefined || better(trial.value, best)))
      best = trial.value;
  };
  for (const trial of earlier) count(trial, trial.params[last.parameter] === last.value);
  let hasEnded = false;
  return {
    begin({ number, params }: BegunTrial): void {
      if (!hasEnded) terminal.write(`trial ${number} begins: ${paramsText(params)}\n`);
    },
    trial(trial: Trial, { index, name, spent }: Spent): void {
      hasEnded = true;
      count(trial, index === last.index);
      const progress = `cost ${short(spent)}/${short(budget)}`;
      terminal.write(trialLine(trial, { label: `fidelity ${name}`, progress, best }));
    },
  };
}

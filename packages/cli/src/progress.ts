import type { Direction, Params, Trial } from '@foothold/core';
import type { StudyState } from '@foothold/study';
import { type LiveStudy, liveStudy } from './live/live-study.ts';
import { isLive, type Terminal } from './live/terminal.ts';
import { trialLine } from './trial-line.ts';
import { paramsText } from './trial-text.ts';

/** A trial whose evaluation begins, and its index among the parallel ones. */
export interface BegunTrial {
  readonly number: number;
  readonly params: Params;
  readonly slot: number;
}

export interface Progress {
  /** An evaluation begins. */
  begin(trial: BegunTrial): void;
  /** An evaluation has ended, or was given up. */
  left(number: number): void;
  /** A trial has ended. */
  trial(trial: Trial): void;
  /** A line that stays, above the rows. */
  note(text: string): void;
  end(): Promise<void>;
}

export interface ProgressOptions {
  /** The study as its log says it now. */
  readonly read: () => Promise<StudyState>;
  /** As it was found. */
  readonly state: StudyState;
  readonly total: number;
  readonly done?: number;
  /** The best trial of earlier runs. */
  readonly best?: Trial | undefined;
  readonly direction: Direction;
  /** Figures beside the value that are objectives too: they are shown with it, and no trial is the best one. */
  readonly further?: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly label?: string;
}

/**
 * On a terminal the trials that run and the best so far, in rows that are drawn again in place; elsewhere one line a trial,
 * and one for each that begins before any has ended.
 */
export function progress(terminal: Terminal, options: ProgressOptions): Progress {
  const { direction, total, now, read, state } = options;
  const label = options.label ?? '';
  const since = now();
  const slots = new Map<number, number>();
  const live = liveStudy(terminal, {
    read,
    state,
    view: () => ({ label, now: now(), since, total, direction, slotOf: (number) => slots.get(number) }),
  });
  return isLive(terminal)
    ? shown(live, slots)
    : {
        ...trialLines(terminal, options),
        left: () => undefined,
        note: live.note,
        end: live.end,
      };
}

/** What to tell the rows of a terminal: the study itself has the rest. */
export function shown(live: LiveStudy, slots: Map<number, number>): Progress {
  return {
    begin: ({ number, slot }) => {
      slots.set(number, slot);
      live.show();
    },
    left: (number) => {
      slots.delete(number);
    },
    trial: live.show,
    note: live.note,
    end: live.end,
  };
}

function trialLines(
  terminal: Terminal,
  { direction, total, done = 0, best: found, label, further = [] }: ProgressOptions,
): Pick<Progress, 'begin' | 'trial'> {
  const better = (a: number, b: number) => (direction === 'minimize' ? a < b : a > b);
  let finished = done;
  let best = found;
  return {
    begin: ({ number, params }) => {
      if (finished === done)
        terminal.write(`${label ? `${label} ` : ''}trial ${number} begins: ${paramsText(params)}\n`);
    },
    trial: (trial) => {
      finished++;
      if (trial.state === 'complete' && (best?.state !== 'complete' || better(trial.value, best.value)))
        best = trial;
      const shown = further.length === 0 && best?.state === 'complete' ? best.value : undefined;
      terminal.write(trialLine(trial, { label, progress: `${finished}/${total}`, best: shown, further }));
    },
  };
}

import type { Direction, Params, Trial } from '@foothold/core';
import pc from 'picocolors';

/** Where progress goes: standard error, so that standard output holds results only. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface Progress {
  /** A trial has ended. */
  trial(trial: Trial): void;
  /** A line that stays, above the bar. */
  note(text: string): void;
  end(): void;
}

/**
 * A bar with the best value so far on a terminal; one line a trial elsewhere.
 *
 * @param now milliseconds of any clock
 */
export function progress(
  terminal: Terminal,
  options: {
    readonly total: number;
    readonly done?: number;
    /** The best trial of earlier runs. */
    readonly best?: Trial | undefined;
    readonly direction: Direction;
    readonly now: () => number;
    readonly label?: string;
  },
): Progress {
  const { total, done = 0, direction, now, label = '' } = options;
  const start = now();
  const color = pc.createColors(terminal.isTTY === true && pc.isColorSupported);
  let finished = done;
  let best = options.best;
  const better = (a: number, b: number) => (direction === 'minimize' ? a < b : a > b);
  const line = (last: Trial) => {
    const seconds = (now() - start) / 1000;
    const rest = finished > done ? (seconds / (finished - done)) * Math.max(total - finished, 0) : 0;
    const found =
      best?.state === 'complete'
        ? `best ${color.green(short(best.value))} (trial ${best.number})`
        : 'nothing complete yet';
    return `${label}${label && ' '}${bar(finished / total, 20)} ${finished}/${total}  ${found}  last ${outcomeText(last)}  ${clock(seconds)}${rest > 0 ? `, ${clock(rest)} left` : ''}`;
  };
  const clear = '\r\u001b[2K';
  return {
    trial: (trial) => {
      finished++;
      if (trial.state === 'complete' && (best?.state !== 'complete' || better(trial.value, best.value)))
        best = trial;
      if (terminal.isTTY) terminal.write(`${clear}${line(trial)}`);
      else
        terminal.write(
          `${label}${label && ' '}trial ${trial.number} (${finished}/${total}): ${outcomeText(trial)}  ${paramsText(trial.params)}${
            best?.state === 'complete' ? `  best ${short(best.value)}` : ''
          }\n`,
        );
    },
    note: (text) => {
      terminal.write(terminal.isTTY ? `${clear}${text}\n` : `${text}\n`);
    },
    end: () => {
      if (terminal.isTTY && finished > done) terminal.write('\n');
    },
  };
}

/** A bar of blocks, so much of it full. */
export function bar(share: number, width: number): string {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
}

/** The value, or what became of the trial. */
export function outcomeText(trial: Trial): string {
  if (trial.state === 'complete') return short(trial.value);
  return trial.state === 'failed' ? `failed: ${trial.reason.split('\n')[0]!.slice(0, 120)}` : trial.state;
}

/** Parameters as `lr=0.01 act=relu`; `write` gives the numbers, `String` in full. */
export function paramsText(params: Params, write: (value: number) => string = short): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${typeof value === 'number' ? write(value) : value}`)
    .join(' ');
}

/** A whole number in full, another number in at most six digits. */
export function short(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

import type { Direction, Params, Trial } from '@foothold/core';
import { liveRow, type Terminal } from './live-row.ts';
import { runningTrials } from './running-trials.ts';
import { bar, clock, outcomeText, paramsText, short } from './trial-text.ts';

/** Progress of a run over several fidelities, along the cost. `now` gives milliseconds of any clock. */
export function fidelityProgress(
  terminal: Terminal,
  {
    budget,
    direction,
    last,
    now,
  }: {
    readonly budget: number;
    readonly direction: Direction;
    readonly last: number;
    readonly now: () => number;
  },
) {
  const better = (a: number, b: number) => (direction === 'minimize' ? a < b : a > b);
  const start = now();
  const running = runningTrials(now);
  let best: number | undefined;
  let spent: number | undefined;
  let ended = '';
  const row = liveRow(terminal, {
    text: () =>
      [
        `${bar((spent ?? 0) / budget, 10)} cost ${spent === undefined ? '0' : short(spent)}/${short(budget)}`,
        clock((now() - start) / 1000),
        ...(best === undefined ? [] : [`best ${short(best)}`]),
        running.text(),
        ended,
      ]
        .filter((part) => part !== '')
        .join('  '),
  });
  return {
    /** An evaluation begins; its fidelity is among the parameters. */
    begin(trial: { readonly number: number; readonly params: Params }): void {
      running.begin(trial);
      if (terminal.isTTY) row.show();
      else if (spent === undefined)
        terminal.write(`trial ${trial.number} begins: ${paramsText(trial.params)}\n`);
    },
    /** A trial has ended, at this fidelity and after so much cost. */
    trial(
      trial: Trial<Params>,
      fidelity: { readonly index: number; readonly name: string; readonly spent: number },
    ): void {
      running.ended(trial.number);
      spent = fidelity.spent;
      ended = `last ${outcomeText(trial)} at fidelity ${fidelity.name}`;
      if (
        trial.state === 'complete' &&
        fidelity.index === last &&
        (best === undefined || better(trial.value, best))
      )
        best = trial.value;
      const found = best === undefined ? '' : `  best ${short(best)}`;
      const cost = `cost ${short(fidelity.spent)}/${short(budget)}`;
      if (terminal.isTTY) row.show();
      else
        terminal.write(
          `fidelity ${fidelity.name} trial ${trial.number} (${cost}): ${outcomeText(trial)}  ${paramsText(trial.params)}${found}\n`,
        );
    },
    left: running.ended,
    note: row.note,
    end: row.end,
  };
}

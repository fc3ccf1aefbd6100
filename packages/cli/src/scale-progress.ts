import type { Direction, Params, Trial } from '@foothold/core';
import { bar, outcomeText, paramsText, short, type Terminal } from './progress.ts';

/** Progress of a run over several scales, along the cost. */
export function scaleProgress(
  terminal: Terminal,
  {
    budget,
    direction,
    last,
  }: { readonly budget: number; readonly direction: Direction; readonly last: number },
) {
  const clear = '\r\u001b[2K';
  const better = (a: number, b: number) => (direction === 'minimize' ? a < b : a > b);
  let best: number | undefined;
  let shown = false;
  return {
    /** A trial has ended, at this scale and after so much cost. */
    trial(
      trial: Trial<Params>,
      scale: { readonly index: number; readonly name: string; readonly spent: number },
    ): void {
      if (
        trial.state === 'complete' &&
        scale.index === last &&
        (best === undefined || better(trial.value, best))
      )
        best = trial.value;
      const found = best === undefined ? '' : `  best ${short(best)}`;
      const cost = `cost ${short(scale.spent)}/${short(budget)}`;
      shown = true;
      if (terminal.isTTY)
        terminal.write(
          `${clear}${bar(scale.spent / budget, 20)} ${cost}${found}  last ${outcomeText(trial)} at scale ${scale.name}`,
        );
      else
        terminal.write(
          `scale ${scale.name} trial ${trial.number} (${cost}): ${outcomeText(trial)}  ${paramsText(trial.params)}${found}\n`,
        );
    },
    /** A line that stays. */
    note(text: string): void {
      terminal.write(terminal.isTTY ? `${clear}${text}\n` : `${text}\n`);
    },
    end(): void {
      if (terminal.isTTY && shown) terminal.write('\n');
    },
  };
}

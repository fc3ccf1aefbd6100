import type { DownloadProgress, OfficialFile } from './data/download.ts';
import type { Progress } from './network/training.ts';
import { bestOf, type NetworkTrial, percent, settingsText } from './summary.ts';
import { bar, type Terminal } from './terminal.ts';
import type { Stage } from './tuning.ts';

/** Milliseconds between two writes of the live line. */
const pace = 100;

const names: Record<Stage, string> = {
  small: 'small network',
  large: 'large network',
  cold: 'large network, cold start',
};

export interface StoryDisplay {
  /** Trials of an earlier run, which count toward the best so far and are not run again. */
  taken(stage: Stage, trials: readonly NetworkTrial[]): void;
  trial(stage: Stage, trial: NetworkTrial): void;
  progress(stage: Stage, number: number, progress: Progress): void;
}

/** A live bar with the best so far, and a line for each finished trial. */
export function storyDisplay(
  to: Terminal,
  {
    totals,
    epochs,
    now,
  }: {
    readonly totals: Readonly<Record<Stage, number>>;
    readonly epochs: number;
    readonly now: () => number;
  },
): StoryDisplay {
  const done: Record<Stage, NetworkTrial[]> = { small: [], large: [], cold: [] };
  let begun: Stage | undefined;
  let written = -Infinity;
  const begin = (stage: Stage) => {
    if (begun === stage) return;
    begun = stage;
    to.line();
    to.line(to.paint('bold', `${names[stage]}, ${totals[stage]} trials`));
  };
  return {
    taken(stage, trials) {
      if (trials.length === 0) return;
      done[stage].push(...trials);
      const best = bestOf(trials);
      to.line(
        `${names[stage]}: ${trials.length} of ${totals[stage]} trials are there from an earlier run${best ? `, best so far ${percent(best.value)}` : ''}`,
      );
    },
    trial(stage, trial) {
      begin(stage);
      const before = bestOf(done[stage]);
      done[stage].push(trial);
      const count = `${String(done[stage].length).padStart(3)}/${totals[stage]}`;
      to.line(`${count}  ${outcomeText(trial, before, to)}`);
    },
    progress(stage, number, { epoch, share }) {
      const time = now();
      if (time - written < pace) return;
      written = time;
      begin(stage);
      const best = bestOf(done[stage]);
      const whole = (done[stage].length + (epoch + share) / epochs) / totals[stage];
      to.status(
        `${bar(whole, 24)} trial ${number + 1} of ${totals[stage]}, epoch ${epoch + 1} of ${epochs}, best so far ${best ? percent(best.value) : '–'}`,
      );
    },
  };
}

/** What became of a trial, marked where it is better than the best one before it. */
function outcomeText(trial: NetworkTrial, before: ReturnType<typeof bestOf>, to: Terminal): string {
  const settings = settingsText(trial.params);
  if (trial.state !== 'complete') {
    const reason = trial.state === 'failed' ? trial.reason : trial.state;
    return `${to.paint('red', 'failed')}  ${settings}: ${reason}`;
  }
  const better = !before || trial.value < before.value;
  const error = percent(trial.value).padStart(7);
  const seconds = `${(trial.metrics?.seconds ?? 0).toFixed(1)} s`.padStart(7);
  const remark = trial.metrics?.diverged ? to.paint('yellow', ' (diverged: counts as guessing)') : '';
  return `${better ? to.paint('green', `${error} ◂`) : `${error}  `}${seconds}  ${settings}${remark}`;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** A bar over all files on a terminal, and a line for each file that is there. */
export function downloadDisplay(
  to: Terminal,
  { files, now }: { readonly files: readonly OfficialFile[]; readonly now: () => number },
): (progress: DownloadProgress) => void {
  const all = files.reduce((sum, file) => sum + file.bytes, 0);
  const loaded = new Map<string, number>();
  let written = -Infinity;
  return ({ file, state, loaded: bytes }) => {
    loaded.set(file.name, bytes);
    const sum = [...loaded.values()].reduce((a, b) => a + b, 0);
    if (state !== 'loading') {
      to.line(
        `${file.name}  ${megabytes(file.bytes)}, checksum right${state === 'present' ? ' (already there)' : ''}`,
      );
      return;
    }
    const time = now();
    if (time - written < pace) return;
    written = time;
    to.status(`${bar(sum / all, 24)} ${megabytes(sum)} of ${megabytes(all)}  ${file.name}`);
  };
}

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { replay } from '@foothold/study';
import { bestOfValues, terminalChart } from '@foothold/viz';
import { fileStorage, type Storage, type Trial } from 'foothold';
import type { Demo, Screen } from './demo.ts';
import { digitsReport } from './digits-report.ts';
import { table } from './table.ts';
import {
  budgets,
  type Comparison,
  compareSearches,
  digitTask,
  largeNetwork,
  networkSizes,
  type Settings,
  type Stage,
  stages,
  studyName,
  usualTrials,
} from './tuning.ts';
import { bestOf, verdict } from './verdict.ts';
import { wrapped } from './wrapped.ts';

/** The main job on real input: the settings of a network that reads handwritten digits, learned on a smaller network. */
export const digitsDemo: Demo = {
  name: 'digits',
  about:
    'tune a network that reads handwritten digits: stock settings, random search, cold start, small to large',
  takes: ['trials', 'digits'],
  resumes: true,
  run: async ({
    linalg,
    seed,
    report,
    screen,
    studies,
    finished,
    signal,
    trials = usualTrials,
    digits = largeNetwork.digits,
  }) => {
    introduce(screen, { trials, digits });
    const task = digitTask({ digits });
    // What finishes is removed or moved away, so that the folder holds only what a stopped run goes on from.
    const folder = join(studies, `seed-${seed}-trials-${trials}-digits-${digits}`);
    const storage = fileStorage(folder);
    const comparison = await compareSearches(task, {
      ...{ trials, seed, linalg, signal, storage },
      onTrial: progressOn(screen, { trials, earlier: await earlierValues(storage, screen) }),
    });
    const newDigits = Object.fromEntries(
      compared.map((stage) => [stage, task.newDigits(bestOf(comparison, stage).params)]),
    ) as Record<Compared, number>;
    screen.line('');
    screen.line(resultTable(comparison, newDigits));
    screen.line('');
    for (const line of wrapped(verdict(comparison, newDigits), screen.width)) screen.line(line);
    writeFileSync(report, await digitsReport(comparison, verdict(comparison, newDigits)));
    screen.line(`Report: ${report}`);
    if (finished !== undefined) moveTo(finished, folder);
    else rmSync(folder, { recursive: true, force: true });
  },
};

/** Moves a folder, in the place of an earlier one. */
function moveTo(target: string, folder: string): void {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true });
  renameSync(folder, target);
}

const compared = ['stock', 'random', 'cold', 'large'] as const satisfies readonly Stage[];
type Compared = (typeof compared)[number];
const stageNames: Readonly<Record<Stage, string>> = {
  stock: 'stock settings',
  random: 'random search',
  cold: 'cold start',
  small: 'small network',
  large: 'small to large',
};
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function introduce(
  screen: Screen,
  { trials, digits }: { readonly trials: number; readonly digits: number },
): void {
  const { random, small, large } = budgets(trials);
  const sizes = networkSizes(digits);
  const size = (n: (typeof sizes)['large']) =>
    `${n.hidden} hidden units, ${n.digits.toLocaleString('en')} digits, ${n.epochs} epochs`;
  const lines = [
    'A network learns to read handwritten digits (MNIST). How many does it misread,',
    'and with which settings? Eight are tuned: learning rate and its decay, batch',
    'size, weight decay, dropout, and how far digits are shifted, rotated, zoomed.',
    `  the network:     ${size(sizes.large)}`,
    `  a small one:     ${size(sizes.small)}`,
    '  stock settings:  Adam at 0.001, batches of 32, nothing else, as in Keras;',
    '                   each search begins with them',
    `  random search:   ${random} trainings with random settings`,
    `  cold start:      ${random} trainings chosen by Bayesian optimization`,
    `  small to large:  ${small} trainings of the small network, then ${large} of the network`,
    'Ctrl-C stops; the same command goes on from there.',
    '',
  ];
  for (const line of lines) screen.line(line);
}

const misreadShare = (trial: Trial) => (trial.state === 'complete' ? trial.value : Number.NaN);

/** The values that a stopped run has left, by stage; says so where there are any. */
async function earlierValues(storage: Storage, screen: Screen): Promise<Record<Stage, number[]>> {
  const values: Record<Stage, number[]> = { stock: [], random: [], cold: [], small: [], large: [] };
  for (const stage of stages) {
    const { trials } = replay(await storage.read(studyName(stage), 0));
    values[stage].push(...trials.filter(({ state }) => state !== 'running').map(misreadShare));
  }
  const count = Object.values(values).flat().length;
  if (count > 0) screen.line(`Going on after ${count} trainings of a stopped run.`);
  return values;
}

/** Draws each stage while it runs, and leaves a line when it is done. */
function progressOn(
  screen: Screen,
  { trials, earlier }: { readonly trials: number; readonly earlier: Record<Stage, number[]> },
): (trial: Trial<Settings>, stage: Stage) => void {
  const budget = budgets(trials);
  const values = earlier;
  return (trial, stage) => {
    values[stage].push(misreadShare(trial));
    const done = values[stage].length;
    const best = Math.min(...values[stage].filter(Number.isFinite));
    const text = `${stageNames[stage].padEnd(15)} ${done} of ${budget[stage]} trainings, best so far misreads ${percent(best)}`;
    if (done === budget[stage]) return screen.line(text);
    const shown = stages.filter((key) => values[key].length > 0 && (key === 'small') === (stage === 'small'));
    const chart = terminalChart({
      series: shown
        .filter((key) => key !== 'stock')
        .map((key) => ({
          name: stageNames[key],
          values: bestOfValues(values[key], 'minimize').map((share) => 100 * share),
        })),
      width: screen.width - 2,
      height: 8,
      color: screen.color,
      positions: Math.max(...shown.map((key) => budget[key])),
    });
    screen.live(`${text}\n${chart}`);
  };
}

function resultTable(comparison: Comparison, newDigits: Readonly<Record<Compared, number>>): string {
  const seconds = (stage: Stage) =>
    comparison[stage].reduce(
      (sum, t) => sum + (t.state === 'complete' ? (t.metrics?.['seconds'] ?? 0) : 0),
      0,
    );
  return table(
    ['misread', 'judged on', 'new digits', 'full trainings', 'small ones', 'seconds'],
    compared.map((stage) => [
      stageNames[stage],
      percent(bestOf(comparison, stage).value),
      percent(newDigits[stage]),
      String(comparison[stage].length),
      stage === 'large' ? String(comparison.small.length) : '',
      (seconds(stage) + (stage === 'large' ? seconds('small') : 0)).toFixed(1),
    ]),
  );
}

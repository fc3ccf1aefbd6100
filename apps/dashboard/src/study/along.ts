import { figureOf, type Trial } from '@foothold/core';
import { timeUnit } from '@foothold/viz';
import { shownFidelities } from './fidelities.ts';
import type { LiveStudy } from './live-study.ts';

/** What goes across below the best value: finished trials, the time since the study began, or what the trials have cost. */
export type Along = 'trials' | 'time' | 'cost';
type State = LiveStudy['state'];

/** The trials of a study that are drawn. */
interface Drawn {
  readonly state: State;
  readonly trials: readonly Trial[];
}

/** The choices that all of the studies have figures for, with their names. */
export function alongOptions(states: readonly State[]): readonly (readonly [Along, string])[] {
  const all = (has: (state: State) => boolean) => states.length > 0 && states.every(has);
  return [
    ['trials', 'Trials'],
    ...(all(({ trials }) => trials.some((t) => t.finishedAt !== undefined))
      ? ([['time', 'Time']] as const)
      : []),
    ...(all((state) => state.goal?.cost !== undefined || shownFidelities(state) !== undefined)
      ? ([['cost', 'Cost']] as const)
      : []),
  ];
}

/** The trials of each study in the order of the axis, and the axis; none for the number of finished trials. */
export function placedAlong(studies: readonly Drawn[], along: Along) {
  if (along === 'trials') return { trials: studies.map(({ trials }) => trials) };
  const at = new WeakMap<Trial, number>();
  const of = (trial: Trial) => at.get(trial) ?? 0;
  if (along === 'cost') {
    const trials = studies.map((study) => placedByCost(study, at));
    return { trials, axis: { title: costTitle(studies[0]?.state), of } };
  }
  const timed = studies.map(({ state, trials }) => {
    const begin = beginOf(state);
    const finished = byTime(trials.filter(({ finishedAt }) => finishedAt !== undefined));
    for (const trial of finished) at.set(trial, trial.finishedAt! - begin);
    return finished;
  });
  const longest = timed.reduce((end, trials) => Math.max(end, trials.length > 0 ? of(trials.at(-1)!) : 0), 0);
  const [unit, size] = timeUnit(longest);
  return {
    trials: timed,
    axis: { title: `${unit} since the start`, of: (trial: Trial) => of(trial) / size },
  };
}

function costTitle(state: State | undefined): string {
  const fidelities = state && shownFidelities(state);
  return fidelities?.costTitle ?? `${state?.goal?.cost ?? 'cost'} so far`;
}

/** What the study had spent when each of the drawn trials ended, whether or not the others are drawn. */
function placedByCost({ state, trials }: Drawn, at: WeakMap<Trial, number>): readonly Trial[] {
  const ended = byTime(state.trials.filter((trial) => trial.state !== 'running'));
  const costs = shownFidelities(state)?.costsOf(ended) ?? ended.map((trial) => costOf(trial, state));
  const spentAt = new Map<number, number>();
  let spent = 0;
  for (const [i, { number }] of ended.entries()) {
    spent += costs[i]!;
    spentAt.set(number, spent);
  }
  const ordered = byTime(trials);
  for (const trial of ordered) at.set(trial, spentAt.get(trial.number) ?? 0);
  return ordered;
}

function costOf(trial: Trial, { goal }: State): number {
  const cost = trial.state === 'complete' ? figureOf(trial, goal?.cost ?? '') : 0;
  return Number.isFinite(cost) ? cost : 0;
}

function beginOf({ created, trials }: State): number {
  return created?.at ?? trials[0]?.startedAt ?? 0;
}

function byTime(trials: readonly Trial[]): readonly Trial[] {
  return [...trials].sort((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0) || a.number - b.number);
}

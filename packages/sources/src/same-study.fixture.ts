import type { Params, Trial } from '@foothold/core';
import { spaceOf } from '@foothold/space';
import type { StudyData } from '@foothold/study';
import { expect } from 'vitest';
import type { SeenStudy } from './optuna-python.fixture.ts';
import { optunaTimeText, type Zone } from './optuna-time.ts';

const states: Readonly<Record<string, string>> = { COMPLETE: 'complete', PRUNED: 'pruned', FAIL: 'failed' };

/** Asserts that a study of ours is the one that Optuna reads, but for what an import says that it changes. */
export function expectSame(study: StudyData, seen: SeenStudy, zone: Zone): void {
  const time = (ms: number | undefined) => (ms === undefined ? null : optunaTimeText(ms, zone, 'T'));
  const { goal, space } = study;
  expect(goal.objectives?.map(({ direction }) => direction) ?? [goal.direction]).toEqual(seen.directions);
  expect(study.attributes ?? {}).toEqual(seen.user_attrs);
  const domain = spaceOf(space);
  for (const [i, theirs] of seen.trials.entries()) {
    const ours = study.trials[i];
    const isOpen = theirs.state === 'WAITING' || theirs.state === 'RUNNING';
    if (!ours || isOpen) {
      expect(isOpen, `trial ${i}`).toBe(true);
      continue;
    }
    const infinite = theirs.values?.some((value) => typeof value === 'string') ?? false;
    expect([ours.number, ours.state]).toEqual([theirs.number, infinite ? 'failed' : states[theirs.state]]);
    domain.encode(ours.params);
    const { stand_ins: standIns = [], ...attributes } = ours.attributes ?? {};
    expect(without(ours.params, standIns as string[])).toEqual(theirs.params);
    expect(attributes).toEqual(theirs.user_attrs);
    expect([time(ours.startedAt), time(ours.finishedAt)]).toEqual([theirs.start, theirs.complete]);
    const finite = theirs.intermediate.filter(([, value]) => typeof value === 'number');
    expect(ours.reports.map(({ step, value }) => [step, value])).toEqual(
      finite.filter(([, value]) => Number.isFinite(value)),
    );
    if (ours.state === 'complete') expect(figures(ours, study)).toEqual(theirs.values);
  }
}

function without(params: Params, names: readonly string[]): Params {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));
}

function figures(trial: Extract<Trial, { state: 'complete' }>, { goal }: StudyData): readonly number[] {
  return (goal.objectives ?? [{ metric: 'value' }]).map(({ metric }) =>
    metric === 'value' ? trial.value : trial.metrics![metric]!,
  );
}

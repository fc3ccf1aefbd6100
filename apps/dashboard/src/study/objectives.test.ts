import type { Goal, Trial } from '@foothold/core';
import { expect, it } from 'vitest';
import { breaksLimit, feasibleValues, objectiveValues } from './objectives.ts';

it('knows a trial beyond a limit by its metrics, and by no reason that a program gives', () => {
  const goal: Goal = { direction: 'minimize', constraints: [{ metric: 'megabytes', atMost: 10 }] };
  const complete = (number: number, megabytes: number): Trial => ({
    ...{ number, params: {}, reports: [], state: 'complete', value: 1 },
    metrics: { megabytes },
  });
  const beyond = feasibleValues([complete(0, 11)], goal)[0]!;
  expect(beyond.state === 'failed' && beyond.reason).toMatch(/limit/);
  const told: Trial = {
    ...{ number: 2, params: {}, reports: [], state: 'failed' },
    reason: beyond.state === 'failed' ? beyond.reason : '',
  };
  const shown = feasibleValues([complete(0, 11), complete(1, 10), told], goal);
  expect(shown.map(breaksLimit)).toEqual([true, false, false]);
  // Charts copy trials.
  expect(breaksLimit({ ...beyond })).toBe(true);
});

it('holds a limit of the value against the value, whatever figure is shown', () => {
  const goal: Goal = { direction: 'minimize', constraints: [{ metric: 'value', atMost: 1 }] };
  const complete = (number: number, value: number): Trial => ({
    ...{ number, params: {}, reports: [], state: 'complete', value },
    metrics: { latency: 5 },
  });
  const shown = objectiveValues([complete(0, 1), complete(1, 2)], 'latency', goal);
  expect(shown.map(breaksLimit)).toEqual([false, true]);
  expect(shown[0]).toMatchObject({ state: 'complete', value: 5 });
});

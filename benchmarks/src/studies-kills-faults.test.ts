import type { StudyEvent } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { logFaults } from './studies-kills-faults.ts';

const lease = { owner: 'a' };
const asked = (number: number): StudyEvent => ({ type: 'asked', number, params: {}, lease });
const reported = (number: number, value: number): StudyEvent => ({
  ...{ type: 'reported', number, step: 0, value },
});
const told = (number: number, value: number): StudyEvent => ({
  ...{ type: 'told', number, outcome: { state: 'complete', value } },
});
const created: StudyEvent = { type: 'created', goal: { direction: 'minimize' }, seed: 1 };
const log = [created, asked(0), asked(1), reported(0, 0.5), told(1, 2), asked(0), told(0, 1)];
const said = [['ask', 'asked 0', 'report 0 0 0.5', 'reported 0 0 0.5', 'tell 0 1', 'told 0 1'], ['told 1 2']];

describe('logFaults', () => {
  it('finds nothing in a log where all that was acknowledged is, once', () => {
    expect(logFaults(log, said)).toEqual([]);
  });

  it.each<[string, readonly StudyEvent[], string]>([
    ['a lost tell', log.filter((event) => event !== log[4]), 'lost: told 1 2'],
    ['a tell of another value', log.with(4, told(1, 3)), 'lost: told 1 2'],
    ['a doubled tell', [...log, told(1, 2)], 'trial 1 was told 2 times'],
    ['a lost report', log.toSpliced(3, 1), 'lost: reported 0 0 0.5'],
    ['a doubled report', log.toSpliced(3, 0, reported(0, 0.5)), '2 times in the log: reported 0 0 0.5'],
    ['a gap in the numbers', log.toSpliced(2, 0, asked(2)), 'number 2 in place 1'],
    ['a trial that runs', [...log, asked(2)], 'trial 2 still runs'],
    ['a log that cannot be replayed', log.toSpliced(2, 1), 'no replay: StorageError'],
  ])('finds %s', (_, events, fault) => {
    expect(logFaults(events, said).join('\n')).toContain(fault);
  });

  it('finds a trial whose tell was acknowledged to two processes', () => {
    expect(logFaults(log, [...said, ['told 1 2']])).toEqual(['acknowledged to two processes: told 1 2']);
  });
});

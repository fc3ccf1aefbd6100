import { InvalidArgumentError } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../usage-error.ts';
import { trainingOfFlags } from './training-of-flags.ts';

const space = searchSpace({ lr: uniform(0, 1) });
const of = (flags: object) =>
  trainingOfFlags({ run: 'train {lr}', trials: 50, trialsGiven: false, ...flags }, space);

describe('the flags of training in pieces', () => {
  it('are none without --fidelity, and else a fidelity, the budget of so many full trainings, and a space with it', () => {
    expect(of({})).toBeUndefined();
    expect(of({ fidelity: 'epochs:52', checkpointDir: 'c', trials: 20, trialsGiven: true })).toMatchObject({
      fidelity: { name: 'epochs', max: 52 },
      budget: 1040,
      space: { description: { lr: {}, epochs: { type: 'int', low: 1, high: 52 } } },
      checkpointDir: 'c',
    });
    expect(of({ fidelity: 'a:b:9', budget: 9 })).toMatchObject({
      fidelity: { name: 'a:b', max: 9 },
      budget: 9,
    });
  });
  it('say that training goes on where there are checkpoints: of a folder, or of a command with {from}', () => {
    const continues = (flags: object) => of({ fidelity: 'epochs:9', ...flags })!.fidelity.continues ?? true;
    expect(continues({})).toBe(false);
    expect(continues({ checkpointDir: 'c' })).toBe(true);
    expect(continues({ run: 'train {from} {to}' })).toBe(true);
  });
  it.each([
    [{ fidelity: 'epochs' }, InvalidArgumentError, '--fidelity is "epochs", allowed is NAME:MAX'],
    [{ fidelity: 'epochs:1.5' }, InvalidArgumentError, '--fidelity is "epochs:1.5"'],
    [{ fidelity: ':9' }, InvalidArgumentError, '--fidelity is ":9"'],
    [{ fidelity: 'epochs:1' }, InvalidArgumentError, 'fidelity.max is 1, allowed is a whole number from 2'],
    [{ fidelity: 'epochs:99999' }, InvalidArgumentError, 'fidelity.max is 99999'],
    [{ fidelity: 'lr:9' }, InvalidArgumentError, 'fidelity.name is "lr"'],
    [
      { fidelity: 'epochs:9', budget: 8 },
      InvalidArgumentError,
      'budget is 8, allowed is a finite number from 9 epochs',
    ],
    [{ fidelity: 'epochs:9', budget: 80, trialsGiven: true }, UsageError, '--budget goes without --trials'],
    [{ fidelity: 'epochs:9', prune: 'asha' }, UsageError, '--prune goes without --fidelity'],
    [{ fidelity: 'epochs:9', patience: 3 }, UsageError, '--patience goes without --fidelity'],
    [{ fidelity: 'epochs:9', from: ['a'] }, UsageError, '--from goes without --fidelity'],
    [{ fidelity: 'epochs:9', run: 'train {checkpoint}' }, UsageError, '--checkpoint-dir says where'],
    [{ budget: 8 }, UsageError, '--budget goes with --fidelity'],
    [{ checkpointDir: 'c' }, UsageError, '--checkpoint-dir goes with --fidelity'],
  ])('refuse %j', (flags, kind, message) => {
    expect(() => of(flags)).toThrow(kind);
    expect(() => of(flags)).toThrow(message);
  });
  it.each(['from', 'to', 'configuration', 'checkpoint'])(
    'refuse {%s} of a parameter, which would be taken for the piece',
    (name) => {
      const named = searchSpace({ [name]: uniform(0, 1) });
      const line = { fidelity: 'epochs:9', checkpointDir: 'c', trials: 50 };
      expect(() => trainingOfFlags({ ...line, run: `train {${name}}` }, named)).toThrow(
        `{${name}} in the command is a parameter and a fact of the piece of training: give the parameter another name`,
      );
      expect(trainingOfFlags({ ...line, run: 'train' }, named)).toMatchObject({
        fidelity: { name: 'epochs' },
      });
    },
  );
  it('refuse a fidelity called from, and take one called to, whose number {to} is', () => {
    expect(() => of({ fidelity: 'from:9', run: 'train {from}' })).toThrow(
      '{from} in the command is a parameter',
    );
    expect(of({ fidelity: 'to:9', run: 'train {to}' })).toMatchObject({ fidelity: { continues: false } });
  });
});

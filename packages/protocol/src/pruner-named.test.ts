import { InvalidArgumentError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { prunerNamed, prunerNames, prunerOfFlag } from './pruner-named.ts';

describe('the pruner of a flag', () => {
  it.each([
    ['median', { name: 'median' }],
    ['percentile:25', { name: 'percentile', percentile: 25 }],
    ['asha:minResource=3,reductionFactor=2', { name: 'asha', minResource: 3, reductionFactor: 2 }],
    ['patient:3,of=median', { name: 'patient', patience: 3, of: 'median' }],
    ['threshold:upper=2,warmupSteps=1', { name: 'threshold', upper: 2, warmupSteps: 1 }],
    ['hyperband:81', { name: 'hyperband', maxResource: 81 }],
    ['wilcoxon:0.05', { name: 'wilcoxon', pThreshold: 0.05 }],
  ])('reads %s', (text, expected) => {
    expect(prunerOfFlag(text)).toEqual(expected);
    expect(prunerNamed(prunerOfFlag(text))).toHaveProperty('prune');
  });
  it.each([
    ['medium', `one of ${prunerNames.join(', ')}`],
    ['constructor', 'one of median'],
    ['asha:eta=3', 'pruner.eta is 3'],
    ['asha:minResource=x', '--prune is "asha:minResource=x"'],
    ['asha:minResource=', '--prune is'],
    ['median:startupTrials=1.5', 'startupTrials is 1.5'],
    ['asha:minResource=3,minResource=4', 'each option once, and minResource is there twice'],
    ['percentile:25,percentile=30', 'each option once, and percentile is there twice'],
    ['hyperband', 'hyperband needs it'],
    ['patient', 'patient needs it'],
    ['patient:2,of=best', 'pruner is "best"'],
    ['patient:2,of=patient', 'pruner.of'],
    ['median:of=asha', 'pruner.of'],
    ['threshold', 'upper'],
  ])('refuses %s', (text, says) => {
    const make = () => prunerNamed(prunerOfFlag(text));
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(says);
  });
});

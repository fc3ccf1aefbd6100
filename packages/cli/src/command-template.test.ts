import { InvalidArgumentError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { commandTemplate } from './command-template.ts';

describe('a command template', () => {
  it('keeps each value within its own argument, whatever its text', () => {
    const template = commandTemplate('python train.py --lr {lr} --name={act}', ['lr', 'act']);
    expect(template.argv({ lr: 0.1, act: 'a; rm -rf "$HOME" {lr}' })).toEqual([
      'python',
      'train.py',
      '--lr',
      '0.1',
      '--name=a; rm -rf "$HOME" {lr}',
    ]);
  });
  it('splits words as a shell would, quotes included', () => {
    expect(commandTemplate('sh -c "echo \'{x}\'"', ['x']).argv({ x: 1 })).toEqual(['sh', '-c', "echo '1'"]);
  });
  it('drops the argument, and the flag before it, of a parameter that is not active', () => {
    const template = commandTemplate('train --opt {opt} --momentum {momentum} --beta={beta} out', [
      'opt',
      'momentum',
      'beta',
    ]);
    expect(template.argv({ opt: 'adam', beta: 0.9 })).toEqual([
      'train',
      '--opt',
      'adam',
      '--beta=0.9',
      'out',
    ]);
    expect(template.argv({ opt: 'sgd', momentum: 0.5 })).toEqual([
      'train',
      '--opt',
      'sgd',
      '--momentum',
      '0.5',
      'out',
    ]);
  });
  it('quotes every value for a shell', () => {
    const template = commandTemplate('train --act {act} --lr {lr}', ['act', 'lr']);
    expect(template.shellLine({ act: "it's $(id)", lr: 1e-5 })).toBe(
      "train --act 'it'\\''s $(id)' --lr 0.00001",
    );
  });
  it('refuses names that are not parameters and empty commands', () => {
    expect(() => commandTemplate('train {lrr}', ['lr'])).toThrow(
      '--run is "{lrr}", allowed is a parameter of the space: {lr}, {trial}',
    );
    expect(() => commandTemplate('  ', ['lr'])).toThrow(InvalidArgumentError);
  });
  it('knows the trial number and the names in use', () => {
    const template = commandTemplate('train {lr} --out run-{trial}', ['lr', 'width']);
    expect([...template.names]).toEqual(['lr', 'trial']);
    expect(template.argv({ lr: 1, trial: 7 })).toEqual(['train', '1', '--out', 'run-7']);
  });
});

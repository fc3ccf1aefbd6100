import { describe, expect, it } from 'vitest';
import { readOutcome } from './read-outcome.ts';

const valueIn = (output: string, metric?: string) => {
  const outcome = readOutcome(output, metric);
  return outcome.state === 'complete'
    ? outcome.value
    : outcome.state === 'failed'
      ? outcome.reason
      : outcome.state;
};

describe('readOutcome', () => {
  it.each([
    ['0.25\n', 0.25],
    ['epoch 1 loss 0.9\nepoch 2 loss 0.4', 0.4],
    ['loss: -1.5e-3.', -1.5e-3],
    ['accuracy 93%', 93],
    ['{"value": 0.3, "seconds": 12}\ndone after 7 steps', 0.3],
    ['{"loss": 0.5}', 0.5],
    ['[1, 2]\n.5', 0.5],
    ['12', 12],
    ['v2 model3 score=7', 7],
  ])('finds the value in %j', (output, value) => {
    expect(valueIn(output)).toBe(value);
  });
  it('keeps the other numbers of a JSON line as metrics', () => {
    expect(readOutcome('{"value": 1, "seconds": 2, "name": "x", "bad": NaN}')).toEqual({
      state: 'complete',
      value: 1,
      metrics: { seconds: 2 },
    });
  });
  it.each([
    ['loss=0.5 acc=0.9\nloss=0.4 acc=0.95', 'acc', 0.95],
    ['{"loss": 1, "acc": 0.5}\n{"loss": 2}', 'acc', 0.5],
    ['val_loss: 0.1\nloss: 0.3', 'loss', 0.3],
    ['"f1 (macro)": 0.7', 'f1 (macro)', 0.7],
  ])('finds a named metric in %j', (output, metric, value) => {
    expect(valueIn(output, metric)).toBe(value);
  });
  it('fails with the reason when there is none', () => {
    expect(valueIn('')).toBe('no number in the output: it was empty');
    expect(valueIn('training\nno luck')).toBe('no number in the output; its last line: no luck');
    expect(valueIn('loss 3', 'acc')).toBe('no acc in the output: a JSON line with "acc", or "acc=…"');
    expect(valueIn('{"value": NaN}')).toBe('the value is NaN, not a finite number');
    expect(valueIn('loss: nan')).toBe('the value is NaN, not a finite number');
    expect(valueIn('loss = -inf', 'loss')).toBe('the value is -Infinity, not a finite number');
  });
});

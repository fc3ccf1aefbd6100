import { describe, expect, it } from 'vitest';
import { checkedConfiguration } from './configuration.ts';
import { command, flagsOf } from './options.ts';

/** The flags of a command line; throws commander's error. */
const parse = (...words: string[]) =>
  flagsOf(
    command()
      .exitOverride()
      .configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
      .parse(words, { from: 'user' }),
  );

describe('the command line', () => {
  it('has the reduced sizes by default', () => {
    const { configuration, smallTrials, largeTrials, cold } = parse('--data', 'x');
    expect([smallTrials, largeTrials, cold]).toEqual([20, 10, true]);
    expect(configuration).toMatchObject({ backend: 'wasm', images: 1200, epochs: 5, channelsScale: 0.5 });
    expect(configuration).toMatchObject({ smallValidation: 0.05, patience: 5 });
  });

  it('lets a single size override --full and --quick', () => {
    expect(parse('--full').configuration).toMatchObject({
      images: 60_000,
      channelsScale: 1,
      largeValidation: 1,
    });
    expect(parse('--quick', '--epochs', '7').configuration).toMatchObject({ images: 600, epochs: 7 });
    expect(parse('--no-cold').cold).toBe(false);
  });

  it.each([
    [['--backend', 'tpu'], /Allowed choices are wasm, cpu, node, node-gpu/],
    [['--images', '0'], /Allowed is a whole number from 1/],
    [['--epochs', 'many'], /Allowed is a number/],
    [['--full', '--quick'], /cannot be used with option '--quick'/],
    [['--imges', '5'], /unknown option '--imges'[\s\S]*--images/],
    [['extra'], /too many arguments/],
  ])('refuses %j and says what is allowed', (words, message) => {
    expect(() => parse(...words)).toThrow(message);
  });

  it.each([
    ['channelsScale', 0, '--channels-scale is 0, allowed is a number above 0'],
    ['smallValidation', 1.5, '--small-validation is 1.5, allowed is a share'],
    ['seed', -1, '--seed is -1'],
  ] as const)('refuses %s %d by the flag’s name', (name, value, message) => {
    expect(() => checkedConfiguration({ ...parse().configuration, [name]: value })).toThrow(message);
  });
});

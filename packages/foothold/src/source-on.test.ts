import { categorical, integer, logUniform, ordinal, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { sourceOn } from './source-on.ts';

const space = searchSpace({
  lr: logUniform(1e-4, 1),
  layers: integer(1, 5),
  act: categorical('relu', 'gelu'),
  batch: ordinal(16, 32, 64),
  dropout: uniform(0, 1).default(0.25),
});
const to = { direction: 'minimize', name: 'small' } as const;

describe('sourceOn', () => {
  it('matches by name, in the units of the values, and turns the sign of what was minimized', () => {
    const params = { lr: 0.01, layers: 3, act: 'gelu', batch: 32, dropout: 0.5 } as const;
    const { source, unused } = sourceOn(space, { trials: [{ params, value: 2 }] }, to);
    expect(source.data.x.data).toEqual(space.encode(params));
    expect(source.data.y).toEqual(Float64Array.of(-2));
    expect(unused).toEqual([]);
    expect(
      sourceOn(space, { trials: [{ params, value: 2 }], direction: 'maximize' }, to).source.data.y[0],
    ).toBe(2);
  });
  it('moves numbers to the ends of their range, fills in defaults, leaves out what has no place, and lists it all', () => {
    const { source, unused } = sourceOn(
      space,
      {
        trials: [
          { params: { lr: 5, layers: 9, act: 'relu', batch: 50, momentum: 0.9 }, value: 1 },
          { params: { lr: 0.1, layers: 2, act: 'swish', batch: 16 }, value: 3 },
        ],
      },
      to,
    );
    expect(source.data.x.rows).toBe(1);
    expect(space.decode(source.data.x.data)).toEqual({
      lr: 1,
      layers: 5,
      act: 'relu',
      batch: 64,
      dropout: 0.25,
    });
    expect(unused).toEqual([
      'momentum: not a parameter of the new study',
      'dropout: not in the source, taken as its default',
      '1 trials with a category that the new study does not have',
      '3 values outside the new range, moved to its end',
    ]);
  });
  it('counts failed trials as worse than the worst and leaves running ones out', () => {
    const params = { lr: 0.01, layers: 3, act: 'gelu', batch: 32, dropout: 0.5 } as const;
    const { source } = sourceOn(
      space,
      {
        trials: [
          { params, value: 0 },
          { params: { ...params, layers: 1 }, value: 10 },
          { params: { ...params, layers: 2 }, state: 'failed', reason: 'memory' },
          { params, state: 'running' },
        ],
      },
      to,
    );
    expect(source.data.y).toEqual(Float64Array.of(-0, -10, -11));
  });
});

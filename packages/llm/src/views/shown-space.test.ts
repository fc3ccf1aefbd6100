import { OutOfSpaceError, type Params, seeded } from '@foothold/core';
import { random } from '@foothold/samplers';
import {
  categorical,
  integer,
  linear,
  logInteger,
  logUniform,
  ordinal,
  searchSpace,
  uniform,
} from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { configurationText } from '../prompts/configuration-text.ts';
import { configurationsIn } from '../replies/configurations-in.ts';
import { shownSpace } from './shown-space.ts';
import { type Warping, warpings } from './warping.ts';

const space = searchSpace({
  lr: logUniform(0.03, 7),
  width: logInteger(3, 777),
  depth: integer(-4, 9, { step: 3 }),
  rate: uniform(-1, 0.3, { step: 0.1 }),
  shift: uniform(-5e-30, 7e-30),
  size: ordinal(16, 32, 64),
  kind: categorical('x', 'y'),
});

describe('shownSpace', () => {
  it.each(warpings)(
    'gives the params back that it shows, through a prompt (%s)',
    async (warping: Warping) => {
      const view = shownSpace(space, warping);
      const made = await random().sample({
        space,
        direction: 'minimize',
        trials: [],
        count: 60,
        rng: seeded(warping),
      });
      for (const { params } of made) {
        const text = `## ${configurationText(view.shown(params))} ##`;
        const { configurations, dropped } = configurationsIn(text, { space: view.space });
        expect(dropped.examples).toEqual([]);
        const back = view.params(configurations[0]!);
        const { lr, shift, ...exact } = params;
        expect(back).toMatchObject({ ...exact, rate: expect.closeTo(params.rate, 12) as number });
        // Six digits of the shown form.
        expect(Math.log(back.lr / lr)).toBeCloseTo(0, 4);
        expect((back.shift - shift) / 12e-30).toBeCloseTo(0, 5);
        expect(() => space.encode(back)).not.toThrow();
      }
    },
  );

  it('shows the ends of a range as they are read back', () => {
    for (const warping of warpings) {
      const view = shownSpace(space, warping);
      for (const end of [0.03, 7]) {
        const params = { lr: end, width: 3, depth: 8, rate: 0.3, shift: 7e-30, size: 64, kind: 'x' } as const;
        const text = configurationText(view.shown(params));
        const { configurations } = configurationsIn(text, { space: view.space });
        expect(view.params(configurations[0]!).lr).toBeCloseTo(end, 4);
      }
    }
  });

  it('says in the shown form what is out of range', () => {
    const { space: log, note } = shownSpace(searchSpace({ lr: logUniform(0.03, 7) }), 'log');
    expect(() => log.encode({ lr: -1.6 })).toThrow(OutOfSpaceError);
    expect(() => log.encode({ lr: -1.6 })).toThrow('lr is -1.6, outside [-1.52288, 0.845098]');
    expect(note).toContain('The decimal logarithm stands in place of the value of: lr.');
    expect(shownSpace(space, 'log').note).toContain(': lr, width.');
    expect(shownSpace(space, 'normalized').note).toContain(': lr, width, depth, rate, shift.');
    expect(shownSpace(space, 'none').note).toBe('');
  });

  it('leaves the form of what conditions and constraints name', () => {
    const tied = searchSpace(
      {
        a: uniform(0, 4),
        b: uniform(0, 4),
        c: uniform(0, 4),
        n: integer(1, 3),
        d: uniform(0, 4).when('n', 2),
      },
      { constraints: [linear({ a: 1, b: 1 }, { atMost: 5 })] },
    );
    const view = shownSpace(tied, 'normalized');
    const params = { a: 1, b: 2, c: 3, n: 2, d: 1 };
    expect(view.shown(params)).toEqual({ a: 1, b: 2, c: 0.75, n: 2, d: 0.25 });
    expect(view.space.violation?.({ a: 4, b: 4, c: 0.5, n: 1 } as Params)).toBeDefined();
    expect(
      configurationsIn('a: 1, b: 2, c: 0.75, n: 2, d: 0.25', { space: view.space }).configurations,
    ).toEqual([{ a: 1, b: 2, c: 0.75, n: 2, d: 0.25 }]);
    expect(configurationsIn('a: 4, b: 4, c: 0.5, n: 1', { space: view.space }).dropped.counts).toEqual({
      constraint: 1,
    });
  });
});

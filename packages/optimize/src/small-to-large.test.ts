import { upperConfidenceBound } from '@foothold/acquisitions';
import { logUniform, searchSpace, uniform } from '@foothold/space';
import { memoryStorage } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { minimize } from './minimize.ts';
import { smallToLarge } from './small-to-large.ts';

const space = searchSpace({ lr: logUniform(1e-5, 1e-1), dropout: uniform(0, 0.9) });
type P = ReturnType<typeof space.decode>;
const loss = (best: number, scale: number) => (p: P) =>
  scale * ((Math.log10(p.lr) - best) ** 2 + (p.dropout - 0.3) ** 2);
const small = loss(-2.8, 1);
const large = loss(-3, 70);

describe('smallToLarge', () => {
  it('starts the large problem at the small best and beats a cold start, seed by seed', async () => {
    for (const seed of [0, 1, 2]) {
      const warm = await smallToLarge({ space, small, large, smallTrials: 15, largeTrials: 6, seed });
      const cold = await minimize(large, space, { trials: 6, seed });
      expect(warm.large.trials[0]!.params).toEqual(warm.small.best!.params);
      expect(warm.value).toBeLessThan(cold.value);
      expect(warm.small.y).toEqual(warm.small.x.map(small));
      expect(warm.large.y).toEqual(warm.large.x.map(large));
      expect(warm.best.value).toBe(Math.min(...warm.large.y));
    }
  });
  it('takes a history in place of the small problem', async () => {
    const { small: known } = await smallToLarge({ space, small, large, smallTrials: 10, largeTrials: 1 });
    const smallHistory = known.x.map((params, i) => ({ params, value: known.y[i]! }));
    const result = await smallToLarge({ space, smallHistory, large, largeTrials: 3 });
    expect(result.large.trials[0]!.params).toEqual(known.best!.params);
    expect(result.small.y).toEqual(known.y);
  });
  it('ends the same when it is stopped between any two trials and called again', async () => {
    const options = { space, small, large, smallTrials: 5, largeTrials: 3 };
    const whole = await smallToLarge(options);
    const storage = memoryStorage();
    for (let stop = 1; ; stop++) {
      const controller = new AbortController();
      let seen = 0;
      const onTrial = () => {
        if (++seen === 1) controller.abort(new Error('stopped'));
      };
      const result = await smallToLarge({ ...options, storage, signal: controller.signal, onTrial }).catch(
        () => undefined,
      );
      if (result?.large.trials.length === 3) {
        expect(result.small.x).toEqual(whole.small.x);
        expect(result.large.x).toEqual(whole.large.x);
        expect(stop).toBe(8);
        break;
      }
      expect(stop).toBeLessThan(12);
    }
  });
  it('searches by the acquisition that it is given, and by as many initial trials', async () => {
    const acquisition = upperConfidenceBound();
    const result = await smallToLarge({
      space,
      small,
      large,
      smallTrials: 9,
      largeTrials: 2,
      initialTrials: 7,
      acquisition,
    });
    expect(result.small.trials.filter((t) => t.why?.['stage'] === 'initial')).toHaveLength(7);
    expect(result.value).toBeLessThan(70);
  });
  it('names what is missing', async () => {
    await expect(smallToLarge({ space, large })).rejects.toThrow(
      'small is undefined, allowed is the small objective, or smallHistory',
    );
  });
});

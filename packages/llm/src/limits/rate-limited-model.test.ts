import { type LanguageModel, seeded } from '@foothold/core';
import { virtualClock } from '@foothold/testing/virtual-clock';
import { describe, expect, it } from 'vitest';
import { recordedModel } from '../access/recorded-model.ts';
import { rateLimitedModel } from './rate-limited-model.ts';

const minute = 60_000;
const limits = { requests: Infinity, tokens: 100_000, window: minute, concurrency: 100 };

/** What a provider saw of calls that all came at once, the tokens of each by a draw. */
async function seen(
  calls: number,
  { bytes, tokens, latency }: { bytes: number; tokens: (draw: number) => number; latency: number },
) {
  const rng = seeded('calls');
  const clock = virtualClock();
  const starts: { readonly at: number; readonly tokens: number }[] = [];
  const provider: LanguageModel = recordedModel(async () => {
    const used = Math.floor(tokens(rng.next()));
    starts.push({ at: clock.now(), tokens: used });
    await clock.sleep(2 * latency * rng.next());
    return { texts: ['1'], usage: { promptTokens: used, completionTokens: 0 } };
  });
  const model = rateLimitedModel(provider, { ...limits, clock });
  const call = (i: number) => model.complete({ prompt: `${i}`.padEnd(bytes), maxTokens: 1 });
  await clock.run(Promise.all(Array.from({ length: calls }, (_, i) => call(i))));
  const windows = starts.map(({ at }) =>
    starts
      .filter((other) => other.at >= at && other.at < at + minute)
      .reduce((sum, other) => sum + other.tokens, 0),
  );
  const total = starts.reduce((sum, start) => sum + start.tokens, 0);
  return { fullest: Math.max(...windows), rate: total / (Math.max(...starts.map(({ at }) => at)) / minute) };
}

describe('rateLimitedModel', () => {
  it('reaches nine tenths of its tokens where prompts have four bytes a token and answers take their time', async () => {
    const { fullest, rate } = await seen(1500, {
      ...{ bytes: 2000, latency: 4000 },
      tokens: (draw) => 450 + 100 * draw,
    });
    expect(fullest).toBeLessThanOrEqual(limits.tokens);
    expect(rate).toBeGreaterThan(0.9 * limits.tokens);
  });

  it.each([
    ['with anything up to their bound', (draw: number) => 2000 * draw],
    ['seldom, and then all of it', (draw: number) => (draw < 0.9 ? 500 : 2000)],
  ])('never goes above its tokens where prompts are counted %s', async (_, tokens) => {
    const { fullest } = await seen(400, { bytes: 2000, latency: 4000, tokens });
    expect(fullest).toBeLessThanOrEqual(limits.tokens);
  });

  it('counts a provider that counts nothing with the worst case', async () => {
    const { rate } = await seen(120, { bytes: 2000, latency: 1000, tokens: () => 0 });
    expect(rate).toBe(0);
    const clock = virtualClock();
    const provider = recordedModel(() => ({
      texts: ['1'],
      usage: { promptTokens: Number.NaN, completionTokens: Number.NaN },
    }));
    const model = rateLimitedModel(provider, { tokens: 1000, window: minute, clock });
    const call = () => Promise.resolve(model.complete({ prompt: 'x'.repeat(600), maxTokens: 1 }));
    await clock.run(Promise.all([call(), call(), call()]));
    expect(clock.now()).toBe(2 * minute);
  });

  it('refuses a call that no window can hold, as an error after which a study goes on', async () => {
    const model = rateLimitedModel(recordedModel(['hello']), { tokens: 50 });
    await expect(model.complete({ prompt: 'say hello', maxTokens: 20 })).rejects.toMatchObject({
      ...{ failure: 'refused', retry: false },
    });
  });
});

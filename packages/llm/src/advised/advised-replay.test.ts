import { logExpectedImprovement } from '@foothold/acquisitions';
import { type LanguageModel, type ProgramState, type Sampler, type StudyEvent, seeded } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { alternate, bayesian, sobol } from '@foothold/samplers';
import { createStudy, memoryStorage, optimize, replaySuggestions } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { recordedModel } from '../access/recorded-model.ts';
import { advised } from './advised.ts';
import { turnOf } from './adviser-share.ts';
import { branin, card, type Point, space } from './advisers.fixture.ts';

const plain = () =>
  bayesian({
    surrogate: gaussianProcess({ columns: space.columns }),
    acquisition: logExpectedImprovement(),
  });
/** Near the optimum in a third of its proposals, and never the same twice: nobody can ask it again. */
function forgetful(): LanguageModel {
  const rng = seeded('a model');
  const number = (low: number, high: number) => low + (high - low) * rng.next();
  return recordedModel(({ count = 1 }) =>
    Array.from({ length: count }, () =>
      Array.from({ length: 6 }, () =>
        rng.next() < 0.35
          ? `## a: ${number(3, 3.3)}, b: ${number(3.1, 3.4)} ##`
          : `## a: ${number(-5, 10)}, b: ${number(1, 16)} ##`,
      ).join('\n'),
    ),
  );
}
const silent = recordedModel(() => {
  throw new TypeError('a replay asks no model');
});

interface Run {
  readonly workers?: number;
  readonly concurrency?: number;
  readonly trials?: number;
  /** The sampler of the study, around the advised one. Default: that one. */
  readonly around?: (advised: Sampler) => Sampler;
}

async function logOf({
  workers = 1,
  concurrency = 1,
  trials = 14,
  around = (one) => one,
}: Run): Promise<readonly StudyEvent[]> {
  const storage = memoryStorage();
  const model = forgetful();
  const work = async () => {
    const sampler = around(advised(plain(), { model, card }));
    const study = createStudy({ space, sampler, direction: 'minimize', storage, name: 's', seed: 5 });
    await optimize(study, (params: Point) => branin(params), { trials, concurrency });
  };
  await Promise.all(Array.from({ length: workers }, work));
  return storage.read('s', 0);
}

async function differing(events: readonly StudyEvent[], sampler: Sampler) {
  const found = [];
  for await (const one of replaySuggestions({ events, space, sampler })) if (one.cause) found.push(one);
  return found;
}
const again = () => advised(plain(), { model: silent, card });
type Asked = Extract<StudyEvent, { readonly type: 'asked' }>;
const askedIn = (events: readonly StudyEvent[]) =>
  events.filter((event): event is Asked => event.type === 'asked');

describe('an advised study', { timeout: 60_000 }, () => {
  it.each<Run>([{}, { concurrency: 3 }, { workers: 3 }, { workers: 2, concurrency: 2, trials: 20 }])(
    'is replayed from its log alone, without a model, where it had %j',
    async (options) => {
      const events = await logOf(options);
      const turns = askedIn(events).flatMap((event) => turnOf(event) ?? []);
      expect(turns.some(({ followed }) => followed)).toBe(true);
      expect(await differing(events, again())).toEqual([]);
      // Without what the model said there are other points.
      expect((await differing(events, plain())).length).toBeGreaterThan(0);
    },
  );

  it.each([1, 3])(
    'is replayed where it takes turns with another sampler, %i at a time',
    async (concurrency) => {
      const around = (one: Sampler) => alternate(one, sobol());
      const events = await logOf({ concurrency, trials: 20, around });
      const states = askedIn(events).map(({ samplerState }) => samplerState?.['state'] as ProgramState);
      expect(states.some((samplerState) => samplerState && turnOf({ samplerState })?.followed)).toBe(true);
      expect(await differing(events, around(again()))).toEqual([]);
    },
  );

  it('gives each proposal of a batch again from what the log has of this one alone', async () => {
    // Nothing was followed before, so that one of the batch may be, and then none of the others without the prior.
    const storage = memoryStorage();
    const study = createStudy({ space, sampler: plain(), direction: 'minimize', storage, name: 's' });
    await optimize(study, (params: Point) => branin(params), { trials: 6 });
    const trials = await study.trials();
    const count = 3;
    let withoutEarlier = 0;
    for (let seed = 0; seed < 4; seed++) {
      const request = { space, direction: 'minimize', trials, count, rng: seeded(seed) } as const;
      const made = await advised(plain(), { model: forgetful(), card }).sample<Point>(request);
      for (const [i, { params, samplerState }] of made.entries()) {
        const once = async (state: ProgramState) =>
          (await again().sample<Point>({ ...request, replayed: [state] }))[i]!.params;
        expect(await once(samplerState!)).toEqual(params);
        const { earlier: _, ...turn } = turnOf({ samplerState })!;
        const other = await once({ ...samplerState, advised: turn });
        if (JSON.stringify(other) !== JSON.stringify(params)) withoutEarlier++;
      }
    }
    expect(withoutEarlier).toBeGreaterThan(0);
  });

  it('whose log has other proposals than the model made does not give the same points', async () => {
    const events = await logOf({});
    const followed = askedIn(events).filter((event) => turnOf(event)?.followed);
    const changed = events.map((event) => {
      if (event !== followed[0]) return event;
      const turn = turnOf<Point>(event)!;
      const proposed = turn.proposed!.map(({ a, b }) => ({ a: 5 + a / 10, b }));
      return { ...event, samplerState: { ...event.samplerState, advised: { ...turn, proposed } } };
    }) as readonly StudyEvent[];
    const found = await differing(changed, again());
    expect(found[0]).toMatchObject({ number: followed[0]!.number, cause: { kind: 'unknown' } });
    expect(found[0]!.cause!.text).toContain('a log that was changed');
  });

  it('of an earlier version, whose questions have no names, says so', async () => {
    const events = await logOf({ trials: 6 });
    const older = JSON.parse(JSON.stringify(events), (key, value) =>
      key === 'question' ? undefined : value,
    );
    const [first] = await differing(older, again());
    expect(first!.cause).toMatchObject({
      kind: 'error',
      text: expect.stringContaining('this log, which an earlier version wrote'),
    });
  });
});

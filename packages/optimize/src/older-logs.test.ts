import { type Params, type StudyEvent, seeded } from '@foothold/core';
import { cmaEs } from '@foothold/samplers';
import { integer, logUniform, searchSpace, uniform } from '@foothold/space';
import { memoryStorage } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { autoSampler } from './auto-sampler.ts';
import { createStudy } from './create-study.ts';
// Logs written at commit 47c4441, where `why` was also the memory of samplers, with what that commit proposed next.
import recorded from './fixtures/older-logs.json' with { type: 'json' };
import { multiFidelity } from './multi-fidelity/multi-fidelity.ts';

type Recorded = {
  readonly events: readonly StudyEvent[];
  readonly next?: Params;
  readonly whole?: readonly Params[];
};
const logs = recorded as unknown as Readonly<Record<string, Recorded>>;

const space = searchSpace({ x: uniform(-1, 2), y: uniform(0, 1), k: integer(1, 20) });
type P = ReturnType<typeof space.decode>;
const value = (p: P) => (p.x - 0.7) ** 2 + 3 * (p.y - 0.2 * p.x) ** 2 + ((p.k - 6) / 10) ** 2;

function past(name: string, shift: number) {
  const rng = seeded(name);
  return {
    name,
    trials: Array.from({ length: 12 }, () => {
      const params = space.decode(Float64Array.from([0, 0, 0], () => rng.next()));
      return { params, value: value({ ...params, x: params.x + shift }) };
    }),
  };
}

const samplers = {
  'cma-es': () => cmaEs(),
  auto: () => autoSampler(),
  transfer: () => autoSampler({ transfer: [past('a', 0.1), past('b', -0.1)] }),
};

async function reopened(name: string, events: readonly StudyEvent[]) {
  const storage = memoryStorage();
  await storage.append(name, 0, events);
  return storage;
}

describe('a log of before', () => {
  it.each(Object.entries(samplers))('goes on to the same bits with %s', async (name, sampler) => {
    const { events, next } = logs[name]!;
    const storage = await reopened(name, events);
    const study = createStudy({ space, direction: 'minimize', seed: 3, storage, name, sampler: sampler() });
    expect((await study.ask()).params).toEqual(next);
  });

  it('goes on to the same bits over several fidelities', async () => {
    const { events, whole } = logs['fidelities']!;
    const rates = searchSpace({ lr: logUniform(1e-5, 1e-1), dropout: uniform(0, 0.9) });
    const { study } = await multiFidelity({
      space: rates,
      fidelities: [{ fidelity: 1 }, { fidelity: 3 }, { fidelity: 9 }],
      evaluate: (p, { fidelity }) =>
        (Math.log10(p.lr) + 1.8 - 0.5 / fidelity) ** 2 + (p.dropout - 0.7) ** 2 + 1 / fidelity,
      budget: 75,
      seed: 1,
      storage: await reopened('small-to-large', events),
    });
    expect((await study.trials()).map(({ params }) => params)).toEqual(whole);
  });
});

describe('why', () => {
  it.each(Object.entries(samplers))(
    'may be dropped from the log without a change of any suggestion of %s',
    async (name, sampler) => {
      const of = (storage = memoryStorage()) =>
        createStudy({ space, direction: 'minimize', seed: 3, storage, name, sampler: sampler() });
      const whole = of();
      const storage = memoryStorage();
      for (let i = 0; i < 14; i++) {
        const wanted = await whole.ask();
        // A new process at each trial, from a log that has no `why`.
        const events = (await storage.read(name, 0)).map((event) => {
          if (event.type !== 'asked') return event;
          const { why: _, ...rest } = event;
          return rest;
        });
        const asked = await of(await reopened(name, events)).ask();
        expect(asked.params).toEqual(wanted.params);
        const kept = of(storage);
        const { number } = await kept.ask();
        const outcome = { state: 'complete', value: value(wanted.params as P) } as const;
        await kept.tell(number, outcome);
        await whole.tell(number, outcome);
      }
    },
  );
});

import { type Sampler, UnsupportedError } from '@foothold/core';
import { random, successiveHalving } from '@foothold/samplers';
import { integer, searchSpace } from '@foothold/space';
import { createStudy, type LocalStudy, optimize } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { freezeThawSampler } from './freeze-thaw-sampler.ts';

const fidelity = { name: 'epochs', max: 9 };
const space = searchSpace({ x: integer(1, 40), epochs: integer(1, 9) });
const samplers = {
  successiveHalving: () => successiveHalving({ fidelity }),
  freezeThaw: () => freezeThawSampler({ fidelity }),
};
const names = Object.keys(samplers) as (keyof typeof samplers)[];
const opened = (name: keyof typeof samplers, more: object = {}) =>
  createStudy({ space, direction: 'minimize', seed: 3, sampler: samplers[name](), fidelity, ...more });
const complete = { state: 'complete', value: 1 } as const;

async function trained(study: LocalStudy<{ x: number; epochs: number }>, x: number) {
  await study.enqueue({ x, epochs: 9 });
  const { number } = await study.ask();
  await study.tell(number, complete);
}

describe('an entry of the queue that gives some parameters', () => {
  it.each(names)('leaves it with a reason where all that it can be is fully trained (%s)', async (name) => {
    for (const repeat of [false, true]) {
      const study = opened(name, { repeat });
      await trained(study, 2);
      await study.enqueue({ x: 2 });
      await study.enqueue({ x: 7 });
      await expect(study.ask()).rejects.toThrow('taken from the queue');
      expect((await study.log()).at(-1)).toMatchObject({ type: 'dequeued', params: { x: 2 } });
      expect((await study.ask()).params.x).toBe(7);
      expect((await study.ask()).params.x).not.toBe(2);
    }
  });
  it.each(names)('leaves it with what is there of it, also where that was loaded (%s)', async (name) => {
    const past = [
      [{ state: 'complete', value: 1 }, 'loaded trial 0 has epochs 9 of 9'],
      [{ state: 'failed', reason: 'oom' }, 'loaded trial 0 is failed at epochs 9 of 9'],
    ] as const;
    for (const [outcome, text] of past) {
      const study = opened(name);
      await study.load([{ params: { x: 2, epochs: 9 }, ...outcome }]);
      await study.enqueue({ x: 2 });
      await expect(study.ask()).rejects.toThrow(
        `taken from the queue: no training is left for it: ${text}; enqueued with epochs, it is trained all the same`,
      );
      await study.enqueue({ x: 2, epochs: 9 });
      expect(await study.ask()).toMatchObject({ params: { x: 2, epochs: 9 }, piece: { from: 0, to: 9 } });
    }
    const study = opened(name);
    await trained(study, 2);
    await study.enqueue({ x: 2 });
    await expect(study.ask()).rejects.toThrow(/no training is left for it: trial 0 has epochs 9 of 9$/);
  });
  it.each(names)('waits while its configuration trains, and then goes on with it (%s)', async (name) => {
    const study = opened(name);
    await study.enqueue({ x: 2, epochs: 3 });
    const { number } = await study.ask();
    await study.enqueue({ x: 2 });
    const other = await study.ask();
    expect(other.params.x).not.toBe(2);
    await study.tell(number, complete);
    expect((await study.ask()).piece).toMatchObject({ configuration: 0, from: 3 });
  });
  it.each(names)(
    'waits while all configurations train towards the fidelity that it gives (%s)',
    async (name) => {
      const few = searchSpace({ x: integer(1, 2), epochs: integer(1, 9) });
      const study = opened(name, { space: few });
      const first = await study.ask();
      await study.ask();
      await study.enqueue({ epochs: 9 });
      await expect(study.ask()).rejects.toThrow('evaluated or pending');
      expect(await study.waiting()).toEqual([{ epochs: 9 }]);
      await study.tell(first.number, complete);
      expect((await study.ask()).params).toEqual({ x: first.params.x, epochs: 9 });
    },
  );
  it.each(names)('goes on with what was trained to between two rungs (%s)', async (name) => {
    for (const epochs of [2, 4]) {
      const study = opened(name);
      await study.enqueue({ x: 5, epochs });
      const { number } = await study.ask();
      await study.tell(number, complete);
      await study.enqueue({ x: 5 });
      expect((await study.ask()).piece).toMatchObject({ configuration: 0, from: epochs });
    }
  });
  it('stays where the sampler cannot work on this machine for now', async () => {
    let isAway = true;
    const sampler: Sampler = {
      ...successiveHalving({ fidelity }),
      sample(request) {
        if (isAway) throw new UnsupportedError('a GPU', 'this machine', 'no adapter was found');
        return successiveHalving({ fidelity }).sample(request);
      },
    };
    const study = opened('successiveHalving', { sampler, repeat: true });
    await study.enqueue({ x: 7 });
    await expect(study.ask()).rejects.toThrow(UnsupportedError);
    isAway = false;
    expect((await study.ask()).params.x).toBe(7);
  });
  it('is asked with a configuration that has not reached the fidelity that it gives', async () => {
    const few = searchSpace({ x: integer(1, 4), epochs: integer(1, 9) });
    for (const seed of [1, 2, 3]) {
      const study = opened('successiveHalving', { space: few, seed });
      for (const x of [1, 2, 3]) await trained(study, x);
      await study.enqueue({ epochs: 9 });
      expect((await study.ask()).params).toEqual({ x: 4, epochs: 9 });
    }
  });
  it('begins a configuration once more where trials are no pieces of training', async () => {
    const study = opened('successiveHalving', { fidelity: undefined });
    await trained(study, 2);
    await study.enqueue({ x: 2 });
    expect((await study.ask()).params).toEqual({ x: 2, epochs: 1 });
  });
  it('leaves it where a sampler repeats nothing, and other points are asked', async () => {
    const few = searchSpace({ x: integer(1, 2), y: integer(1, 2) });
    const never: Sampler = {
      ...random(),
      sample: (request) => random().sample({ ...request, repeat: false }),
    };
    const study = createStudy({ space: few, direction: 'minimize', seed: 1, sampler: never });
    for (const y of [1, 2]) await study.enqueue({ x: 1, y });
    for (const number of [0, 1]) {
      await study.ask();
      await study.tell(number, complete);
    }
    await study.enqueue({ x: 1 });
    await expect(study.ask()).rejects.toThrow('taken from the queue');
    for (let k = 0; k < 2; k++) expect((await study.ask()).params.x).toBe(2);
  });
});

describe('optimize', () => {
  it('goes on where the last piece ended while another worker was told that all train', async () => {
    const few = searchSpace({ x: integer(1, 1), epochs: integer(1, 9) });
    const study = opened('successiveHalving', { space: few });
    let ended = () => {};
    const isEnded = new Promise<void>((done) => {
      ended = done;
    });
    let asks = 0;
    const slow: typeof study = {
      ...study,
      async ask(options) {
        // The first worker asks again only after the second one has heard that there was nothing.
        if (++asks === 3) await new Promise((done) => setTimeout(done, 20));
        try {
          return await study.ask(options);
        } catch (error) {
          await isEnded;
          throw error;
        }
      },
      async tell(number, outcome) {
        await study.tell(number, outcome);
        setTimeout(ended);
      },
    };
    const seen: number[] = [];
    const result = await optimize(
      slow,
      async ({ epochs }) => {
        seen.push(epochs);
        await new Promise((done) => setTimeout(done, 10));
        return 1 / epochs;
      },
      { trials: 20, concurrency: 2 },
    );
    expect(seen).toEqual([1, 3, 9]);
    expect(result.stopped).toBe('exhausted');
  });
});

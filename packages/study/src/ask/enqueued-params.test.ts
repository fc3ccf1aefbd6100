import {
  InfeasibleSpaceError,
  InvalidArgumentError,
  OutOfSpaceError,
  type Params,
  type Sampler,
  UnsupportedError,
} from '@foothold/core';
import { categorical, integer, linear, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { createStudy, memoryStorage, replay } from '../index.ts';
import { open, sampler } from '../study.fixture.ts';

const nested = searchSpace({
  optimizer: categorical('adam', 'sgd', 'rprop'),
  momentum: uniform(0, 1).when('optimizer', 'sgd', 'rprop'),
  nesterov: categorical(true, false).when('momentum_kind', 'heavy'),
  momentum_kind: categorical('heavy', 'light').when('optimizer', 'sgd'),
});
/** Decodes a random point with the fixed coordinates put in, as samplers do. */
const placing: Sampler = {
  ...sampler,
  sample: ({ space, rng, fixed }) => {
    const given = space.coordinates!(fixed ?? {});
    return [{ params: space.decode(given.map((u) => (Number.isNaN(u) ? rng.next() : u))) }];
  },
};

describe('parameters that are enqueued in part', () => {
  it.each([[[]], [null], ['x=0.5'], [7]])('are an object, and %j is none', async (wrong) => {
    const study = open();
    await expect(study.enqueue(wrong as never)).rejects.toThrow(InvalidArgumentError);
    await expect(study.enqueue(wrong as never)).rejects.toThrow('an object from parameter to value');
  });

  it('have the rest chosen by the sampler, in the order of the queue', async () => {
    const study = open();
    await study.enqueue({ x: 0.5 });
    await study.enqueue({ x: 0.25, n: 4, c: 'b' });
    await study.enqueue({ n: 3, c: 'a' });
    const [first, second, third, fourth] = [
      await study.ask(),
      await study.ask(),
      await study.ask(),
      await study.ask(),
    ];
    expect(first.params).toMatchObject({ x: 0.5 });
    expect(Object.keys(first.params)).toEqual(['x', 'n', 'c']);
    expect(first.why).toEqual({ shift: 0 });
    expect(second.params).toEqual({ x: 0.25, n: 4, c: 'b' });
    expect(third.params).toMatchObject({ n: 3, c: 'a' });
    expect(fourth.params.n === 3 && fourth.params.c === 'a').toBe(false);
  });

  it('are in the log, as enqueued and as asked, and a study that is opened again goes on alike', async () => {
    const storage = memoryStorage();
    const run = async (stops: boolean) => {
      const name = stops ? 'stopped' : 'whole';
      let study = open({ storage, name });
      const again = () => {
        if (stops) study = open({ storage, name });
      };
      await study.enqueue({ x: 0.5 });
      await study.enqueue({ c: 'b', n: 2 });
      for (let i = 0; i < 4; i++) {
        again();
        const { number } = await study.ask();
        again();
        await study.tell(number, { state: 'complete', value: i / 10 });
      }
      return (await study.log()).filter(({ type }) => type !== 'expired');
    };
    const [stopped, whole] = [await run(true), await run(false)];
    const asked = (events: typeof whole) => events.filter((e) => e.type === 'asked');
    expect(asked(stopped).map((e) => e.params)).toEqual(asked(whole).map((e) => e.params));
    expect(whole.filter((e) => e.type === 'enqueued').map((e) => e.params)).toEqual([
      { x: 0.5 },
      { c: 'b', n: 2 },
    ]);
    expect(asked(whole).map(({ queued, given }) => ({ queued, given }))).toEqual([
      { queued: true, given: { x: 0.5 } },
      { queued: true, given: { c: 'b', n: 2 } },
      { queued: undefined, given: undefined },
      { queued: undefined, given: undefined },
    ]);
    expect(replay(whole).queue).toEqual([]);
  });

  it('are refused where a value or a name is wrong, with nothing written', async () => {
    const study = open();
    await expect(study.enqueue({ x: 2 })).rejects.toThrow('x is 2, outside [-1, 1]');
    await expect(study.enqueue({ y: 2 } as never)).rejects.toThrow('y is 2, outside the parameters x,n,c');
    await expect(study.enqueue(3 as never)).rejects.toThrow('an object from parameter to value');
    await expect(study.enqueue({ x: 0.1, n: 2.5 })).rejects.toThrow(OutOfSpaceError);
    const plain = open({ sampler: { ...sampler, supports: ['continuous'] } });
    await expect(plain.enqueue({ x: 0.1 })).rejects.toThrow(UnsupportedError);
    await plain.enqueue({ x: 0.1, n: 2, c: 'a' });
    expect(await study.log()).toHaveLength(1);
  });

  it('bring the parents that make them active', async () => {
    const study = createStudy({ space: nested, sampler: placing, direction: 'minimize', seed: 1 });
    const kinds = new Set<unknown>();
    for (let i = 0; i < 20; i++) {
      await study.enqueue({ momentum: 0.9 });
      const { params } = await study.ask();
      expect(params).toMatchObject({ momentum: 0.9 });
      kinds.add(params.optimizer);
      await study.enqueue({ nesterov: true });
      expect((await study.ask()).params).toMatchObject({
        optimizer: 'sgd',
        momentum_kind: 'heavy',
        nesterov: true,
      });
      expect((await study.ask({ fixed: { momentum_kind: 'light' } })).params).toMatchObject({
        optimizer: 'sgd',
        momentum_kind: 'light',
      });
    }
    expect(kinds).toEqual(new Set(['sgd', 'rprop']));
    await study.enqueue({ optimizer: 'adam' });
    expect((await study.ask()).params).toEqual({ optimizer: 'adam' });
    await expect(study.enqueue({ optimizer: 'adam', nesterov: true })).rejects.toThrow(
      'nesterov is true, outside nothing: it is active only while',
    );
  });

  it('join the fixed values of an ask, and wait where these differ', async () => {
    const study = open();
    await study.enqueue({ x: 0.5 });
    expect((await study.ask({ fixed: { x: 0.1 } })).params.x).toBe(0.1);
    expect((await study.ask({ fixed: { n: 7 } })).params).toMatchObject({ x: 0.5, n: 7 });
  });

  it('are asked to the last bit', async () => {
    const space = searchSpace({ x: uniform(-7, 1e3), s: uniform(0, 1, { step: 0.1 }), y: uniform(0, 1) });
    const study = createStudy({ space, sampler: placing, direction: 'minimize', seed: 1 });
    for (const x of [Math.PI, 1 / 3, 1e-7, 999.9999999999999]) {
      await study.enqueue({ x, s: 0.1 + 0.2 });
      expect((await study.ask()).params).toMatchObject({ x, s: 0.1 + 0.2 });
      expect((await study.ask({ fixed: { x } })).params).toMatchObject({ x });
    }
  });

  it('leave the queue with an error where no trial can have them, and the next ask goes on', async () => {
    const refusing: Sampler = {
      ...placing,
      supports: [...placing.supports!, 'input-constraints'],
      sample: <P extends Params>(request: Parameters<Sampler['sample']>[0]) => {
        if (request.fixed?.['a'] !== undefined) throw new InfeasibleSpaceError(9, 'a is taken');
        return placing.sample<P>(request as never);
      },
    };
    const space = searchSpace({ a: integer(0, 9), b: integer(0, 9) }, { constraints: [() => true] });
    const study = createStudy({ space, sampler: refusing, direction: 'minimize', seed: 1 });
    await study.enqueue({ a: 1 });
    await expect(study.ask()).rejects.toThrow('what was enqueued is {"a":1}');
    expect((await study.log()).at(-1)).toMatchObject({ type: 'dequeued', params: { a: 1 } });
    expect((await study.ask()).number).toBe(0);
  });

  it('are refused at once where a sum cannot be kept', async () => {
    const space = searchSpace(
      { a: uniform(0, 1), b: uniform(0, 1), c: uniform(0, 1) },
      { constraints: [linear({ a: 1, b: 1, c: 1 }, { atMost: 1, atLeast: 1 })] },
    );
    const study = createStudy({
      space,
      sampler: { ...placing, supports: [...placing.supports!, 'input-constraints'] },
      direction: 'minimize',
    });
    await study.enqueue({ a: 0.5 });
    await expect(study.enqueue({ a: 0.9, b: 0.2 })).rejects.toThrow(
      'the constraints of the space: 1·a + 1·b + 1·c is between 1.1 and 2.1',
    );
    await expect(study.enqueue({ a: 0.2, b: 0.2, c: 0.2 })).rejects.toThrow('the constraints of the space');
  });
});

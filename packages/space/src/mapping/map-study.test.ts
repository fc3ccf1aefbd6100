import { type Rng, seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import {
  categorical,
  integer,
  logInteger,
  logUniform,
  ordinal,
  type Parameter,
  uniform,
} from '../parameter.ts';
import { type ParameterSpace, searchSpace } from '../search-space.ts';
import { mapStudyToSpace } from './map-study.ts';

const space = searchSpace({
  rate: logUniform(1e-4, 1e-1),
  layers: integer(1, 5),
  act: categorical('relu', 'gelu'),
});

describe('mapStudyToSpace', () => {
  it('matches parameters by name and turns the sign of minimized values', () => {
    const { task: source, warnings: unused } = mapStudyToSpace(space, {
      name: 'earlier',
      direction: 'minimize',
      trials: [{ params: { rate: 1e-2, layers: 3, act: 'gelu' }, value: 0.25 }],
    });
    expect([...source.data.x.data]).toEqual([...space.encode({ rate: 1e-2, layers: 3, act: 'gelu' })]);
    expect([...source.data.y]).toEqual([-0.25]);
    expect(unused).toEqual([]);
  });

  it('F5: counts penalties as failures and says so', () => {
    const past = (outcome: (k: number) => object) => ({
      name: 'earlier',
      direction: 'minimize' as const,
      trials: Array.from({ length: 8 }, (_, k) => ({
        params: { rate: 10 ** (-4 + 0.4 * k), layers: 1 + (k % 5), act: k % 2 ? 'relu' : 'gelu' },
        ...outcome(k),
      })) as never,
    });
    const told = mapStudyToSpace(
      space,
      past((k) => ({ value: k > 5 ? 1e300 : 0.1 * k })),
    );
    const failed = mapStudyToSpace(
      space,
      past((k) => (k > 5 ? { state: 'failed', reason: 'no' } : { value: 0.1 * k })),
    );
    expect(told.task.data).toEqual(failed.task.data);
    expect(told.warnings).toEqual(['values far above 0.5 count as failures (2 of 8)']);
  });

  it('maps numbers between steps, knows null by its names, and leaves out what a constant does not have', () => {
    const stepped = searchSpace({
      x: uniform(0, 1, { step: 0.1 }),
      n: integer(16, 64, { step: 16 }),
      act: categorical('relu', null),
      k: uniform(2, 2),
    });
    const { task: source, warnings: unused } = mapStudyToSpace(stepped, {
      name: 'earlier',
      direction: 'maximize',
      trials: [
        { params: { x: 0.1 + 0.2, n: 32, act: null, k: 2 }, value: 1 },
        { params: { x: 0.35, n: 40, act: 'None', k: 2 }, value: 2 },
        { params: { x: -0.1, n: 80, act: 'null', k: 2 }, value: 3 },
        { params: { x: 0.3, n: 32, act: 'relu', k: 5 }, value: 4 },
        { params: { act: 'relu' }, value: 5 },
      ],
    });
    expect([...source.data.y]).toEqual([1, 2, 3, 5]);
    const rows = [0, 1, 2, 3].map((i) => [...source.data.x.data.slice(4 * i, 4 * i + 4)]);
    const close = (...row: number[]) => row.map((u) => expect.closeTo(u, 12));
    expect(rows[0]).toEqual(close(3.5 / 11, 1.5 / 4, 0.75, 0.5));
    expect(rows[1]).toEqual(close(4 / 11, 2 / 4, 0.75, 0.5));
    expect(rows[2]).toEqual(close(-0.5 / 11, 4.5 / 4, 0.75, 0.5));
    expect(rows[3]).toEqual(close(5.5 / 11, 1.5 / 4, 0.25, 0.5));
    expect(unused).toContain('k: far outside the new range, left out (1 of 5)');
  });

  it('keeps what lies outside, fills what is missing and lists, with counts, what it could not use', () => {
    const { task: source, warnings: unused } = mapStudyToSpace(space, {
      name: 'other',
      direction: 'maximize',
      trials: [
        { params: { rate: 0.15, act: 'tanh', momentum: 0.9 }, value: 1 },
        { params: { rate: 0, layers: 2.5, act: 'tanh' }, value: 2 },
        { params: { rate: 3, act: 'tanh', momentum: 0.9 }, value: 1 },
        { params: { rate: 3, layers: 9 }, value: 1 },
        { params: { rate: 'low', layers: '4', act: 'relu' }, value: Number.NaN },
        { number: 1, params: {}, reports: [], state: 'running' },
        { number: 2, params: {}, reports: [], state: 'pruned' },
      ],
    });
    const { x, y } = source.data;
    expect(y.length).toBe(3);
    const at = (i: number, j: number) => x.data[3 * i + j]!;
    expect([at(0, 0), at(0, 1)]).toEqual([Math.log10(1500) / 3, 0.5].map((u) => expect.closeTo(u, 12)));
    expect([at(1, 0), at(1, 1)]).toEqual([-0.1, (1.5 + 0.5) / 5].map((u) => expect.closeTo(u, 12)));
    expect([at(2, 0), at(2, 1)]).toEqual([0.5, 0.7].map((u) => expect.closeTo(u, 12)));
    expect(at(0, 2)).toBeGreaterThan(1);
    expect(at(1, 2)).toBe(at(0, 2));
    expect(y[2]).toBeCloseTo(1 - 0.1, 12);
    expect(unused).toEqual([
      'momentum: not in the new space (1 of 7)',
      'layers: missing, takes 3 (1 of 7)',
      'act: "tanh" is no choice, counts as one of its own (2 of 7)',
      'rate: not above 0 on a logarithmic scale, counts as just below the range (1 of 7)',
      'rate: far outside the new range, left out (2 of 7)',
      'rate: "low" is no number, takes the default (1 of 7)',
      'values that are not finite count as failures (1 of 7)',
      'running trials are left out (1 of 7)',
      'pruned trials are left out (1 of 7)',
    ]);
  });

  it('drops no trial for a parameter that is not active, or that only now is', () => {
    const conditional = searchSpace({
      momentum: uniform(0, 1).when('optimizer', 'sgd'),
      optimizer: categorical('adam', 'sgd'),
    });
    const { task: source, warnings: unused } = mapStudyToSpace(conditional, {
      name: 'flat',
      direction: 'maximize',
      trials: [
        { params: { optimizer: 'adam', momentum: 0.9 }, value: 1 },
        { params: { optimizer: 'sgd', momentum: 0.9 }, value: 2 },
        { params: { optimizer: 'sgd' }, value: 3 },
      ],
    });
    expect([...source.data.x.data]).toEqual([0.5, 0.25, 0.9, 0.75, 0.5, 0.75]);
    expect(unused).toEqual([
      'momentum: not active where it is given (1 of 3)',
      'momentum: missing, takes 0.5 (1 of 3)',
    ]);
  });

  it('maps ordered choices between and beyond those there are, and texts that are numbers', () => {
    const ordered = searchSpace({ batch: ordinal(64, 32, 16), size: ordinal('s', 'm', 'l') });
    const { task: source, warnings: unused } = mapStudyToSpace(ordered, {
      name: 'o',
      direction: 'maximize',
      trials: [48, 80, '16', 12, 1e9].map((batch) => ({ params: { batch, size: 'xl' }, value: 1 })),
    });
    const u = Array.from({ length: 4 }, (_, i) => source.data.x.data[2 * i]!);
    expect(u).toEqual([1 / 3, 0, 5 / 6, 2.75 / 3].map((v) => expect.closeTo(v, 12)));
    expect(unused).toEqual([
      'size: "xl" is no choice, takes the default (4 of 5)',
      'batch: far outside the new range, left out (1 of 5)',
    ]);
  });

  it('takes what it can of a space that does not describe itself', () => {
    const { description: _, ...undescribed } = space;
    const { task: source, warnings: unused } = mapStudyToSpace(undescribed, {
      name: 'earlier',
      direction: 'maximize',
      trials: [
        { params: { rate: 1e-2, layers: 3, act: 'gelu', extra: 1 }, value: 1 },
        { params: { rate: 7, layers: 3, act: 'gelu' }, value: 1 },
      ],
    });
    expect(source.data.y.length).toBe(1);
    expect(unused).toEqual([
      'extra: not in the new space (1 of 2)',
      'trials that the new space does not take are left out (1 of 2)',
    ]);
  });
});

describe('mapStudyToSpace between random pairs of spaces', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const words = ['relu', 'gelu', 'tanh', 'silu', '8', '16'];
  /** A parameter of any kind; the first of a space is categorical, and others may depend on it. */
  const parameter = (rng: Rng, first: boolean) => {
    const kind = first ? 5 : Math.floor(rng.next() * 6);
    const low = 1 + Math.floor(rng.next() * 20);
    const high = low + 1 + Math.floor(rng.next() * 200);
    const some = words.filter(() => rng.next() < 0.6);
    if (kind === 0) return uniform(low - 10, high);
    if (kind === 1) return logUniform(low / 100, high);
    if (kind === 2) return integer(low - 5, high);
    if (kind === 3) return logInteger(low, high);
    if (kind === 4) return ordinal(low, low + 3, high + 5);
    return categorical(...(some.length > 0 ? some : ['relu']));
  };
  const randomSpace = (rng: Rng) => {
    const chosen = ['z', ...names.filter(() => rng.next() < 0.7)];
    const parts: Record<string, Parameter> = {};
    for (const name of chosen) {
      const made = parameter(rng, name === 'z');
      const { choices } = (parts.z?.description as { choices: string[] } | undefined) ?? { choices: [] };
      parts[name] = (name !== 'z' && rng.next() < 0.3 ? made.when('z', choices[0]!) : made) as Parameter;
    }
    return searchSpace(parts as never) as ParameterSpace;
  };
  const draws = (from: ParameterSpace, rng: Rng, n: number) =>
    Array.from({ length: n }, () => ({
      params: from.decode(Float64Array.from(from.columns, () => rng.next())),
      value: rng.next(),
    }));

  it.each(Array.from({ length: 60 }, (_, k) => k))(
    'loses no trial that it does not list, and counts exactly (pair %i)',
    (k) => {
      const rng = seeded(`pair ${k}`);
      const [old, fresh] = [randomSpace(rng), randomSpace(rng)];
      const trials = draws(old, rng, 12);
      const { task: source, warnings: unused } = mapStudyToSpace(fresh, {
        name: 'old',
        direction: 'maximize',
        trials,
      });
      const { x, y } = source.data;
      const left = unused.reduce((sum, text) => sum + Number(/left out \((\d+) of/.exec(text)?.[1] ?? 0), 0);
      const values = trials.map(({ value }) => value);
      expect(y).toHaveLength(12 - left);
      expect(values.filter((v) => y.includes(v))).toEqual([...y]);
      const used = trials.filter(({ value }) => y.includes(value));
      const d = fresh.columns.length;
      x.data.forEach((u, i) => {
        const { kind } = fresh.columns[i % d]!;
        expect(u).toBeGreaterThanOrEqual(kind === 'ordinal' ? -0.5 : -0.1 - 1e-12);
        expect(u).toBeLessThanOrEqual(kind === 'categorical' ? 2 : kind === 'ordinal' ? 1.5 : 1.1 + 1e-12);
      });
      expect(unused.length).toBeLessThanOrEqual(21);
      for (const text of unused.slice(0, 20)) {
        const [, times, total] = /\((\d+) of (\d+)\)$/.exec(text)!;
        expect(Number(times)).toBeGreaterThan(0);
        expect(Number(times)).toBeLessThanOrEqual(12);
        expect(total).toBe('12');
      }
      const foreign = Object.keys(old.description!).filter((name) => !(name in fresh.description!));
      for (const name of foreign) {
        const given = used.filter(({ params }) => name in params).length;
        const line = unused.find((text) => text.startsWith(`${name}: not in`));
        expect(line).toBe(given > 0 ? `${name}: not in the new space (${given} of 12)` : undefined);
      }
      // A category has one coordinate in all sources, and two have different ones.
      const at = new Map<unknown, number>();
      used.forEach(({ params }, i) => {
        const known = at.get(params.z);
        if (known !== undefined) expect(x.data[i * d]).toBe(known);
        at.set(params.z, x.data[i * d]!);
      });
      expect(new Set(at.values()).size).toBe(at.size);
    },
  );

  it.each(Array.from({ length: 20 }, (_, k) => k))(
    'is the encoding where nothing differs (space %i)',
    (k) => {
      const rng = seeded(`same ${k}`);
      const same = randomSpace(rng);
      const trials = draws(same, rng, 8);
      const { task: source, warnings: unused } = mapStudyToSpace(same, {
        name: 'same',
        direction: 'maximize',
        trials,
      });
      expect(unused).toEqual([]);
      expect([...source.data.x.data]).toEqual(trials.flatMap(({ params }) => [...same.encode(params)]));
    },
  );
});

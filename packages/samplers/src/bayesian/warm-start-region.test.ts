import { type Column, type Dataset, matrixOf, type SampleRequest, seeded } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { warmStartRegion } from './warm-start-region.ts';

const columns: readonly Column[] = [
  { kind: 'continuous', name: 'x' },
  { kind: 'categorical', name: 'c', levels: 2 },
];
const source: Dataset = {
  x: matrixOf([
    [0.3, 0.25],
    [0.4, 0.25],
    [0.5, 0.25],
    [0.45, 0.25],
    [0.95, 0.75],
    [0.05, 0.75],
  ]),
  y: Float64Array.of(9, 10, 8, 9, 1, 0),
};
const request: SampleRequest = {
  space: searchSpace({ x: uniform(0, 1) }) as unknown as SampleRequest['space'],
  direction: 'maximize',
  trials: [],
  count: 1,
  rng: seeded(0),
};
const rows = (n: number): Dataset => ({
  x: matrixOf(
    Array.from({ length: n }, () => [0.4, 0.25]),
    2,
  ),
  y: new Float64Array(n),
});

describe('warmStartRegion', () => {
  it('spans the best rows and a margin, and leaves categories open', () => {
    const region = warmStartRegion([source], columns)(request, rows(1)).region!;
    expect([...region.lower]).toEqual([expect.closeTo(0.2, 12), 0]);
    expect([...region.upper]).toEqual([expect.closeTo(0.6, 12), 1]);
  });
  it('goes a margin beyond the best row of the study itself, so that a search at its edge goes on', () => {
    const own: Dataset = {
      x: matrixOf([
        [0.6, 0.25],
        [0.3, 0.25],
      ]),
      y: Float64Array.of(2, 1),
    };
    const region = warmStartRegion([source], columns)(request, own).region!;
    expect([...region.lower]).toEqual([expect.closeTo(0.2, 12), 0]);
    expect([...region.upper]).toEqual([expect.closeTo(0.7, 12), 1]);
  });
  it('leaves columns with levels open', () => {
    const ordered: readonly Column[] = [columns[0]!, { kind: 'ordinal', name: 'n', levels: 2 }];
    const region = warmStartRegion([source], ordered)(request, rows(1)).region!;
    expect([region.lower[1], region.upper[1]]).toEqual([0, 1]);
  });
  it('spans the best of every source, within the unit cube', () => {
    const other = { ...source, y: source.y.map((v) => -v) };
    const region = warmStartRegion([source, other], columns, { share: 0.1 })(request, rows(0)).region!;
    expect([...region.lower]).toEqual([0, 0]);
    expect([...region.upper]).toEqual([1, 1]);
  });
  it('opens the whole space where the sources had little weight in the last model', () => {
    const searchRegion = warmStartRegion([source], columns);
    const region = (gates: readonly (number | undefined)[]) =>
      searchRegion(
        {
          ...request,
          trials: gates.map((gate, number) => ({
            number,
            params: { x: 0.5 },
            reports: [],
            state: 'complete',
            value: 0,
            ...(gate !== undefined && {
              samplerState: { model: { transfer: { turn: 'sources', gate } } },
            }),
          })),
        },
        rows(gates.length),
      ).region;
    expect(region([undefined, 0.9])).toBeDefined();
    expect(region([undefined, 0.9, 0.4])).toBeUndefined();
    expect(region([undefined, 0.4, undefined])).toBeUndefined();
    expect(region([0.4, 0.6])).toBeDefined();
  });
  it('opens the whole space from six rows on, and where there are no sources', () => {
    expect(warmStartRegion([source], columns)(request, rows(5)).region).toBeDefined();
    expect(warmStartRegion([source], columns)(request, rows(6)).region).toBeUndefined();
    expect([...warmStartRegion([], columns)(request, rows(0)).region!.upper]).toEqual([1, 1]);
    expect([...warmStartRegion([], columns)(request, rows(0)).region!.lower]).toEqual([0, 0]);
  });
  it('refuses shares and margins that are none', () => {
    expect(() => warmStartRegion([source], columns, { share: 0 })).toThrow('share is 0');
    expect(() => warmStartRegion([source], columns, { margin: -1 })).toThrow('margin is -1');
  });
});

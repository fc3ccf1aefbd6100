import { describe, expect, it } from 'vitest';
import { resourcesOf, resourcesText, slotsOf } from './resources.ts';

describe('resources', () => {
  it('are read from a text and written as one', () => {
    expect(resourcesOf('--resources', 'gpu:4, license:2')).toEqual({ gpu: 4, license: 2 });
    expect(resourcesText({ gpu: 4, license: 2 })).toBe('gpu:4,license:2');
  });

  it.each(['gpu', 'gpu:', 'gpu:0', 'gpu:-1', 'gpu:1.5', ':1', '', 'gpu:1,gpu:2', 'g pu:1', '1:1'])(
    'are not %j',
    (text) => {
      expect(() => resourcesOf('--resources', text)).toThrow('names with whole numbers from 1');
    },
  );

  it('make as many slots as every one of them allows', () => {
    const slots = (perTrial: Record<string, number>, available: Record<string, number>, concurrency = 9) =>
      slotsOf({ perTrial, available, concurrency }).count;
    expect(slots({}, {})).toBe(9);
    expect(slots({ gpu: 2 }, { gpu: 5 })).toBe(2);
    expect(slots({ gpu: 1, license: 1 }, { gpu: 4, license: 3 })).toBe(3);
    expect(slots({ gpu: 1 }, { gpu: 4 }, 2)).toBe(2);
    expect(() => slots({ gpu: 2 }, { gpu: 1 })).toThrow('at least gpu:2');
    expect(() => slots({ license: 1 }, {})).toThrow('at least license:1');
    expect(() => slots({ constructor: 1 }, {})).toThrow('at least constructor:1');
  });

  it('give each slot GPUs that no other has', () => {
    const named = slotsOf({
      perTrial: { gpu: 2 },
      available: {},
      concurrency: 9,
      devices: 'GPU-a, GPU-b,2, 3,7',
    });
    expect([named.count, named.env(0), named.env(1)]).toEqual([
      2,
      { CUDA_VISIBLE_DEVICES: 'GPU-a,GPU-b' },
      { CUDA_VISIBLE_DEVICES: '2,3' },
    ]);
    const counted = slotsOf({ perTrial: { gpu: 1 }, available: { gpu: 2 }, concurrency: 9 });
    expect([counted.env(0), counted.env(1)]).toEqual([
      { CUDA_VISIBLE_DEVICES: '0' },
      { CUDA_VISIBLE_DEVICES: '1' },
    ]);
    expect(slotsOf({ perTrial: { license: 1 }, available: { license: 1 }, concurrency: 1 }).env(0)).toEqual(
      {},
    );
    const beyond = { perTrial: { gpu: 1 }, available: { gpu: 3 }, concurrency: 9, devices: '0,1' };
    expect(() => slotsOf(beyond)).toThrow('at most the 2 GPUs of CUDA_VISIBLE_DEVICES, 0,1');
  });
});

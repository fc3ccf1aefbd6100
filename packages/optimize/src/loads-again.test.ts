import { cpu } from '@foothold/linalg';
import { integer, searchSpace, uniform } from '@foothold/space';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createStudy } from './create-study.ts';

const fidelity = { name: 'epochs', max: 9 };
const kinds = [
  ['a study', './default-sampler.ts', { space: searchSpace({ x: uniform(0, 1) }) }],
  [
    'a study with a fidelity',
    './learning-curves/default-curve-sampler.ts',
    { space: searchSpace({ x: uniform(0, 1), epochs: integer(1, 9) }), fidelity },
  ],
] as const;

describe.each(kinds)('%s with the default sampler', (_, path, options) => {
  afterEach(() => vi.doUnmock(path));
  it('goes on where its code could not be loaded at first', async () => {
    vi.doMock(path, () => {
      throw new TypeError('offline');
    });
    const study = createStudy({ ...(options as (typeof kinds)[0][2]), direction: 'minimize', seed: 1 });
    await expect(study.ask()).rejects.toThrow();
    vi.doUnmock(path);
    expect((await study.ask()).number).toBe(0);
  });
  it('goes on where its backend could not be opened at first', async () => {
    let calls = 0;
    const linalg = async () => {
      if (++calls === 1) throw new TypeError('offline');
      return cpu;
    };
    const study = createStudy({
      ...{ ...(options as (typeof kinds)[0][2]), direction: 'minimize', seed: 1, linalg },
    });
    await expect(study.ask()).rejects.toThrow('offline');
    expect((await study.ask()).number).toBe(0);
    expect(calls).toBe(2);
  });
});

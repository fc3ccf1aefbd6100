import { minimize } from '@foothold/optimize';
import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { smallToLargeReport } from './small-to-large-report.ts';
import { studyReport } from './study-report.ts';

const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
const bowl =
  (shift: number) =>
  ({ x, y }: { x: number; y: number }) =>
    (x - 0.3 - shift) ** 2 + (y - 0.6) ** 2;

describe('the report of a study', () => {
  it('with earlier studies shows what these contributed to each suggestion, and what was not used', async () => {
    const earlier = await minimize(bowl(0.02), space, { trials: 8, seed: 1 });
    const { trials } = await minimize(bowl(0), space, {
      trials: 5,
      seed: 2,
      transfer: [
        { name: 'last month', trials: earlier.trials },
        { name: 'odd', trials: [{ params: { x: 0.3, width: 4 }, value: 0.1 }] },
      ],
    });
    const described = { name: 'new', direction: 'minimize', space: space.description } as const;
    const page = await studyReport({ ...described, trials });
    expect(page).toContain('What earlier studies contributed');
    expect(page).toContain('Earlier studies: last month');
    expect(page).toContain('trial 0: earlier studies only, 100 %');
    expect(page).toMatch(/trial 1: with earlier studies, [\d.]+ %/);
    expect(page).toContain('weight of each source');
    expect(page).toMatch(/<td title="odd">odd<\/td><td title="[^"]*width/);
    const stage = { trials, x: [], y: [], best: undefined };
    const result = { small: { ...stage, trials: earlier.trials }, large: stage, best: earlier.best };
    const both = await smallToLargeReport(
      { ...result, params: earlier.params, value: earlier.value },
      described,
    );
    expect(both).toContain('What earlier studies contributed');
  });
  it('without any has no such section, and is written before anything has completed', async () => {
    const { trials } = await minimize(bowl(0), space, { trials: 3 });
    expect(await studyReport({ name: 'n', direction: 'minimize', trials })).not.toContain('sources');
    const none = await studyReport({ name: 'n', direction: 'minimize', trials: [] });
    expect(none).toContain('No trial completed');
  });
});

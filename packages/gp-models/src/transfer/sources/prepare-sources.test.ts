import { matrix } from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { expect, it } from 'vitest';
import { cachedSources } from './prepare-sources.ts';
import type { PriorTask } from './prior-task.ts';

it('is prepared once for the same sources and options, and anew for others', async () => {
  const x = matrix(5, 1, Float64Array.of(0.1, 0.3, 0.5, 0.7, 0.9));
  const sources: PriorTask[] = [{ name: 'a', data: { x, y: x.data.map((u) => -((u - 0.4) ** 2)) } }];
  const columns = [{ kind: 'continuous', name: 'u' }] as const;
  const first = cachedSources(sources, { columns, linalg: cpu });
  expect(cachedSources(sources, { columns, linalg: cpu })).toBe(first);
  expect(cachedSources([...sources], { columns, linalg: cpu })).not.toBe(first);
  expect(cachedSources(sources, { columns: [...columns], linalg: cpu })).not.toBe(first);
  expect((await first)?.names).toEqual(['a']);
});

import { afterEach, expect, it, vi } from 'vitest';
import { pageKey } from '../page-key.ts';

afterEach(() => vi.unstubAllEnvs());

it('is another page for each NODE_ENV, and that of production without one', () => {
  const of = (env: string | undefined) => {
    vi.stubEnv('NODE_ENV', env);
    return pageKey();
  };
  const production = of('production');
  expect(production.mode).toBe('production');
  expect(of(undefined)).toEqual(production);
  expect(of('')).toEqual(production);
  expect(of('test')).toEqual({ ...production, mode: 'test' });
  expect(of('a/b').mode).not.toContain('/');
});

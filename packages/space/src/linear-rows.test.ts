import { expect, it } from 'vitest';
import { domainOf } from './domain.ts';
import { thinSystem } from './linear-rows.ts';

it('takes an equality over 200,000 parameters', { timeout: 60_000 }, () => {
  const names = Array.from({ length: 200_000 }, (_, j) => `p${j}`);
  const domains = names.map((name) => domainOf(name, { type: 'real', low: 0, high: 1 }));
  const terms = Object.fromEntries(names.map((name, j) => [name, j + 1]));
  const system = thinSystem(domains, [{ type: 'linear', terms, atLeast: 1e5, atMost: 1e5 }]);
  expect(system!.rows).toHaveLength(1);
  expect(system!.rows[0]!.scale).toBe(2e5);
});

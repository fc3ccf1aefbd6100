import { expect, it } from 'vitest';
import { extreme } from './adviser-fakes.ts';
import { peerTasks } from './regret-tasks.ts';

it.each(peerTasks)('the informed adviser of $name knows the optimum, not a local one', (task) => {
  const { space, f, minimum } = task;
  const known = f(space.decode(extreme(task, 1)));
  const worst = f(space.decode(extreme(task, -1)));
  // Of rounded published minima.
  expect(known).toBeGreaterThan(minimum - 1e-4);
  expect(known - minimum).toBeLessThan(1e-4 * (worst - minimum));
});

import { matrixOf, rowOf, seeded } from '@foothold/core';
import { expect, it } from 'vitest';
import { outlierTasks } from './outlier-tasks.ts';

it.each(outlierTasks.map((task) => [task.name, task] as const))(
  '%s: penalties on 5 to 70 %% of the space, worse than every value there, and values above the minimum',
  (_, { space, f, minimum, penalty }) => {
    const rng = seeded('outlier tasks');
    const d = space.columns.length;
    const points = matrixOf(
      Array.from({ length: 1000 }, () => Float64Array.from({ length: d }, () => rng.next())),
    );
    let penalized = 0;
    for (let i = 0; i < points.rows; i++) {
      const params = space.decode(rowOf(points, i));
      const value = f(params);
      const told = penalty(params, { value, rng });
      if (told !== undefined) penalized++;
      expect(told ?? Infinity).toBeGreaterThan(value);
      expect(value).toBeGreaterThanOrEqual(minimum - 1e-9);
    }
    expect(penalized / points.rows).toBeGreaterThan(0.05);
    expect(penalized / points.rows).toBeLessThan(0.7);
  },
);
